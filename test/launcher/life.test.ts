import {spawn as startProcess} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {listProcesses, readArguments, readProcess} from '../../src/process/table.ts';
import {until} from '../helpers/wait.ts';
import {aWorkspace, cliPath, isRunning, processesOf, type TestWorkspace} from '../helpers/workspace.ts';

const forAWhile = [{wait: '300ms'}, {send: 'done @human'}];
const untilGo = [{waitFor: 'go'}, {send: 'done @human'}];
const forEver = [{hang: true}];

/** Lets the age of a pending spawn pass, as a clock would. */
function age({opened}: TestWorkspace): void {
	opened.store
		.prepare(`UPDATE spawns SET created_at = '2026-01-01T00:00:00.000Z' WHERE status = 'pending'`)
		.run();
}

test('a mention launches a real detached process, whose answer and end are recorded', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{usage: {input: 7, output: 9}}, ...untilGo]]}});
	const {stdout} = await workspace.raid(['send', 'general', '@hailot count, @nobody watch, @human hi']);
	const running = await workspace.spawnOf('hailot', isRunning);

	expect(stdout).toMatch(/@hailot launched #\w{4}\n@nobody ignored \(unknown\)\n@human called/);
	expect(readProcess(running.process?.pid ?? 0)).toMatchObject({groupId: running.process?.pid});
	workspace.go();
	await workspace.rest();
	const [ended] = workspace.spawns();
	expect(ended).toMatchObject({
		status: 'completed',
		exitCode: 0,
		failure: null,
		tokensIn: 7,
		tokensOut: 9,
		attempt: 1,
	});
	expect(ended?.sessionId).toMatch(/^[\da-f-]{36}$/);
	expect(workspace.messages().map(({from, text}) => [from, text])).toEqual([
		['human', '@hailot count, @nobody watch, @human hi'],
		['hailot', 'done @human'],
	]);
	const prompt = readFileSync(join(workspace.home, 'logs', ended?.id ?? '', 'prompt.md'), 'utf8');
	expect(prompt).toContain('You are hailot.');
	expect(prompt).toContain('@hailot count, @nobody watch, @human hi');
});

test('a spawn survives the death of the send that started it, and of its terminal', async () => {
	const workspace = aWorkspace({agents: {hailot: [untilGo]}});
	const starter = startProcess(
		'sh',
		['-c', '"$0" "$1" send general "@hailot go"; sleep 99', process.execPath, cliPath],
		{
			cwd: workspace.directory,
			detached: true,
			stdio: 'ignore',
			env: workspace.env,
		},
	);
	await workspace.spawnOf('hailot', isRunning);
	process.kill(-(starter.pid ?? 0), 'SIGHUP');
	process.kill(-(starter.pid ?? 0), 'SIGKILL');
	workspace.go();
	await workspace.rest();

	expect(workspace.spawns()[0]?.status).toBe('completed');
});

test('a send killed right after its commit loses nothing: the next command starts what it left', async () => {
	const workspace = aWorkspace({agents: {hailot: [forAWhile]}});
	// The real bridge, without the launch that follows it: what a kill at that instant leaves behind.
	const {postMessage} = await import('../../src/bridge/post.ts');
	const post = {channel: 'general', from: 'human', spawnId: null, text: '@hailot go', claim: null};
	postMessage(workspace.opened, post);
	await workspace.raid(['--once']);
	expect(workspace.spawns()[0]?.status).toBe('pending');
	age(workspace);
	const {stdout} = await workspace.raid(['cleanup']);
	await workspace.rest();

	expect(stdout).toMatch(/hailot #\w{4} had no supervisor: started again/);
	expect(workspace.spawns().map(spawn => spawn.status)).toEqual(['completed']);
});

test('twenty sends at the same instant launch one spawn per agent, and lose no mention', async () => {
	const workspace = aWorkspace({agents: {hailot: [untilGo], sonnelot: [untilGo]}});
	const sends = Array.from({length: 20}, (_, index) =>
		workspace.raid(['send', 'general', `@hailot @sonnelot ${index}`]),
	);
	const results = await Promise.all(sends);
	workspace.go();
	await workspace.rest();

	expect(results.map(result => [result.exitCode, result.stderr])).toEqual(Array(20).fill([0, '']));
	const ledger = workspace
		.messages()
		.flatMap(message => message.mentions)
		.filter(({identity}) => identity !== 'human');
	for (const agent of ['hailot', 'sonnelot']) {
		const own = ledger.filter(({identity}) => identity === agent);
		expect(own).toHaveLength(20);
		expect(own.filter(({outcome}) => outcome === 'launched')).toHaveLength(1);
		expect(own.filter(({spawnId}) => spawnId === null)).toEqual([]);
	}
	// One that was launched, and at most one that answers all that came while it ran.
	expect(workspace.spawns().length).toBeLessThanOrEqual(4);
	expect(workspace.spawns().every(spawn => spawn.status === 'completed')).toBe(true);
});

test('what is queued behind a running spawn is answered by one follow-up, with all of it', async () => {
	const workspace = aWorkspace({agents: {hailot: [untilGo]}});
	await workspace.raid(['send', 'general', '@hailot first']);
	await workspace.spawnOf('hailot', isRunning);
	await workspace.raid(['send', 'general', '@hailot second']);
	const {stdout} = await workspace.raid(['send', 'general', '@hailot third']);
	workspace.go();
	await workspace.rest();
	const [, followUp, ...more] = workspace.spawns();

	expect(stdout).toMatch(/@hailot queued \(running\)/);
	expect(more).toEqual([]);
	const prompt = readFileSync(join(workspace.home, 'logs', followUp?.id ?? '', 'prompt.md'), 'utf8');
	expect(prompt.slice(prompt.indexOf('that you answer'))).toMatch(/second[\s\S]*third/);
	expect(prompt.slice(prompt.indexOf('that you answer'))).not.toContain('first');
});

test('above maxLive spawns wait, and start as slots become free, oldest first', async () => {
	const agents = {a: [forAWhile], b: [forAWhile], c: [forAWhile]};
	const workspace = aWorkspace({agents, config: {maxLive: 1}});
	const {stdout} = await workspace.raid(['send', 'general', '@a @b @c']);
	let mostLive = 0;
	await until('all three have ended', () => {
		mostLive = Math.max(mostLive, workspace.spawns().filter(spawn => spawn.status === 'running').length);
		return workspace.spawns().every(spawn => spawn.status === 'completed');
	});

	expect(stdout).toMatch(/@a launched.*\n@b queued \(capacity\).*\n@c queued \(capacity\)/);
	expect(mostLive).toBe(1);
	const byStart = workspace.spawns().toSorted((x, y) => (x.startedAt ?? 0) - (y.startedAt ?? 0));
	expect(byStart.map(spawn => spawn.agent)).toEqual(['a', 'b', 'c']);
});

test('what an agent mentions becomes its child, started by its supervisor', async () => {
	const agents = {
		a: [[{send: '@b your turn'}, {wait: '1s'}]],
		b: [[{send: '@c your turn'}]],
		c: [[{send: '@d too deep'}, {send: 'done @human'}]],
		d: [forAWhile],
	};
	const workspace = aWorkspace({agents, config: {maxDepth: 2}});
	await workspace.raid(['send', 'general', '@a go']);
	await workspace.rest();
	const [a, b, c, ...more] = workspace.spawns();

	expect(more).toEqual([]);
	expect([a?.parentId, b?.parentId, c?.parentId]).toEqual([null, a?.id, b?.id]);
	expect(workspace.messages().find(({text}) => text.includes('too deep'))?.mentions[0]).toMatchObject({
		outcome: 'refused',
		reason: 'depth',
	});
});

test('inside a spawn, raid speaks as its agent and as nobody else', async () => {
	const workspace = aWorkspace({agents: {hailot: [forEver]}});
	await workspace.raid(['send', 'general', '@hailot go']);
	const {id} = await workspace.spawnOf('hailot', isRunning);
	const inside = {RAID_SPAWN_ID: id, RAID_IDENTITY: 'hailot'};
	const refused = await workspace.raid(['send', 'general', 'hi', '--as', 'human'], {env: inside});
	const sent = await workspace.raid(['send', 'general', 'hi'], {env: inside});

	expect(refused.exitCode).toBe(2);
	expect(refused.stderr).toMatch(/speaks only as itself: "hailot", not "human"/);
	expect(sent.exitCode).toBe(0);
	expect(workspace.messages().at(-1)).toMatchObject({from: 'hailot', text: 'hi'});
});

test('a failure that can pass is tried again, once', async () => {
	const workspace = aWorkspace({
		agents: {once: [[{exit: 1, attempt: 1}, {send: 'done @human'}]], always: [[{exit: 3}]]},
	});
	await workspace.raid(['send', 'general', '@once @always go']);
	await workspace.rest();
	const [once, always] = workspace.spawns();

	expect(once).toMatchObject({status: 'completed', attempt: 2});
	expect(always).toMatchObject({status: 'failed', attempt: 2, failure: 'exit 3', exitCode: 3});
	expect(workspace.messages().find(({from}) => from === 'raid')?.text).toMatch(
		/always #\w+ failed: exit 3 \(2 attempts/,
	);
});

test('any executable can be an agent; what it prints is posted for it', async () => {
	const workspace = aWorkspace();
	const {stdout} = await workspace.raid([
		'register',
		'echo',
		'--command',
		`sh -c 'tail -n 1; echo "two  words" "$0"' 'a b'`,
	]);
	await workspace.raid(['send', 'general', '@echo say this']);
	await workspace.rest();

	expect(stdout).toMatch(/Registered echo \(command, default\)/);
	expect(workspace.messages().at(-1)).toMatchObject({from: 'echo', text: '> @echo say this\ntwo  words a b'});
});

test('a program that does not exist fails in plain words, without a second try', async () => {
	const workspace = aWorkspace();
	await workspace.raid(['register', 'ghost', '--command', '/no/such/program']);
	await workspace.raid(['send', 'general', '@ghost boo']);
	await workspace.rest();

	expect(workspace.spawns()[0]).toMatchObject({status: 'failed', attempt: 1});
	expect(workspace.spawns()[0]?.failure).toMatch(/\/no\/such\/program cannot be started: .*ENOENT/);
});

test('an orphan is marked failed by the next command, and what was queued behind it starts', async () => {
	const workspace = aWorkspace({agents: {hailot: [forEver, forAWhile]}});
	await workspace.raid(['send', 'general', '@hailot first']);
	await workspace.spawnOf('hailot', isRunning);
	await workspace.raid(['send', 'general', '@hailot second']);
	for (const entry of processesOf(workspace.home)) process.kill(entry.pid, 'SIGKILL');
	await until('all are gone', () => processesOf(workspace.home).length === 0);
	const {exitCode, stdout} = await workspace.raid(['--once']);
	await workspace.rest();
	const [orphan, followUp] = workspace.spawns();

	expect(exitCode).toBe(0);
	expect(stdout).toMatch(/failed .*orphan: process \d+ is gone/);
	expect(orphan).toMatchObject({status: 'failed'});
	expect(followUp).toMatchObject({status: 'completed'});
});

test('an agent whose supervisor was killed continues under a new one', async () => {
	const workspace = aWorkspace({agents: {hailot: [untilGo]}});
	await workspace.raid(['send', 'general', '@hailot go']);
	const before = await workspace.spawnOf('hailot', isRunning);
	process.kill(before.supervisor?.pid ?? 0, 'SIGKILL');
	await until('the supervisor is gone', () => readProcess(before.supervisor?.pid ?? 0) === null);
	await workspace.raid(['--once']);
	await workspace.spawnOf('hailot', spawn => spawn.supervisor?.pid !== before.supervisor?.pid);
	workspace.go();
	await workspace.rest();
	const [after] = workspace.spawns();

	expect(after).toMatchObject({status: 'completed', attempt: 1, exitCode: 0});
	expect(after?.process).toEqual(before.process);
	expect(after?.supervisor).not.toEqual(before.supervisor);
});

test('the output goes straight to a file, and the prompt is a file that ends', async () => {
	const workspace = aWorkspace({agents: {hailot: [forEver]}});
	await workspace.raid(['send', 'general', '@hailot go']);
	const {id, process: agent} = await workspace.spawnOf('hailot', isRunning);
	const folder = join(workspace.home, 'logs', id);
	// The recorded process is the wrapper; the CLI is its only child, which is a copy of the wrapper for a moment.
	const cli = await until('the CLI runs', () =>
		listProcesses().find(
			({parentPid, pid}) => parentPid === agent?.pid && !readArguments(pid).includes('raid-wrapper'),
		),
	);

	if (existsSync('/proc/self/fd')) {
		const {readlinkSync} = await import('node:fs');
		expect([0, 1, 2].map(fd => readlinkSync(`/proc/${cli.pid}/fd/${fd}`))).toEqual([
			join(folder, 'prompt.md'),
			join(folder, '1.out.jsonl'),
			join(folder, '1.err.log'),
		]);
	}
	expect([readProcess(agent?.pid ?? 0)?.groupId, cli.groupId]).toEqual([agent?.pid, agent?.pid]);
});

test('what an agent said last may not keep its spawn from ending, whatever it is', async () => {
	const workspace = aWorkspace();
	const names = Array.from({length: 101}, (_, index) => `@name${index}`).join(' ');
	workspace.registerCommand('wordy', ['echo', names]);
	await workspace.raid(['send', 'general', '@wordy go']);
	await workspace.rest();

	expect(workspace.spawns()[0]?.status).toBe('completed');
	expect(workspace.messages().at(-1)).toMatchObject({
		from: 'raid',
		text: expect.stringMatching(/The last words of wordy #\w+ could not be posted/),
	});
	expect((await workspace.raid(['--once'])).exitCode).toBe(0);
});

test('a line that an adapter cannot read is passed over', async () => {
	const {readEvents} = await import('../../src/providers/provider.ts');
	const {findProvider, providerNames} = await import('../../src/providers/index.ts');
	const odd = [
		'{"type":"assistant","message":{"content":[null]}}',
		'{"type":"item.completed","item":null}',
		'{"type":"result","stats":7}',
	];
	for (const name of providerNames) {
		const provider = findProvider(name);
		if (provider !== null)
			for (const line of odd) {
				expect(readEvents(provider, line, {output: 'output', fields: null, now: 0})).toBeInstanceOf(Array);
			}
	}
});

test('a retry does not start beside what the attempt before left running', async () => {
	const workspace = aWorkspace({
		agents: {a: [[{spawn: '10m', attempt: 1}, {exit: 1, attempt: 1}, {hang: true}]]},
		config: {graceful: '300ms'},
	});
	await workspace.raid(['send', 'general', '@a go']);
	const second = await workspace.spawnOf('a', spawn => spawn.attempt === 2 && spawn.process !== null);
	const {findMarked} = await import('../../src/process/table.ts');

	const groups = (findMarked('RAID_SPAWN_ID').get(second.id) ?? []).map(entry => entry.groupId);
	expect([...new Set(groups)]).toEqual([second.process?.pid]);
});
