import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {defaultLaunch} from '../../src/model/agent.ts';
import type {OpenedAlert} from '../../src/model/record.ts';
import {registerAgent} from '../../src/store/agents.ts';
import * as alerts from '../../src/store/alerts.ts';
import * as attempts from '../../src/store/attempts.ts';
import * as channels from '../../src/store/channels.ts';
import * as claims from '../../src/store/claims.ts';
import {listEvents} from '../../src/store/events.ts';
import {recordGap} from '../../src/store/gaps.ts';
import {addHold, removeHold} from '../../src/store/holds.ts';
import {refillLeash} from '../../src/store/leashes.ts';
import * as life from '../../src/store/life.ts';
import {addMention, listMentions, settleMention} from '../../src/store/mentions.ts';
import {addMessage, listMessages} from '../../src/store/messages.ts';
import {openStore, type Store} from '../../src/store/open.ts';
import {record} from '../../src/store/record.ts';
import {changeLimits, markSeen} from '../../src/store/settings.ts';
import {forbidUnrecordedWrites} from '../helpers/guarded-store.ts';

const at = Date.UTC(2026, 0, 1, 12);
const here = {machine: 'm', boot: 'b', namespace: null};
const own = {pid: 1, started: 'b-1'};
const name = {spawn: 's', attempt: 1};
const conditions = {maxLive: 9, ...here, stoppedAt: null, at};
const alert: OpenedAlert = {
	id: 'x',
	kind: 'idle',
	severity: 'warning',
	subject: 's',
	spawn: null,
	channel: null,
	text: 'nothing runs',
	since: at,
};

/** A store with a human, the agents `a` and `b`, a message, and a pending spawn `s` of `a`. */
function aStore(): Store {
	const folder = mkdtempSync(join(tmpdir(), 'raid-test-'));
	const store = openStore(join(folder, 'raid.db'), {machine: 'm', isNew: true});
	onTestFinished(() => {
		store.close();
		rmSync(folder, {recursive: true, force: true});
	});
	forbidUnrecordedWrites(store);
	const nobody = {role: null, constitution: null};
	registerAgent(store, {...nobody, identity: 'human', model: null, provider: null, launch: null}, 'h', at);
	for (const identity of ['a', 'b']) {
		const engine = {model: 'default', provider: 'scripted', launch: defaultLaunch};
		registerAgent(store, {...nobody, ...engine, identity}, identity, at);
	}
	channels.createChannel(store, 'general', null, 'c', at);
	addMessage(
		store,
		{id: 'm', channel: 'general', from: 'human', text: '@a', at},
		{spawnId: null, claim: null},
	);
	life.addSpawn(store, newSpawn('s', 'a'));
	addMention(store, mentionOf('a', 's'));
	return store;
}

function newSpawn(id: string, agent: string): life.NewSpawn {
	const engine = {provider: 'scripted', model: 'default', role: null};
	const origin = {parentId: null, messageId: 'm', rootMessageId: 'm', retryOf: null};
	return {id, agent, channel: 'general', createdAt: at, ...here, ...engine, ...origin};
}

function mentionOf(identity: string, spawnId: string | null) {
	const decision = {outcome: 'launched', reason: null} as const;
	return {messageId: 'm', identity, spawnId, decidedAt: at, ...decision};
}

function running(store: Store): void {
	claims.claimSpawn(store, 's', own, conditions);
	attempts.beginAttempt(store, name, own, at);
}

/** What each function that changes a store does to it; a new one must be added here. */
const mutators: Readonly<Record<string, (store: Store) => unknown>> = {
	registerAgent: store =>
		registerAgent(
			store,
			{identity: 'c', model: null, provider: null, role: null, constitution: null, launch: null},
			'c',
			at,
		),
	createChannel: store => channels.createChannel(store, 'build', null, 'c2', at),
	closeBreaker: store => {
		life.endSpawn(store, 's', {status: 'failed', failure: 'x'}, at);
		return () => channels.closeBreaker(store, 'general', 'human', at);
	},
	addMessage: store =>
		addMessage(
			store,
			{id: 'm2', channel: 'general', from: 'a', text: 'hi', at},
			{spawnId: 's', claim: 'done'},
		),
	addMention: store => addMention(store, mentionOf('b', null)),
	settleMention: store =>
		settleMention(store, {...mentionOf('a', null), outcome: 'held', reason: 'leash'}, {by: null, at}),
	refillLeash: store => refillLeash(store, 'm', {by: 'human', at}),
	addSpawn: store => life.addSpawn(store, newSpawn('s2', 'b')),
	setConstitutionHash: store => life.setConstitutionHash(store, 's', 'hash', at),
	markKilled: store => life.markKilled(store, 's', 'human', at),
	setSeenProcesses: store => life.setSeenProcesses(store, 's', [{pid: 7, started: 'b-7'}], at),
	markTombstone: store => life.markTombstone(store, 's', at),
	endSpawn: store => life.endSpawn(store, 's', {status: 'completed', failure: null}, at),
	claimSpawn: store => claims.claimSpawn(store, 's', own, conditions),
	recordGap: store => recordGap(store, {machine: 'm', from: at, until: at + 9000}, at),
	noteStuck: store => life.noteStuck(store, 's', {supervisor: own, evidence: 'it is stopped'}, at),
	adoptSpawn: store => {
		running(store);
		return () => claims.adoptSpawn(store, 's', {pid: 2, started: 'b-2'}, own, at);
	},
	unclaimSpawn: store => {
		running(store);
		return () => claims.unclaimSpawn(store, 's', at);
	},
	parkSpawn: store => {
		running(store);
		return () => claims.parkSpawn(store, 's', at + 1, at);
	},
	holdSpawn: store => claims.holdSpawn(store, 's', 'reboot', at),
	unholdSpawn: store => {
		claims.holdSpawn(store, 's', 'reboot', at);
		return () => claims.unholdSpawn(store, 's', here, {by: 'human', at});
	},
	beginAttempt: store => {
		claims.claimSpawn(store, 's', own, conditions);
		return () => attempts.beginAttempt(store, name, own, at);
	},
	setProcess: store => {
		running(store);
		return () => attempts.setProcess(store, name, own, at);
	},
	setProgress: store => {
		running(store);
		const used = {tokensIn: 1, tokensOut: 1, costUsd: null};
		const calls = {openCall: {text: 'make', since: at}, lastCpuAt: at, denials: [{text: 'x', count: 1}]};
		const progress = {sessionId: 'x', ...used, retry: null, lastOutputAt: at, ...calls};
		return () => attempts.setProgress(store, name, progress, at);
	},
	setSessionFile: store => {
		running(store);
		return () => attempts.setSessionFile(store, name, '/session', at);
	},
	endAttempt: store => {
		running(store);
		const end = {
			exit: {type: 'exited', code: 0},
			failure: null,
			lastOutputAt: null,
			isParked: false,
		} as const;
		return () => attempts.endAttempt(store, name, end, at);
	},
	noteRetry: store => attempts.noteRetry(store, name, 'exit 1', at),
	addHold: store => addHold(store, {type: 'all'}, 'human', at),
	removeHold: store => {
		addHold(store, {type: 'agent', agent: 'a'}, 'human', at);
		return () => removeHold(store, {type: 'all'}, 'human', at);
	},
	changeLimits: store => changeLimits(store, {maxLive: 2}, 'human', at),
	markSeen: store => markSeen(store, 'human', at),
	openAlert: store => alerts.openAlert(store, alert, at),
	markNotified: store => {
		alerts.openAlert(store, alert, at);
		return () => alerts.markNotified(store, 'x', at);
	},
	acknowledgeAlert: store => {
		alerts.openAlert(store, alert, at);
		return () => alerts.acknowledgeAlert(store, 'x', 'human', at);
	},
	closeAlert: store => {
		alerts.openAlert(store, alert, at);
		return () => alerts.closeAlert(store, 'x', at);
	},
};

const isReader =
	/^(list|find|count|read|has|is|last|latest|usageOf|depthOf|liveSpawnOf|spawnOf|spawnQuery|withMentions|require|storeVersion|instant|log$)/;
const machinery = [
	'record',
	'statement',
	'openStore',
	'openUnmigrated',
	'openReadOnly',
	'durably',
	'writing',
	'reading',
	'importRecords',
	'rootOfMessage',
	'migrations',
	'boundaries',
	'StoreBusyError',
	'StoreReplacedError',
	'mendSidecars',
	'rememberFile',
	'fileOf',
	'usualPatience',
	'supervisorPatience',
	'shortWaitMs',
	'setPatience',
	'impatiently',
	'patiently',
	// Of a store that has no log yet.
	'markOldKilled',
	'endOldSpawn',
];

test('every function of the store that changes something is known here', async () => {
	const folder = resolve(import.meta.dirname, '../../src/store');
	const modules = await Promise.all(
		readdirSync(folder).map(file => import(join(folder, file)) as Promise<Record<string, unknown>>),
	);
	const names = modules
		.flatMap(Object.keys)
		.filter(name => !isReader.test(name) && !machinery.includes(name));

	expect(names.toSorted()).toEqual(Object.keys(mutators).toSorted());
});

test.each(Object.entries(mutators))('%s makes its event, and writes nothing outside it', (_, prepare) => {
	const store = aStore();
	const before = listEvents(store).length;
	const change = prepare(store);
	const between = typeof change === 'function' ? listEvents(store).length : before;
	if (typeof change === 'function') change();

	expect(listEvents(store).length).toBe(between + 1);
});

test('nothing outside the store writes SQL', () => {
	const root = resolve(import.meta.dirname, '../../src');
	const writing = readdirSync(root, {recursive: true, encoding: 'utf8'}).filter(
		path =>
			path.endsWith('.ts') &&
			!path.startsWith('store/') &&
			/\b(INSERT (OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|REPLACE INTO)\b/.test(
				readFileSync(join(root, path), 'utf8'),
			),
	);

	expect(writing).toEqual([]);
});

test('a write without an event is seen', () => {
	const store = aStore();
	expect(() => store.prepare(`UPDATE spawns SET status = 'failed'`).run()).toThrow(
		'UPDATE on spawns without an event',
	);
});

test('a change that changed nothing leaves no event, also inside another transaction', () => {
	const store = aStore();
	const before = listEvents(store);
	store.transaction(() => {
		expect(channels.createChannel(store, 'general', null, 'other', at)).toBe(false);
		expect(record(store, {kind: 'operator-looked', at, by: 'human'}, () => false)).toBe(false);
		addMessage(
			store,
			{id: 'm2', channel: 'general', from: 'a', text: 'hi', at},
			{spawnId: null, claim: null},
		);
	})();

	expect(listEvents(store).slice(before.length)).toMatchObject([{kind: 'message-posted', id: 'm2'}]);
	expect(listMessages(store, 'general', {limit: -1}).map(({text}) => text)).toEqual(['@a', 'hi']);
});

test('a change that fails leaves nothing, and the error is thrown', () => {
	const store = aStore();
	const before = listEvents(store).length;
	expect(() => life.addSpawn(store, newSpawn('s2', 'a'))).toThrow(/UNIQUE/);
	expect(listEvents(store)).toHaveLength(before);
	expect(listMentions(store)).toHaveLength(1);
});

test('an event says where it happened, and nothing in the log is changed or removed', () => {
	const store = aStore();
	expect(listEvents(store)[0]).toMatchObject({sequence: 1, at, host: 'm', kind: 'agent-registered'});
	expect(() => store.exec('DELETE FROM raid_events')).toThrow('nothing is ever removed from the log');
	expect(() => store.exec(`UPDATE raid_events SET host = ''`)).toThrow('nothing in the log is ever changed');
});
