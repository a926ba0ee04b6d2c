import {expect, test} from 'vitest';
import {releaseMentions} from '../../src/bridge/holds.ts';
import {followUp} from '../../src/bridge/ledger.ts';
import {postMessage} from '../../src/bridge/post.ts';
import type {Claim} from '../../src/model/action.ts';
import type {SpawnId} from '../../src/model/spawn.ts';
import {setProcess} from '../../src/store/attempts.ts';
import {readEverything} from '../../src/store/everything.ts';
import {endSpawn} from '../../src/store/life.ts';
import {listHeldMentions} from '../../src/store/mentions.ts';
import {aWorkspace, type TestWorkspace} from '../helpers/workspace.ts';

const party = {a: [[]], b: [[]], c: [[]], d: [[]]};

/** Posts without launching, as an agent's `raid send` does: what became of each mention. */
function post(
	workspace: TestWorkspace,
	from: string,
	text: string,
	spawnId: SpawnId | null = null,
	claim: Claim | null = null,
): readonly string[] {
	const {mentions} = postMessage(workspace.opened, {channel: 'general', from, text, spawnId, claim});
	return mentions.map(({identity, outcome, reason}) => [identity, outcome, reason].filter(Boolean).join(' '));
}

function end(workspace: TestWorkspace, id: SpawnId, status: 'completed' | 'failed'): void {
	endSpawn(workspace.opened.store, id, {status, failure: null}, Date.now());
}

const latest = (workspace: TestWorkspace, agent: string) =>
	workspace.spawns().findLast(spawn => spawn.agent === agent)?.id ?? '';

test('"done" triggers nobody, and nobody asks the one who is done, until a human speaks again', () => {
	const workspace = aWorkspace({agents: party});
	expect(post(workspace, 'human', '@a go')).toEqual(['a launched']);
	const a = latest(workspace, 'a');
	expect(post(workspace, 'a', '@b your turn', a)).toEqual(['b launched']);
	const b = latest(workspace, 'b');
	expect(post(workspace, 'a', 'complete, @human! @c please verify', a)).toEqual([
		'human called',
		'c held settled',
	]);
	expect(post(workspace, 'a', '@c verify it', a)).toEqual(['c held settled']);
	expect(post(workspace, 'b', '@a well done? @c and you?', b)).toEqual(['a held settled', 'c launched']);
	expect(post(workspace, 'human', 'go on')).toEqual([]);
	expect(post(workspace, 'b', '@a well done?', b)).toEqual(['a merged']);
});

test('"done" by its flag settles as a call of a human does; "blocked" calls, and settles nothing', () => {
	const workspace = aWorkspace({agents: party, config: {maxLive: 9}});
	post(workspace, 'human', '@a @b go');
	const [a, b] = [latest(workspace, 'a'), latest(workspace, 'b')];
	expect(post(workspace, 'b', 'I need the key. @c look', b, 'blocked')).toEqual([
		'c launched',
		'human called blocked',
	]);
	expect(post(workspace, 'a', '@b anything?', a)).toEqual(['b merged']);
	expect(post(workspace, 'b', '@human, @d help', b, 'blocked')).toEqual([
		'human called blocked',
		'd launched',
	]);
	expect(post(workspace, 'b', 'all is built', b, 'done')).toEqual(['human called done']);
	expect(post(workspace, 'a', '@b anything else?', a)).toEqual(['b held settled']);
	expect(() => post(workspace, 'human', 'enough', null, 'done')).toThrow(
		'Only an agent can say that it is done.',
	);
});

test('agents say by raid send that they are blocked or done', async () => {
	const workspace = aWorkspace({agents: {a: [[{blocked: 'which key?'}]], b: [[{done: 'it works'}]]}});
	await workspace.raid(['send', 'general', '@a @b go']);
	await workspace.rest();
	const claims = readEverything(workspace.opened.store).messages.map(({from, claim}) => [from, claim]);

	expect(claims.toSorted()).toEqual([
		['a', 'blocked'],
		['b', 'done'],
		['human', null],
	]);
	expect(workspace.messages().find(({from}) => from === 'a')?.mentions).toMatchObject([
		{identity: 'human', outcome: 'called', reason: 'blocked'},
	]);
});

test('a human is never held', () => {
	const workspace = aWorkspace({agents: party, config: {leash: 0, breaker: 1}});
	post(workspace, 'human', '@a go');
	post(workspace, 'a', '@human done', latest(workspace, 'a'));
	end(workspace, latest(workspace, 'a'), 'failed');
	expect(post(workspace, 'human', '@a again, @human look')).toEqual(['a launched', 'human called']);
});

test('failures in a row open the breaker; a success, or a human, closes it', () => {
	const workspace = aWorkspace({agents: party, config: {breaker: 2, maxLive: 9}});
	post(workspace, 'human', '@a go');
	const a = latest(workspace, 'a');
	const failB = () => {
		const outcome = post(workspace, 'a', '@b try', a);
		if (outcome[0] === 'b launched') end(workspace, latest(workspace, 'b'), 'failed');
		return outcome;
	};
	expect([failB(), failB(), failB()].flat()).toEqual(['b launched', 'b launched', 'b held breaker']);
	post(workspace, 'human', 'go on');
	expect(failB()).toEqual(['b launched']);
	post(workspace, 'a', '@c try', a);
	end(workspace, latest(workspace, 'c'), 'completed');
	expect([failB(), failB(), failB()].flat()).toEqual(['b launched', 'b launched', 'b held breaker']);
});

test('raid mentions lists what became of each; one is released, one dropped, and both only once', async () => {
	const workspace = aWorkspace({agents: {...party, c: [[{send: 'done @human'}]]}, config: {leash: 0}});
	post(workspace, 'human', '@a go');
	post(workspace, 'a', '@c @d', latest(workspace, 'a'));
	const {stdout} = await workspace.raid(['mentions', '--held']);
	const [c, d] = [...stdout.matchAll(/^(\w{4}@\w)\s+general\s+a\s+held\s+leash/gm)].map(
		match => match[1] as string,
	);
	const released = await workspace.raid(['release', c ?? '']);
	const dropped = await workspace.raid(['drop', d ?? '', '--json']);
	const again = await workspace.raid(['drop', d ?? '']);

	expect(released.stdout).toMatch(/@c launched #\w{4}/);
	expect(JSON.parse(dropped.stdout).mentions).toMatchObject([
		{agent: 'd', outcome: 'dropped', reason: 'leash', spawn: null},
	]);
	expect([again.exitCode, again.stderr]).toEqual([3, expect.stringMatching(/No held mention is called/)]);
	expect((await workspace.raid(['mentions', '--held'])).stdout).toBe('Nothing is held.\n');
	expect((await workspace.raid(['mentions'])).stdout).toMatch(
		/@a +general +human +launched[\s\S]*@d +general +a +dropped +leash/,
	);
	await workspace.spawnOf('c', spawn => spawn.status === 'completed');
});

test('a hold stops what agents ask for, neither what runs nor the operator; release starts it', async () => {
	const agents = {
		a: [[{waitFor: 'go'}, {send: '@b your turn'}]],
		b: [[{wait: '300ms'}]],
		c: [[{wait: '300ms'}]],
	};
	const workspace = aWorkspace({agents});
	await workspace.raid(['send', 'general', '@a go']);
	await workspace.spawnOf('a', spawn => spawn.process !== null);
	expect((await workspace.raid(['hold', 'general'])).stdout).toMatch(/#general is on hold/);
	workspace.go();
	await workspace.spawnOf('a', spawn => spawn.status === 'completed');
	await workspace.raid(['send', 'general', '@c go']);
	await workspace.spawnOf('c', spawn => spawn.status === 'completed');

	expect(workspace.spawns().map(spawn => spawn.agent)).toEqual(['a', 'c']);
	expect((await workspace.raid(['--once'])).stdout).toMatch(/ON HOLD.*1 held[\s\S]*→ @b held \(hold\)/);
	expect((await workspace.raid(['release', 'general'])).stdout).toMatch(/@b launched/);
	await workspace.spawnOf('b', spawn => spawn.status === 'completed');
});

test('a spawn that waits for a slot does not start while the channel is on hold', async () => {
	const agents = {a: [[{send: '@b your turn'}, {hang: true}]], b: [[{wait: '300ms'}]]};
	const workspace = aWorkspace({agents, config: {maxLive: 1, graceful: '300ms'}});
	await workspace.raid(['send', 'general', '@a go']);
	await workspace.spawnOf('b', spawn => spawn.status === 'pending');
	await workspace.raid(['hold']);
	await workspace.raid(['stop', latest(workspace, 'a')]);
	await workspace.raid(['--once']);
	expect(workspace.spawns().at(-1)).toMatchObject({agent: 'b', status: 'pending'});
	await workspace.raid(['release']);
	await workspace.spawnOf('b', spawn => spawn.status === 'completed');
});

test('a human comes before agents when a slot is free', async () => {
	const agents = {
		a: [[{send: '@b your turn'}, {hang: true}]],
		b: [[{wait: '300ms'}]],
		c: [[{wait: '300ms'}]],
	};
	const workspace = aWorkspace({agents, config: {maxLive: 1, graceful: '300ms'}});
	await workspace.raid(['send', 'general', '@a go']);
	await workspace.spawnOf('b', spawn => spawn.status === 'pending');
	await workspace.raid(['send', 'general', '@c go']);
	await workspace.raid(['stop', latest(workspace, 'a')]);
	await workspace.rest();
	const byStart = workspace.spawns().toSorted((x, y) => (x.startedAt ?? 0) - (y.startedAt ?? 0));

	expect(byStart.map(spawn => spawn.agent)).toEqual(['a', 'c', 'b']);
});

test('a quota stop is not a failure: the spawn waits without a slot, and resumes by itself at the reset', async () => {
	const agents = {a: [[{quota: '1h', attempt: 1}, {send: 'done @human'}]], b: [[{wait: '100ms'}]]};
	const workspace = aWorkspace({agents, config: {maxLive: 1, retries: 0}});
	await workspace.raid(['send', 'general', '@a go']);
	const parked = await workspace.spawnOf('a', spawn => spawn.resumeAt !== null);
	const {stdout} = await workspace.raid(['--once']);
	await workspace.raid(['send', 'general', '@b go']);
	await workspace.spawnOf('b', spawn => spawn.status === 'completed');
	// The hour passes.
	workspace.opened.store.prepare(`UPDATE raid_spawns SET resume_at = '2026-01-01T00:00:00.000Z'`).run();
	await workspace.rest();

	expect(parked.status).toBe('pending');
	expect(stdout).toMatch(/a waits for its quota until .*/);
	expect(workspace.spawns()[0]).toMatchObject({agent: 'a', status: 'completed', attempt: 2});
	expect(workspace.messages().find(({from}) => from === 'raid')?.text).toMatch(
		/a #\w+ waits for its quota until .*usage limit/,
	);
});

test('a parked spawn whose supervisor was killed is resumed by the next command', async () => {
	const workspace = aWorkspace({agents: {a: [[{quota: '500ms', attempt: 1}, {send: 'done @human'}]]}});
	await workspace.raid(['send', 'general', '@a go']);
	await workspace.spawnOf('a', spawn => spawn.resumeAt !== null);
	const {findMarked} = await import('../../src/process/table.ts');
	for (const entry of findMarked('RAID_SUPERVISOR_OF').get(latest(workspace, 'a')) ?? [])
		process.kill(entry.pid, 'SIGKILL');
	workspace.opened.store.prepare(`UPDATE raid_spawns SET resume_at = '2026-01-01T00:00:00.000Z'`).run();
	workspace.opened.store.prepare(`UPDATE spawns SET created_at = '2026-01-01T00:00:00.000Z'`).run();
	await workspace.raid(['--once']);
	await workspace.spawnOf('a', spawn => spawn.status === 'completed');
});

test('silence beyond killAfter is ended and tried again, with the evidence', async () => {
	const agents = {a: [[{say: 'hm'}, {hang: true}]]};
	const workspace = aWorkspace({agents, config: {killAfter: '500ms', graceful: '300ms'}});
	await workspace.raid(['send', 'general', '@a go']);
	await workspace.rest();

	expect(workspace.spawns()[0]).toMatchObject({status: 'timeout', attempt: 2});
	expect(workspace.spawns()[0]?.failure).toMatch(/^killed after \d+s of silence, CPU [\d.]+s total$/);
});

test('after a reboot nothing starts by itself; what waited is held until it is released', async () => {
	const workspace = aWorkspace({
		agents: {a: [[{hang: true}], [{send: 'done @human'}]], b: [[{send: 'done @human'}]]},
	});
	const {store} = workspace.opened;
	post(workspace, 'human', '@a go');
	const a = latest(workspace, 'a');
	// As it was when the power failed: one ran, one waited behind it, one was pending.
	store.prepare(`UPDATE spawns SET status = 'running' WHERE id = ?`).run(a);
	store
		.prepare(
			`INSERT INTO raid_attempts (spawn_id, attempt, started_at) VALUES (?, 1, '2026-01-01T00:00:00.000Z')`,
		)
		.run(a);
	setProcess(store, {spawn: a, attempt: 1}, {pid: 1, started: 'an earlier boot'}, Date.now());
	post(workspace, 'human', '@a and then this');
	post(workspace, 'human', '@b go');
	store.prepare(`UPDATE raid_spawns SET boot = 'earlier'`).run();
	store.prepare(`UPDATE spawns SET created_at = '2026-01-01T00:00:00.000Z'`).run();
	await workspace.raid(['--once']);
	const {stdout} = await workspace.raid(['--once']);

	expect(workspace.spawns().map(({agent, status}) => [agent, status])).toEqual([
		['a', 'failed'],
		['b', 'pending'],
		['a', 'pending'],
	]);
	expect(stdout).toMatch(/‖ b #\w+ +held .*waits for the operator \(reboot\)/);
	expect(stdout).toMatch(/→ @a held \(reboot\)/);
	expect((await workspace.raid(['release'])).stdout).toMatch(/@a launched.*@b launched/);
	await workspace.rest();
	expect(
		workspace
			.spawns()
			.slice(1)
			.map(spawn => spawn.status),
	).toEqual(['completed', 'completed']);
});

test('what the operator has released is not held again when the agent that it waits for ends', () => {
	const workspace = aWorkspace({agents: party, config: {leash: 0}});
	post(workspace, 'human', '@a @b go');
	const [a, b] = [latest(workspace, 'a'), latest(workspace, 'b')];
	workspace.opened.store.prepare(`UPDATE spawns SET status = 'running'`).run();
	expect(post(workspace, 'a', '@b help', a)).toEqual(['b held leash']);
	const [held] = listHeldMentions(workspace.opened.store);
	expect(releaseMentions(workspace.opened, held === undefined ? [] : [held], 'human')).toMatchObject([
		{outcome: 'queued'},
	]);
	const running = workspace.spawns().find(spawn => spawn.id === b);
	end(workspace, b, 'completed');

	expect(running && followUp(workspace.opened, running)).toEqual(expect.any(String));
});
