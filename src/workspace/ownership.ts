import {readFileSync, realpathSync, type Stats, statSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {StoreError} from '../errors.ts';

/** A workspace that somebody else could have filled: opening it might run what they chose. */
export class UntrustedWorkspaceError extends StoreError {}

/** The parts of a workspace that decide what runs. */
const decisive = ['raid.db', 'config.json', 'agents', 'bin'];

const writableByOthers = 0o022;
const openToOthers = 0o077;

/**
 * Throws an UntrustedWorkspaceError unless the workspace at `home` belongs to this user and nobody else can write it, or
 * the user trusts it by name. As with git's `safe.directory`, root does not trust the workspaces of other users either.
 */
export function requireTrusted(home: string, env: NodeJS.ProcessEnv): void {
	// Where the system has no user ids, nothing can be said.
	const user = process.geteuid?.();
	const fault = user === undefined ? null : faultOf(home, user);
	if (user === undefined || fault === null || isTrustedByName(home, user, env)) return;
	throw new UntrustedWorkspaceError(
		`${fault}. Its contents decide what runs as you, so nothing was opened.`,
		`If you trust it: mkdir -p ${quote(configFolder(env))} && echo ${quote(home)} >> ${quote(trustFile(env))}`,
	);
}

function faultOf(home: string, user: number): string | null {
	const folder = statSync(home);
	const fault = faultOfPart(home, folder, user, writableByOthers);
	if (fault !== null) return fault;
	// Nobody else reaches what lies in a closed folder, whatever its own mode is.
	const forbidden = (folder.mode & openToOthers) === 0 ? 0 : writableByOthers;
	for (const name of decisive) {
		const path = join(home, name);
		const part = statSync(path, {throwIfNoEntry: false});
		const partFault = part === undefined ? null : faultOfPart(path, part, user, forbidden);
		if (partFault !== null) return partFault;
	}
	return null;
}

function faultOfPart(path: string, {uid, mode}: Stats, user: number, forbidden: number): string | null {
	if (uid !== user) return `${path} belongs to another user (uid ${uid}, not ${user})`;
	return (mode & forbidden) === 0 ? null : `Others can write ${path} (chmod go-w takes that away)`;
}

/** True when the user's own list of trusted workspaces names this one. */
function isTrustedByName(home: string, user: number, env: NodeJS.ProcessEnv): boolean {
	const file = trustFile(env);
	// Under sudo the list may be that of the user who is not trusted.
	if (statSync(file, {throwIfNoEntry: false})?.uid !== user) return false;
	const lines = readFileSync(file, 'utf8').split('\n');
	return lines.some(line => line.trim() !== '' && resolved(line.trim()) === home);
}

function resolved(path: string): string | null {
	try {
		return realpathSync(path);
	} catch {
		return null;
	}
}

function trustFile(env: NodeJS.ProcessEnv): string {
	return join(configFolder(env), 'trusted');
}

function configFolder(env: NodeJS.ProcessEnv): string {
	return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'raid');
}

function quote(path: string): string {
	return /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
