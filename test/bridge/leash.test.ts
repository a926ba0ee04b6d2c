import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {refillChains, startRefilled} from '../../src/bridge/leash.ts';
import {type Post, postMessage} from '../../src/bridge/post.ts';
import {minute} from '../../src/model/time.ts';
import {createChannel} from '../../src/store/channels.ts';
import {endSpawn} from '../../src/store/life.ts';
import {listHeldMentions} from '../../src/store/mentions.ts';
import {until} from '../helpers/wait.ts';
import {aWorkspace, processesOf, type TestWorkspace} from '../helpers/workspace.ts';

const party = {a: [[]], b: [[]], c: [[]], d: [[]]};

/** A workspace whose clock the test sets, in which nothing is started. */
function aQuietWorkspace(config: Readonly<Record<string, unknown>>) {
	const workspace = aWorkspace({agents: party, config: {maxLive: 99, ...config}});
	let clock = Date.now();
	const opened = {...workspace.opened, now: () => clock};
	const post = (from: string, text: string, more: Partial<Post> = {}) => {
		const message = {channel: 'general', from, text, spawnId: null, claim: null, ...more};
		return postMessage(opened, message).mentions.map(({identity, outcome, reason}) =>
			[identity, outcome, reason].filter(Boolean).join(' '),
		);
	};
	return {
		...workspace,
		opened,
		post,
		pass: (duration: number) => {
			clock += duration;
		},
		channels: (...names: readonly string[]) => {
			for (const name of names) createChannel(opened.store, name, null, name, clock);
		},
		latest: (agent: string) => workspace.spawns().findLast(spawn => spawn.agent === agent)?.id ?? '',
		held: () => listHeldMentions(opened.store).map(({identity, reason}) => `${identity} ${reason}`),
		agents: () => workspace.spawns().map(({agent, channel}) => `${agent} #${channel}`),
	};
}

test('an agent that makes channels gets no more spawns out of one human message than the leash has', () => {
	const {post, channels, latest, spawns} = aQuietWorkspace({leash: 2});
	post('human', '@a go');
	const a = latest('a');
	channels(...Array.from({length: 8}, (_, index) => `side-${index}`));
	const outcomes = Array.from({length: 8}, (_, index) =>
		post('a', '@b @c', {spawnId: a, channel: `side-${index}`}),
	).flat();

	expect(outcomes.filter(outcome => outcome.endsWith('launched'))).toHaveLength(2);
	expect(outcomes.filter(outcome => outcome.endsWith('held leash'))).toHaveLength(14);
	expect(spawns()).toHaveLength(3);
});

test('a chain has one leash, whichever of its agents asks and how deep; another human message has its own', () => {
	const {post, channels, latest} = aQuietWorkspace({leash: 2, maxDepth: 9});
	channels('build');
	post('human', '@a go');
	expect(post('a', '@b go', {spawnId: latest('a')})).toEqual(['b launched']);
	expect(post('b', '@c go', {spawnId: latest('b'), channel: 'build'})).toEqual(['c launched']);
	expect(post('c', '@d go', {spawnId: latest('c'), channel: 'build'})).toEqual(['d held leash']);
	post('human', '@d go');
	expect(post('d', '@b @c', {spawnId: latest('d')})).toEqual(['b merged', 'c launched']);
});

test('a human message refills the chains that have reached its channel, and what the leash held starts by itself', () => {
	const {post, channels, latest, agents, held} = aQuietWorkspace({leash: 1});
	channels('build', 'other');
	post('human', '@a go');
	const a = latest('a');
	expect(post('a', '@b @c @d', {spawnId: a, channel: 'build'})).toEqual([
		'b launched',
		'c held leash',
		'd held leash',
	]);
	post('human', 'hello', {channel: 'other'});
	expect(held()).toEqual(['c leash', 'd leash']);
	post('human', 'go on', {channel: 'build'});
	expect(held()).toEqual(['d leash']);
	post('human', 'go on');
	expect(held()).toEqual([]);
	expect(agents()).toEqual(['a #general', 'b #build', 'c #build', 'd #build']);
});

test('as time refills the leash, what it held starts: oldest first, the mentions of one agent as one spawn', () => {
	const workspace = aQuietWorkspace({leash: '1+6/h'});
	const {post, latest, agents, pass, opened, held} = workspace;
	post('human', '@a go');
	const a = latest('a');
	post('a', '@b first', {spawnId: a});
	for (const text of ['@c one', '@d two', '@c three']) post('a', text, {spawnId: a});
	pass(9 * minute);
	expect(startRefilled(opened)).toEqual([]);
	pass(minute);
	expect(startRefilled(opened)).toHaveLength(1);
	expect(held()).toEqual(['d leash']);
	expect(startRefilled(opened)).toEqual([]);
	pass(10 * minute);
	startRefilled(opened);
	expect(agents()).toEqual(['a #general', 'b #general', 'c #general', 'd #general']);
	const c = latest('c');
	expect(
		workspace.messages().flatMap(({mentions}) => mentions.filter(({identity}) => identity === 'c')),
	).toMatchObject([{spawnId: c}, {spawnId: c}]);
});

test('a new mention does not overtake what the leash holds already', () => {
	const {post, latest, agents, pass, opened, held} = aQuietWorkspace({leash: '1+6/h'});
	post('human', '@a go');
	const a = latest('a');
	post('a', '@b @c go', {spawnId: a});
	pass(10 * minute);
	expect(post('a', '@d go', {spawnId: a})).toEqual(['d held leash']);
	startRefilled(opened);
	expect(agents()).toEqual(['a #general', 'b #general', 'c #general']);
	expect(held()).toEqual(['d leash']);
});

test('a hold, "done" and a killed sender are asked about again when the leash lets go', () => {
	const {post, latest, pass, opened, messages, held} = aQuietWorkspace({leash: '1+60/h'});
	post('human', '@a @d go');
	const [a, d] = [latest('a'), latest('d')];
	post('a', '@b first @c second', {spawnId: a});
	endSpawn(opened.store, latest('b'), {status: 'completed', failure: null}, opened.now());
	post('a', '@b again', {spawnId: a});
	post('b', 'done', {claim: 'done'});
	pass(minute);
	startRefilled(opened);
	expect(held()).toEqual(['b settled']);
	post('d', '@a and you?', {spawnId: d});
	expect(held()).toEqual(['b settled', 'a leash']);
	opened.store.prepare('UPDATE raid_spawns SET is_tombstone = 1 WHERE spawn_id = ?').run(d);
	pass(minute);
	startRefilled(opened);
	expect(messages().at(-1)?.mentions).toMatchObject([{outcome: 'refused', reason: 'killed'}]);
});

test('what the leash held before a reboot waits for the operator', () => {
	const {post, latest, pass, opened, held} = aQuietWorkspace({leash: '1+60/h'});
	post('human', '@a go');
	post('a', '@b @c', {spawnId: latest('a')});
	pass(minute);
	startRefilled({...opened, boot: 'the next one'});

	expect(held()).toEqual(['c reboot']);
});

test('a refill that is asked for by name lets what was held go', () => {
	const {post, latest, opened, held} = aQuietWorkspace({leash: 1});
	post('human', '@a go');
	post('a', '@b @c', {spawnId: latest('a')});
	refillChains(opened, 'general', 'raid');
	startRefilled(opened);
	expect(held()).toEqual([]);
});

/** The supervisors of a workspace that live. */
const supervisors = ({home}: TestWorkspace) => processesOf(home);

test('while everybody sleeps and nothing runs, one supervisor stays, and what the leash held starts by itself', async () => {
	const agents = {a: [[{send: '@b @c go'}, {send: '@d go'}]], b: [[]], c: [[]], d: [[]]};
	// One more each 1.2 seconds.
	const workspace = aWorkspace({agents, config: {leash: '1+3000/h'}});
	await workspace.raid(['send', 'general', '@a go']);
	await until('all four have ended', () => {
		const done = workspace.spawns().filter(({status}) => status === 'completed');
		return done.length === 4;
	});

	expect(workspace.spawns().map(({agent}) => agent)).toEqual(['a', 'b', 'c', 'd']);
	expect(listHeldMentions(workspace.opened.store)).toEqual([]);
	await until('no supervisor is left', () => supervisors(workspace).length === 0);
});

test('a supervisor that stays for the leash ends when its store is deleted', async () => {
	const agents = {a: [[{send: '@b @c go'}]], b: [[]], c: [[]]};
	const workspace = aWorkspace({agents, config: {leash: '1+6/h'}});
	await workspace.raid(['send', 'general', '@a go']);
	await workspace.spawnOf('b', spawn => spawn.status === 'completed');
	await until('one supervisor stays', () => supervisors(workspace).length === 1);
	rmSync(join(workspace.home, 'raid.db'));

	await until('no supervisor is left', () => supervisors(workspace).length === 0);
});

test('raid mentions --held says when a mention starts by itself; a stop makes it wait for the operator', async () => {
	const agents = {a: [[{send: '@b @c go'}]], b: [[]], c: [[]]};
	const workspace = aWorkspace({agents, config: {leash: '1+6/h'}});
	await workspace.raid(['send', 'general', '@a go']);
	await workspace.spawnOf('b', spawn => spawn.status === 'completed');
	await until('one supervisor stays', () => supervisors(workspace).length === 1);
	const {stdout} = await workspace.raid(['mentions', '--held']);
	const health = await workspace.raid(['health']);
	await workspace.raid(['stop', '--all']);
	await until('no supervisor is left', () => supervisors(workspace).length === 0);

	expect(stdout).toMatch(/@c +general +a +held +leash, starts in \d+m/);
	expect([health.exitCode, health.stdout]).toEqual([
		0,
		expect.stringMatching(/notice +leash .*1 mention is held in #general .*starts by itself at \d{4}-/),
	]);
	expect(listHeldMentions(workspace.opened.store).map(({reason}) => reason)).toEqual(['stopped']);
});

test('a supervisor that stays for the leash and was killed is replaced by the next command', async () => {
	const agents = {a: [[{send: '@b @c go'}]], b: [[]], c: [[]]};
	const workspace = aWorkspace({agents, config: {leash: '1+6/h'}});
	await workspace.raid(['send', 'general', '@a go']);
	await workspace.spawnOf('b', spawn => spawn.status === 'completed');
	const [stays] = await until('one supervisor stays', () => {
		const all = supervisors(workspace);
		return all.length === 1 ? all : undefined;
	});
	process.kill(stays?.pid ?? 0, 'SIGKILL');
	await until('it is gone', () => supervisors(workspace).length === 0);
	await workspace.raid(['health']);
	await until('another one stays', () => supervisors(workspace).length === 1);
	await workspace.raid(['limits', 'leash=9']);
	await workspace.spawnOf('c', spawn => spawn.status === 'completed');
});
