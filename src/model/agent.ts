import type {Instant} from './time.ts';

/** The system identity: it tells how spawns ended, and triggers nothing. */
export const systemIdentity = 'raid';

/** The operator's identity, unless `--as` says otherwise. */
export const operatorIdentity = 'human';

/** An identity that can be mentioned. A human is an identity with no model. */
export interface Agent {
	readonly identity: string;
	/** Null for a human. */
	readonly model: string | null;
	/** Name of the provider, null for a human. */
	readonly provider: string | null;
	readonly role: string | null;
	/** File of the standing instructions, relative to the workspace's home. */
	readonly constitution: string | null;
	/** Program and arguments of an agent that runs any executable; null when a provider knows the command line. */
	readonly command: readonly string[] | null;
	readonly spawns: number;
	readonly failures: number;
	readonly createdAt: Instant;
	readonly archivedAt: Instant | null;
}

/** True for an identity that a mention calls. */
export function isHuman(agent: Agent | null): boolean {
	return (
		agent !== null && agent.model === null && agent.archivedAt === null && agent.identity !== systemIdentity
	);
}

/** True for an identity that a mention launches. */
export function isAgent(agent: Agent): boolean {
	return agent.model !== null && agent.archivedAt === null;
}

const identityPattern = /^[a-z0-9]+(?:[_-][a-z0-9]+)*$/;
const longestIdentity = 32;

/** True for a name that can be mentioned and is safe as a file name: small letters, digits, inner - and _. */
export function isIdentity(text: string): boolean {
	return text.length <= longestIdentity && identityPattern.test(text);
}

/** What every name of an agent or a channel must be like, for an error message. */
export const identityRule = `small letters, digits, inner "-" and "_", at most ${longestIdentity}`;
