import {chmodSync, cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {execa} from 'execa';
import {v7 as newId} from 'uuid';
import {onTestFinished} from 'vitest';
import {defaultLaunch} from '../../src/model/agent.ts';
import type {Spawn} from '../../src/model/spawn.ts';
import {signalProcess} from '../../src/process/signals.ts';
import {findMarked} from '../../src/process/table.ts';
import type {AgentStep} from '../../src/scenario/schema.ts';
import {registerAgent} from '../../src/store/agents.ts';
import {withMentions} from '../../src/store/mentions.ts';
import {listMessages} from '../../src/store/messages.ts';
import {listSpawns} from '../../src/store/spawns.ts';
import {createWorkspace} from '../../src/workspace/create.ts';
import {openWorkspace, platform, type Workspace} from '../../src/workspace/open.ts';
import {until} from './wait.ts';

/** `dist/cli.js` of this checkout. */
export const cliPath = resolve(import.meta.dirname, '../../dist/cli.js');

/** A new empty folder, which is gone when the test is finished. */
export function temporaryFolder(): string {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'raid-test-')));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 100}));
	return folder;
}

/** Steps as a scenario file writes them. */
export type Step = {readonly [K in keyof AgentStep]?: unknown};

/** What a test needs to say of its workspace. */
export interface Setting {
	/** Scripted agents: the steps of each spawn. */
	readonly agents?: Readonly<Record<string, readonly (readonly Step[])[]>>;
	readonly config?: Readonly<Record<string, unknown>>;
	/** How much faster than written the agents play. */
	readonly speed?: number;
	/** A `.raid/` of another test's workspace to copy, in place of a new one: then agents and config are that one's. */
	readonly copyOf?: string;
	/** The environment of all that is run in it, made for its directory; default: our own. */
	readonly environment?: (directory: string) => NodeJS.ProcessEnv;
}

export type TestWorkspace = ReturnType<typeof aWorkspace>;

/** A workspace of its own with the channel `general`; it and every process in it are gone when the test is finished. */
export function aWorkspace({
	agents = {},
	config = {},
	speed = 1,
	copyOf,
	environment = () => process.env,
}: Setting = {}) {
	const directory = realpathSync(mkdtempSync(join(tmpdir(), 'raid-test-')));
	chmodSync(directory, 0o755);
	const home = join(directory, '.raid');
	// The time of a file may be what it says.
	if (copyOf !== undefined) cpSync(copyOf, home, {recursive: true, preserveTimestamps: true});
	else make(home, agents, config, speed);
	const {RAID_HOME: _, RAID_SPAWN_ID: __, ...env} = environment(directory);
	const opened: Workspace = {...openWorkspace(home, directory, env), cliPath};
	onTestFinished(() => {
		endProcessesOf(home);
		opened.store.close();
		rmSync(directory, {recursive: true, force: true, maxRetries: 10, retryDelay: 100});
	});
	return {
		home,
		directory,
		opened,
		env,
		/** Runs the real CLI in the workspace, to its end. */
		raid: (args: readonly string[], options: {input?: string; env?: NodeJS.ProcessEnv} = {}) =>
			execa(process.execPath, [cliPath, ...args], {
				cwd: directory,
				reject: false,
				extendEnv: false,
				stripFinalNewline: false,
				env: {...env, ...options.env},
				...(options.input === undefined ? {stdin: 'ignore' as const} : {input: options.input}),
			}),
		spawns: () => listSpawns(opened.store),
		messages: () => withMentions(opened.store, listMessages(opened.store, 'general', {limit: -1})),
		/** The latest spawn of an agent, as soon as it is as wanted. */
		spawnOf: (agent: string, isWanted: (spawn: Spawn) => boolean) =>
			until(`a spawn of ${agent}`, () =>
				listSpawns(opened.store).findLast(s => s.agent === agent && isWanted(s)),
			),
		/** Lets the agents continue that wait for the file `go`. */
		go: () => writeFileSync(join(directory, 'go'), ''),
		/** Waits until nothing is live. */
		rest: () =>
			until('no live spawn', () => {
				const all = listSpawns(opened.store);
				return all.length > 0 && all.every(s => s.status !== 'pending' && s.status !== 'running');
			}),
		/** Registers an agent that runs any executable. */
		registerCommand: (identity: string, words: readonly string[]) =>
			registerAgent(
				opened.store,
				{
					identity,
					model: 'default',
					provider: 'command',
					role: null,
					constitution: null,
					launch: {...defaultLaunch, command: words},
				},
				newId(),
				Date.now(),
			),
	};
}

function make(
	home: string,
	agents: NonNullable<Setting['agents']>,
	config: NonNullable<Setting['config']>,
	speed: number,
): void {
	const party = Object.keys(agents).map(identity => ({
		identity,
		model: 'default',
		provider: 'scripted',
		role: '',
		constitution: `You are ${identity}.`,
	}));
	const parts = {...platform, cliPath, home, party, channel: 'general', configText: JSON.stringify(config)};
	createWorkspace({...parts, runtime: process.execPath, at: Date.now()}).close();
	writeScenario(home, agents, speed);
}

function writeScenario(home: string, agents: NonNullable<Setting['agents']>, speed: number): void {
	const parts = Object.entries(agents).map(([identity, spawns]) => [identity, {model: 'default', spawns}]);
	const scenario = {
		title: 'test',
		channel: 'general',
		agents: Object.fromEntries(parts),
		human: [],
		expect: {},
		speed,
	};
	writeFileSync(join(home, 'scenario.json'), JSON.stringify(scenario));
}

/** True for a spawn whose agent has a process. */
export function isRunning({status, process}: Pick<Spawn, 'status' | 'process'>): boolean {
	return status === 'running' && process !== null;
}

/** Every living process of a workspace: all that raid starts carries its home in the environment. */
export function processesOf(home: string) {
	return findMarked('RAID_HOME').get(home) ?? [];
}

function endProcessesOf(home: string): void {
	for (let left = processesOf(home); left.length > 0; left = processesOf(home)) {
		for (const entry of left) signalProcess(entry, 'SIGKILL');
	}
}
