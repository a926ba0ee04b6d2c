import {renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Action, Results} from '../model/action.ts';
import {findAgent, registerAgent} from '../store/agents.ts';
import {writing} from '../store/open.ts';
import {writeConstitution} from '../workspace/create.ts';
import type {Workspace} from '../workspace/open.ts';
import {registrationOf} from './registration.ts';

/** Adds an agent, or changes what is recorded of it. Throws a UsageError when the changes contradict each other. */
export function register(
	{store, home, newId, now}: Workspace,
	{identity, changes}: Action & {type: 'register'},
): Results['register'] {
	return writing(store, () => {
		const known = findAgent(store, identity);
		const registration = registrationOf(identity, changes, known);
		const constitution = placeConstitution(home, identity, changes.constitution);
		registerAgent(store, {...registration, constitution}, newId(), now());
		const agent = findAgent(store, identity);
		if (agent === null) throw new Error(`${identity} is gone from the store.`);
		return {agent, isNew: known === null};
	});
}

/** Writes the standing instructions of an agent, or an empty file to edit; their path relative to the home. */
function placeConstitution(home: string, identity: string, text: string | undefined): string {
	const path = writeConstitution(home, identity, '');
	if (text === undefined) return path;
	// Renamed into place, so that a spawn never reads half of it.
	const fresh = join(home, `${path}.${process.pid}`);
	writeFileSync(fresh, text, {mode: 0o600});
	renameSync(fresh, join(home, path));
	return path;
}
