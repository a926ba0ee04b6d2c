import type {HoldScope} from '../model/action.ts';
import type {Command} from './command.ts';
import {misuse} from './usage.ts';

/** The scope that a channel or an agent names; all when neither is given. Throws a UsageError for both. */
export function readScope(
	command: Command,
	channel: string | undefined,
	agent: string | undefined,
): HoldScope {
	if (channel !== undefined && agent !== undefined)
		throw misuse(command, 'Name a channel or an agent, not both.');
	if (agent !== undefined) return {type: 'agent', agent};
	return channel === undefined ? {type: 'all'} : {type: 'channel', channel};
}
