import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {listAgents} from '../../src/store/agents.ts';
import {listEvents} from '../../src/store/events.ts';
import {until} from '../helpers/wait.ts';
import {aWorkspace, type TestWorkspace} from '../helpers/workspace.ts';

const only = 'Only the operator may do that.';

/** Lets an agent run a script of the shell, inside its spawn, to its end; what it printed, errors included. */
async function runInside(workspace: TestWorkspace, script: string, name = 'sh'): Promise<string> {
	const path = join(workspace.directory, `${name}.sh`);
	const printed = join(workspace.directory, `${name}.printed`);
	writeFileSync(path, script);
	workspace.registerCommand(name, [
		'sh',
		'-c',
		`sh ${path} > ${printed} 2>&1; mv ${printed} ${printed}.whole`,
	]);
	await workspace.raid(['send', 'general', `@${name} go`]);
	await until('the script has ended', () => existsSync(`${printed}.whole`));
	return readFileSync(`${printed}.whole`, 'utf8');
}

test('an agent that unsets its spawn, or names another, neither becomes the operator nor another agent', async () => {
	const workspace = aWorkspace({agents: {other: [[{waitFor: 'go'}]]}});
	await workspace.raid(['send', 'general', '@other go']);
	const {id} = await workspace.spawnOf('other', spawn => spawn.process !== null);
	const printed = await runInside(
		workspace,
		`
		env -u RAID_SPAWN_ID raid send general "as a human" --as human; echo "exit $?"
		env -u RAID_SPAWN_ID -u RAID_HOME -u RAID_IDENTITY raid send general "as myself"; echo "exit $?"
		RAID_SPAWN_ID=${id} raid send general "as another"; echo "exit $?"
		env -u RAID_SPAWN_ID raid register evil --command true; echo "exit $?"
		env -u RAID_SPAWN_ID raid release; echo "exit $?"
		env -u RAID_SPAWN_ID setsid raid stop --all; echo "exit $?"
		RAID_SUPERVISOR_OF=x env -u RAID_SPAWN_ID raid hold; echo "exit $?"`,
	);

	expect(printed.match(/exit \d/g)).toEqual([
		'exit 2',
		'exit 0',
		'exit 2',
		'exit 2',
		'exit 2',
		'exit 2',
		'exit 2',
	]);
	expect(printed).toMatch(/speaks only as itself: "sh", not "human"/);
	expect(printed).toMatch(/names another spawn than the one that this command runs in/);
	expect(printed).not.toMatch(/[Uu]nset/);
	expect(workspace.messages().map(({from, text}) => [from, text])).toEqual([
		['human', '@other go'],
		['human', '@sh go'],
		['sh', 'as myself'],
	]);
	expect(listAgents(workspace.opened.store).map(({identity}) => identity)).not.toContain('evil');
	workspace.go();
	await workspace.rest();
});

test('inside a spawn nothing that operates the raid is done, and reading works', async () => {
	const workspace = aWorkspace();
	const refused = [
		'stop --all',
		'hold',
		'release',
		'drop --all',
		'register evil --command true',
		'channels create x',
		'limits maxLive=9',
		'cleanup',
		'init',
	];
	const read = [
		'spawns',
		'--once',
		'agents',
		'channels',
		'recv general',
		'mentions',
		'health',
		'chain',
		'limits',
	];
	const printed = await runInside(
		workspace,
		[
			...refused.map(line => `raid ${line}; echo "refused $?"`),
			...read.map(line => `raid ${line} > /dev/null; echo "read $?"`),
		].join('\n'),
	);

	expect(printed.match(/refused \d/g)).toEqual(refused.map(() => 'refused 2'));
	expect(printed.split('\n').filter(line => line.includes(only))).toHaveLength(refused.length);
	expect(printed.match(/read \d/g)).toEqual(read.map(() => 'read 0'));
	await workspace.rest();
	expect(workspace.spawns().map(({status}) => status)).toEqual(['completed']);
});

test('an agent that may operate does, and is recorded as the one who did', async () => {
	const workspace = aWorkspace({agents: {other: [[{waitFor: 'go'}]]}});
	const {store} = workspace.opened;
	await workspace.raid(['send', 'general', '@other go']);
	const {id} = await workspace.spawnOf('other', spawn => spawn.process !== null);
	await workspace.raid(['register', 'boss', '--command', 'true', '--may', 'operate']);
	const shown = await workspace.raid(['agents']);
	expect(shown.stdout).toMatch(/boss .*operates/);
	const script = join(workspace.directory, 'boss.sh');
	writeFileSync(
		script,
		`raid hold; raid channels create side; raid stop ${id}; raid send side "done with it" > said; raid send side x --as human 2> refused; echo over > over`,
	);
	await workspace.raid(['register', 'boss', '--command', `sh ${script}`]);
	await workspace.raid(['send', 'general', '@boss go']);
	await until('it is over', () => existsSync(join(workspace.directory, 'over')));
	await workspace.rest();

	expect(listEvents(store).find(({kind}) => kind === 'hold-placed')).toMatchObject({by: 'boss'});
	expect(workspace.spawns()[0]).toMatchObject({status: 'killed', killedBy: 'boss'});
	expect(readFileSync(join(workspace.directory, 'said'), 'utf8')).toMatch(/Posted to #side/);
	expect(readFileSync(join(workspace.directory, 'refused'), 'utf8')).toMatch(/speaks only as itself/);
	await workspace.raid(['register', 'boss', '--may', 'post']);
	expect((await workspace.raid(['agents', '--json'])).stdout).toMatch(/"mayOperate": false/);
});

test('a workspace of its own is an agent’s to operate, but not in the name of its spawn', async () => {
	const workspace = aWorkspace();
	const own = join(workspace.directory, 'own');
	mkdirSync(own);
	const printed = await runInside(
		workspace,
		`
		cd ${own}
		env -u RAID_HOME -u RAID_SPAWN_ID raid init > /dev/null; echo "exit $?"
		raid --home ${own}/.raid send general "in another’s name"; echo "exit $?"
		RAID_HOME=${own}/.raid raid send general "in another’s name"; echo "exit $?"
		env -u RAID_HOME -u RAID_SPAWN_ID raid send general "my own"; echo "exit $?"
		env -u RAID_HOME -u RAID_SPAWN_ID raid recv general`,
	);

	expect(printed.match(/exit \d/g)).toEqual(['exit 0', 'exit 2', 'exit 2', 'exit 0']);
	expect(printed).toMatch(/inside a spawn of another workspace/);
	expect(printed.match(/in another’s name/g)).toBeNull();
	expect(printed).toMatch(/human: my own/);
	await workspace.rest();
});

test('a child that an agent left behind speaks no more when its spawn has ended', async () => {
	const workspace = aWorkspace({agents: {b: [[]]}});
	const {directory} = workspace;
	workspace.registerCommand('a', [
		'sh',
		'-c',
		`setsid sh -c 'until [ -e ${directory}/go ]; do sleep 0.05; done; raid send general "@b go" > ${directory}/late 2>&1; echo "exit $?" >> ${directory}/late; mv ${directory}/late ${directory}/late.whole' > /dev/null 2>&1 & exit 0`,
	]);
	await workspace.raid(['send', 'general', '@a go']);
	await workspace.rest();
	await until(
		'its outbox is gone',
		() => !existsSync(join(workspace.home, 'outbox', workspace.spawns()[0]?.id ?? '')),
	);
	workspace.go();
	await until('the child has tried', () => existsSync(join(directory, 'late.whole')));

	expect(readFileSync(join(directory, 'late.whole'), 'utf8')).toMatch(
		/has ended, and speaks no more.*\nexit 2/s,
	);
	expect(workspace.messages()).toHaveLength(1);
	expect(workspace.spawns()).toHaveLength(1);
});

test('while its supervisor does not move, a message is accepted, and posted once when it does again', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{waitFor: 'go'}]]}});
	await workspace.raid(['send', 'general', '@hailot go']);
	const {id, supervisor} = await workspace.spawnOf('hailot', spawn => spawn.process !== null);
	process.kill(supervisor?.pid ?? 0, 'SIGSTOP');
	const env = {RAID_SPAWN_ID: id, RAID_IDENTITY: 'hailot'};
	const sent = await workspace.raid(['send', 'general', 'wait for it', '--json'], {env});
	const {message, isPosted, mentions} = JSON.parse(sent.stdout);

	expect([sent.exitCode, isPosted, mentions]).toEqual([0, false, []]);
	expect(workspace.messages()).toHaveLength(1);
	process.kill(supervisor?.pid ?? 0, 'SIGCONT');
	await until('it is posted', () => workspace.messages().length === 2);
	expect(workspace.messages().at(-1)).toMatchObject({id: message, from: 'hailot', text: 'wait for it'});
	workspace.go();
	await workspace.rest();
	expect(workspace.messages()).toHaveLength(2);
});

test('a supervisor that dies leaves the messages to the next one', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{waitFor: 'go'}]]}});
	await workspace.raid(['send', 'general', '@hailot go']);
	const {id, supervisor} = await workspace.spawnOf('hailot', spawn => spawn.process !== null);
	process.kill(supervisor?.pid ?? 0, 'SIGKILL');
	const env = {RAID_SPAWN_ID: id, RAID_IDENTITY: 'hailot'};
	const sending = workspace.raid(['send', 'general', 'is anybody there?'], {env});
	await workspace.raid(['cleanup']);

	expect((await sending).exitCode).toBe(0);
	await until('it is posted', () => workspace.messages().length === 2);
	workspace.go();
	await workspace.rest();
	expect(workspace.messages().filter(({text}) => text === 'is anybody there?')).toHaveLength(1);
});

test('a message whose spawn cannot be started is posted, and the error says so', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{send: 'here I am'}]]}});
	const logs = join(workspace.home, 'logs');
	rmSync(logs, {recursive: true});
	writeFileSync(logs, 'not a folder');
	const {exitCode, stdout, stderr} = await workspace.raid(['send', 'general', '@hailot go']);
	const [message] = workspace.messages();

	expect([exitCode, stdout]).toEqual([1, '']);
	expect(stderr).toMatch(
		/^raid: The message is posted \(\S+\), but what it asks for cannot be started yet \(ENOTDIR.*\)\. Do not send it again: when the cause is gone, the next raid command starts it\.$/m,
	);
	expect(stderr).toContain(message?.id);
	rmSync(logs);
	// Lets the time pass after which a spawn that nobody has claimed is started again.
	workspace.opened.store.exec(`UPDATE spawns SET created_at = '2026-01-01T00:00:00.000Z'`);
	await workspace.raid(['spawns']);
	await workspace.rest();
	expect(workspace.messages().map(({text}) => text)).toEqual(['@hailot go', 'here I am']);
});

test('an agent whose supervisor is of the version before speaks after an upgrade: what it says waits in an outbox', async () => {
	const workspace = aWorkspace();
	const printed = await runInside(
		workspace,
		`
		rm -rf "$RAID_HOME/outbox/$RAID_SPAWN_ID" "$RAID_HOME/logs/$RAID_SPAWN_ID/heartbeat"
		raid send general "after the upgrade"; echo "exit $?"`,
	);

	expect(printed).toMatch(/exit 0/);
	await workspace.rest();
	expect(workspace.messages().map(({text}) => text)).toContain('after the upgrade');
});
