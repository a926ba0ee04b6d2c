import {chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {expect, test} from 'vitest';
import {checkAwake} from '../../../src/doctor/awake.ts';
import {holdersFor} from '../../../src/launcher/supervisor/keep-awake.ts';
import {readProcess} from '../../../src/process/table.ts';
import {until} from '../../helpers/wait.ts';
import {aWorkspace, type Setting} from '../../helpers/workspace.ts';

const onLinux = test.runIf(process.platform === 'linux');

/** A workspace with a stand-in for systemd-inhibit that says who it is, then runs what it was given, as the real one does. */
function aWakefulWorkspace(script: string, setting: Setting = {}) {
	return aWorkspace({
		...setting,
		environment(directory) {
			const programs = join(directory, 'programs');
			mkdirSync(programs);
			writeFileSync(join(programs, 'systemd-inhibit'), `#!/bin/sh\ncd ${directory}\n${script}\n`);
			chmodSync(join(programs, 'systemd-inhibit'), 0o755);
			return {...process.env, PATH: [programs, process.env.PATH].join(delimiter)};
		},
	});
}

const holding = `echo $$ > holder; echo "$@" > words; env > environment; shift 4; "$@"; echo over > over`;
const agents = {hailot: [[{waitFor: 'go'}, {send: 'done @human'}]]};

onLinux('the machine is kept awake while a spawn is live, and not any longer', async () => {
	const workspace = aWakefulWorkspace(holding, {agents});
	const at = (name: string) => join(workspace.directory, name);
	await workspace.raid(['send', 'general', '@hailot go']);
	await workspace.spawnOf('hailot', ({process}) => process !== null);
	await until('it is kept awake', () => existsSync(at('environment')));

	expect(readFileSync(at('words'), 'utf8')).toBe(
		'--what=idle:sleep --who=raid --why=Agents are at work --mode=block cat\n',
	);
	expect(readFileSync(at('environment'), 'utf8')).not.toMatch(/^RAID_/m);
	expect(existsSync(at('over'))).toBe(false);
	workspace.go();
	await workspace.rest();
	const holder = Number(readFileSync(at('holder'), 'utf8'));
	await until('it may sleep', () => readProcess(holder) === null);
});

onLinux('what keeps the machine awake ends also when its supervisor is killed', async () => {
	const workspace = aWakefulWorkspace(holding, {agents});
	const at = (name: string) => join(workspace.directory, name);
	await workspace.raid(['send', 'general', '@hailot go']);
	const {supervisor} = await workspace.spawnOf('hailot', ({process}) => process !== null);
	await until('it is kept awake', () => existsSync(at('environment')));
	const holder = Number(readFileSync(at('holder'), 'utf8'));
	process.kill(supervisor?.pid ?? 0, 'SIGKILL');

	await until('it is let go', () => existsSync(at('over')) && readProcess(holder) === null);
});

onLinux('config turns that off', async () => {
	const workspace = aWakefulWorkspace(holding, {agents, config: {keepAwake: false}});
	await workspace.raid(['send', 'general', '@hailot go']);
	workspace.go();
	await workspace.rest();

	expect(existsSync(join(workspace.directory, 'holder'))).toBe(false);
});

onLinux(
	'whoever may not keep the machine from being suspended keeps it from being idle; who may neither, works',
	async () => {
		const script = 'echo "$1" >> words; case $1 in *sleep) exit 1;; esac; shift 4; exec "$@"';
		const workspace = aWakefulWorkspace(script, {agents});
		const words = join(workspace.directory, 'words');
		await workspace.raid(['send', 'general', '@hailot go']);
		await until(
			'both were tried',
			() => existsSync(words) && readFileSync(words, 'utf8').includes('--what=idle\n'),
		);
		workspace.go();
		await workspace.rest();

		expect(readFileSync(words, 'utf8')).toBe('--what=idle:sleep\n--what=idle\n');
		expect(workspace.spawns()[0]?.status).toBe('completed');
	},
);

test('doctor says whether the machine is kept awake', async () => {
	const env = {PATH: '/nowhere'};

	expect(await checkAwake(false, 'linux', env)).toMatchObject({
		level: 'ok',
		text: expect.stringContaining('keepAwake'),
	});
	expect(await checkAwake(true, 'darwin', env)).toMatchObject({
		level: 'warning',
		text: 'caffeinate is missing or refuses to keep the machine awake',
	});
	expect(await checkAwake(true, 'freebsd', env)).toMatchObject({level: 'warning'});
	expect(holdersFor('darwin', 7)).toEqual([{program: 'caffeinate', args: ['-is', '-w', '7']}]);
});
