import {mkdirSync, readFileSync, rmSync, truncateSync} from 'node:fs';
import {join} from 'node:path';
import Database from 'better-sqlite3';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {canUnshare} from '../helpers/namespaces.ts';
import {until} from '../helpers/wait.ts';
import {aWorkspace, cliPath} from '../helpers/workspace.ts';
import {expectInvariants, recover} from './invariants.ts';

const quick = [[{wait: '500ms'}, {send: 'done @human'}]];
const isRunning = (spawn: {process: unknown}) => spawn.process !== null;

test.each([1, 10])(
	'the database locked by another writer for %d s: everything waits, nothing is lost',
	async seconds => {
		const workspace = aWorkspace({agents: {a: quick}});
		await workspace.raid(['send', 'general', '@a first']);
		await workspace.spawnOf('a', isRunning);
		const other = new Database(join(workspace.home, 'raid.db'));
		other.exec('BEGIN IMMEDIATE');
		const sending = workspace.raid(['send', 'general', '@a second']);
		const looking = workspace.raid(['--once']);
		await new Promise(resolve => setTimeout(resolve, seconds * 1000));
		other.exec('COMMIT');
		other.close();

		const onlyWaited = expect.stringMatching(
			/^(raid: (Waiting for another|The records are shown)[^\n]*\n)*$/,
		);
		expect(await sending).toMatchObject({exitCode: 0, stderr: onlyWaited});
		expect(await looking).toMatchObject({exitCode: 0, stderr: onlyWaited});
		await workspace.rest();
		await recover(workspace);
		expectInvariants(workspace, ['@a first', '@a second']);
	},
);

test.each<[string, (output: string) => void]>([
	['deleted', output => rmSync(output)],
	['truncated', output => truncateSync(output)],
])('the output file %s while the agent runs: its end is recorded all the same', async (_, damage) => {
	const workspace = aWorkspace({agents: {a: [[{say: 'hm'}, {wait: '1s'}, {send: 'done @human'}]]}});
	await workspace.raid(['send', 'general', '@a go']);
	const {id} = await workspace.spawnOf('a', isRunning);
	const output = join(workspace.home, 'logs', id, '1.out.jsonl');
	await until('it has printed', () => readFileSync(output, 'utf8').includes('hm'));
	damage(output);
	await workspace.rest();
	await recover(workspace);

	expect(workspace.spawns()[0]?.status).toMatch(/completed|failed/);
	expectInvariants(workspace, ['@a go']);
});

test('an agent that floods 200 MB ends as it would, and the supervisor stays small', async () => {
	const workspace = aWorkspace();
	workspace.registerCommand('flood', ['sh', '-c', 'yes flooding | head -c 200000000; echo the end; sleep 3']);
	await workspace.raid(['send', 'general', '@flood go']);
	const {supervisor} = await workspace.spawnOf('flood', isRunning);
	let peak = 0;
	await until('it has ended', () => {
		const status = statusOf(supervisor?.pid ?? 0);
		peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
		return workspace.spawns()[0]?.status === 'completed';
	});

	expect(peak).toBeLessThan(400 * 1024);
	expect(workspace.messages().at(-1)?.text).toMatch(/the end$/);
	expect(workspace.messages().at(-1)?.text.length).toBeLessThanOrEqual(64 * 1024);
});

test('a line of 50 MB, invalid UTF-8 and half lines of JSON do no harm', async () => {
	const workspace = aWorkspace();
	const script = `head -c 50000000 /dev/zero | tr '\\0' x; echo; printf '\\377\\376{"type":"te'; echo; echo fine`;
	workspace.registerCommand('odd', ['sh', '-c', script]);
	await workspace.raid(['send', 'general', '@odd go']);
	await workspace.rest();

	expect(workspace.spawns()[0]).toMatchObject({status: 'completed'});
	expect(workspace.messages().at(-1)?.text).toMatch(/fine$/);
});

test('fifty processes that send at once', async () => {
	const workspace = aWorkspace({agents: {a: quick, b: quick}});
	const texts = Array.from({length: 50}, (_, index) => `@a @b number ${index}`);
	const results = await Promise.all(texts.map(text => workspace.raid(['send', 'general', text])));

	expect(results.filter(({exitCode, stderr}) => exitCode !== 0 || stderr !== '')).toEqual([]);
	await workspace.rest();
	await recover(workspace);
	expectInvariants(workspace, texts);
});

test('an hour back on the clock changes neither order nor outcome', async () => {
	const workspace = aWorkspace({agents: {a: quick}});
	const {postMessage} = await import('../../src/bridge/post.ts');
	const post = (text: string, now: number) =>
		postMessage(
			{...workspace.opened, now: () => now},
			{channel: 'general', from: 'human', spawnId: null, text, claim: null},
		);
	post('before the step', Date.now() + 3_600_000);
	post('after the step', Date.now());
	await workspace.raid(['send', 'general', '@a go']);
	await workspace.rest();

	expect(workspace.messages().map(message => message.text)).toEqual([
		'before the step',
		'after the step',
		'@a go',
		'done @human',
	]);
	expect(workspace.spawns()[0]?.status).toBe('completed');
});

test.runIf(canUnshare())(
	'a full disk: a send that cannot be stored says so, and what was stored stays whole',
	async () => {
		const workspace = aWorkspace({agents: {a: quick}});
		await workspace.raid(['send', 'general', 'before']);
		const disk = join(workspace.directory, 'disk');
		mkdirSync(disk);
		// A disk of 1 MiB of its own, with a copy of the workspace on it; filled by messages until one does not fit.
		const script = `
		mount -t tmpfs -o size=1m none "$0" && cp -r "$1" "$0/.raid" && cd "$0" || exit 99
		for index in 1 2 3 4 5 6 7 8 9 10; do
			head -c 200000 /dev/zero | tr '\\0' x | "$2" "$3" send general - >/dev/null || { echo "code $?"; break; }
		done
		"$2" "$3" recv general --json | grep -c '"text"'`;
		const {stdout, stderr} = await execa(
			'unshare',
			['-rm', 'sh', '-c', script, disk, workspace.home, process.execPath, cliPath],
			{
				env: workspace.env,
				extendEnv: false,
				reject: false,
			},
		);

		expect(stdout).toMatch(/^code 4\n[1-9]\d*$/);
		expect(stderr).toMatch(/^raid: [^\n]*full[^\n]*$/);
	},
);

function statusOf(pid: number): string {
	try {
		return readFileSync(`/proc/${pid}/status`, 'utf8');
	} catch {
		return '';
	}
}
