import {mkdtempSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {v7 as newId} from 'uuid';
import {defaultLaunch} from '../src/model/agent.ts';
import {ownProcess} from '../src/process/table.ts';
import {registerAgent} from '../src/store/agents.ts';
import {beginAttempt, endAttempt, setProcess, setProgress} from '../src/store/attempts.ts';
import {claimSpawn} from '../src/store/claims.ts';
import {addSpawn, endSpawn} from '../src/store/life.ts';
import {addMention} from '../src/store/mentions.ts';
import {addMessage} from '../src/store/messages.ts';
import {writing} from '../src/store/open.ts';
import {createWorkspace} from '../src/workspace/create.ts';
import {openWorkspace, startConditions, type Workspace} from '../src/workspace/open.ts';

/** `dist/cli.js` of this checkout. */
export const cliPath = resolve(import.meta.dirname, '../dist/cli.js');

/** A workspace of a size, in a temporary folder. */
export interface Raid {
	readonly directory: string;
	readonly home: string;
	readonly env: NodeJS.ProcessEnv;
	readonly workspace: Workspace;
	readonly remove: () => void;
}

/** How much has happened in a raid. */
export interface Size {
	readonly spawns: number;
	readonly messages: number;
}

const second = 1000;
const agents = ['oplot', 'sonnelot', 'hailot', 'prime', 'sentinel', 'auger'];
const text = `The parser accepts a trailing comma now. I ran the tests of src/parse, 41 passed. Next I look at the printer,
which has the same rule in reverse, and then at the documentation of both.`;

/** The size as people read it. */
export function nameOf({spawns, messages}: Size): string {
	if (spawns + messages === 0) return 'empty';
	return `${spawns.toLocaleString('en')} spawns, ${messages.toLocaleString('en')} messages`;
}

/** Makes a raid in which so much has happened, by the very functions that record it at night; everything has ended. */
export function makeRaid(size: Size, config: Readonly<Record<string, unknown>> = {}): Raid {
	const directory = realpathSync(mkdtempSync(join(tmpdir(), 'raid-bench-')));
	const home = join(directory, '.raid');
	createWorkspace({
		home,
		party: [],
		channel: 'general',
		configText: JSON.stringify(config),
		runtime: process.execPath,
		cliPath,
		newId,
		at: Date.now(),
	}).close();
	const {RAID_SPAWN_ID, RAID_HOME, RAID_IDENTITY, RAID_CHANNEL, ...env} = process.env;
	const workspace = {...openWorkspace(home, directory, env), cliPath};
	for (const identity of agents) addAgent(workspace, identity, ['true']);
	fill(workspace, size);
	const remove = () => {
		workspace.store.close();
		rmSync(directory, {recursive: true, force: true, maxRetries: 10, retryDelay: 100});
	};
	return {directory, home, env, workspace, remove};
}

/** Registers an agent that runs a program. */
export function addAgent({store}: Workspace, identity: string, command: readonly string[]): void {
	const launch = {...defaultLaunch, command};
	const agent = {identity, model: 'default', provider: 'command', role: 'dps', constitution: null, launch};
	registerAgent(store, agent, newId(), Date.now());
}

function fill(workspace: Workspace, {spawns, messages}: Size): void {
	// A spawn every three seconds, the last one a minute ago.
	let at = Date.now() - 60 * second - spawns * 3 * second;
	const past = {...workspace, now: () => at};
	const batch = 500;
	for (let first = 0; first < spawns; first += batch) {
		writing(workspace.store, () => {
			for (let index = first; index < Math.min(spawns, first + batch); index += 1) {
				playSpawn(past, index, Math.round(messages / spawns) - 1);
				at += 3 * second;
			}
		});
	}
}

/** One spawn, from the message that asks for it to its end, as the store's own functions record it. */
export function playSpawn(workspace: Workspace, index: number, messages: number): void {
	const {store, now} = workspace;
	const agent = agents[index % agents.length] ?? '';
	const id = newId();
	const messageId = say(workspace, 'human', null, `@${agent} part ${index}`);
	const {machine, boot, namespace} = workspace;
	const origin = {channel: 'general', parentId: null, messageId, rootMessageId: messageId, retryOf: null};
	const engine = {provider: 'command', model: 'default', role: 'dps'};
	addSpawn(store, {id, agent, createdAt: now(), machine, boot, namespace, ...origin, ...engine});
	addMention(store, {
		messageId,
		identity: agent,
		outcome: 'launched',
		reason: null,
		spawnId: id,
		decidedAt: now(),
	});
	const own = ownProcess();
	const name = {spawn: id, attempt: 1};
	claimSpawn(store, id, own, startConditions(workspace));
	beginAttempt(store, name, own, now());
	setProcess(store, name, own, now());
	const used = {tokensIn: 12_000, tokensOut: 900, costUsd: 0.03};
	setProgress(
		store,
		name,
		{sessionId: id, ...used, retry: null, lastOutputAt: now(), openCall: null, lastCpuAt: null, denials: []},
		now(),
	);
	for (let count = 0; count < messages; count += 1) say(workspace, agent, id, text);
	const exit = {type: 'exited', code: 0} as const;
	endAttempt(store, name, {exit, failure: null, lastOutputAt: now(), isParked: false}, now());
	endSpawn(store, id, {status: 'completed', failure: null}, now());
}

function say({store, now}: Workspace, from: string, spawnId: string | null, words: string): string {
	const id = newId();
	addMessage(store, {id, channel: 'general', from, text: words, at: now()}, {spawnId, claim: null});
	return id;
}
