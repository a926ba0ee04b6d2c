import {chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs';
import {basename, join, relative} from 'node:path';
import {StoreError, UsageError} from '../errors.ts';
import {readText, replaceText} from '../files/text.ts';
import type {Registration} from '../model/action.ts';
import {defaultLaunch, operatorIdentity, systemIdentity} from '../model/agent.ts';
import type {Instant} from '../model/time.ts';
import {machineId} from '../process/machine.ts';
import {listAgents, registerAgent} from '../store/agents.ts';
import {createChannel} from '../store/channels.ts';
import {openStore, type Store, writing} from '../store/open.ts';
import {defaultConfigText} from './config.ts';
import {homeName, isHome} from './locate.ts';
import {requireNoOldRaid} from './old-raid.ts';
import type {PartyMember} from './party.ts';
import {databasePath, shimFolder} from './paths.ts';
import {makeStopFile} from './stop-file.ts';

/** The parts of a new workspace. */
export interface NewWorkspace {
	readonly home: string;
	readonly party: readonly PartyMember[];
	/** The first channel. */
	readonly channel: string;
	readonly configText?: string;
	/** Node and `dist/cli.js` that the shim runs. */
	readonly runtime: string;
	readonly cliPath: string;
	readonly newId: () => string;
	readonly at: Instant;
}

/** Makes a workspace, and opens its store. Files of an earlier one that are there already stay as they are. */
export function createWorkspace(parts: NewWorkspace): Store {
	const {home, configText = defaultConfigText} = parts;
	requireOwnFolder(home);
	makeFolders(home);
	writeIfMissing(join(home, '.gitignore'), '*\n');
	writeIfMissing(join(home, 'config.json'), configText);
	makeStopFile(home);
	writeShim(home, parts.runtime, parts.cliPath);
	const store = openStore(databasePath(home), {
		machine: machineId(),
		isNew: true,
		beforeMigration: old => requireNoOldRaid(old, home),
	});
	writing(store, () => {
		if (listAgents(store).length === 0) registerAll(store, parts);
	});
	return store;
}

// A project's own folder must not be taken for one of ours: its mode would change, and our files would lie among its own.
function requireOwnFolder(home: string): void {
	const isOwn = basename(home) === homeName || isHome(home) || !existsSync(home);
	if (isOwn || readdirSync(home).length === 0) return;
	throw new UsageError(
		`${home} is not empty, and not a workspace.`,
		`Name a new folder: ${join(home, homeName)}`,
	);
}

function makeFolders(home: string): void {
	try {
		for (const folder of [home, join(home, 'agents'), join(home, 'logs'), shimFolder(home)]) {
			mkdirSync(folder, {recursive: true, mode: 0o700});
		}
		chmodSync(home, 0o700);
	} catch (error) {
		throw new StoreError(`${home} cannot be created (${(error as Error).message}).`);
	}
}

function registerAll(store: Store, {home, party, channel, newId, at}: NewWorkspace): void {
	const nobody = {model: null, provider: null, constitution: null, launch: null};
	const people: Registration[] = [
		{...nobody, identity: operatorIdentity, role: 'healer: the operator'},
		{...nobody, identity: systemIdentity, role: 'system'},
	];
	const agents = party.map(member => ({
		...member,
		constitution: writeConstitution(home, member.identity, member.constitution),
		launch: defaultLaunch,
	}));
	for (const agent of [...people, ...agents]) registerAgent(store, agent, newId(), at);
	createChannel(store, channel, null, newId(), at);
}

/** Writes an agent's standing instructions, unless it has some; their path relative to the home. */
export function writeConstitution(home: string, identity: string, text: string): string {
	const path = join(home, 'agents', `${identity}.md`);
	writeIfMissing(path, `${text.trim()}\n`);
	return relative(home, path);
}

/** Writes `bin/raid`, which runs this very install on this very Node, for the agents' PATH. */
export function writeShim(home: string, runtime: string, cliPath: string): void {
	const path = join(shimFolder(home), 'raid');
	const text = `#!/bin/sh\nexec ${quote(runtime)} ${quote(cliPath)} "$@"\n`;
	// Agents may be running it: it is replaced whole, never half written.
	if (readIfSafe(path) !== text) replaceText(path, text, 0o700);
}

/** The text of a file; null when it is not there, or is not a regular file of one name. */
function readIfSafe(path: string): string | null {
	try {
		return readText(path);
	} catch (error) {
		if (error instanceof UsageError) return null;
		throw error;
	}
}

function quote(word: string): string {
	return `'${word.replaceAll("'", `'\\''`)}'`;
}

function writeIfMissing(path: string, text: string): void {
	if (!existsSync(path)) writeFileSync(path, text, {mode: 0o600});
}
