import type {Action, Results} from '../model/action.ts';
import {findAgent, registerAgent} from '../store/agents.ts';
import {writing} from '../store/open.ts';
import type {Workspace} from '../workspace/open.ts';

/** Adds an agent, or changes what is recorded of it. */
export function register(
	{store, newId, now}: Workspace,
	{agent}: Action & {type: 'register'},
): Results['register'] {
	return writing(store, () => {
		const isNew = findAgent(store, agent.identity) === null;
		registerAgent(store, agent, newId(), now());
		const registered = findAgent(store, agent.identity);
		if (registered === null) throw new Error(`${agent.identity} is gone from the store.`);
		return {agent: registered, isNew};
	});
}
