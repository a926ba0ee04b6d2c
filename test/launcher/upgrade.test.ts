import {
	cpSync,
	existsSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {postMessage} from '../../src/bridge/post.ts';
import {startOrHold} from '../../src/launcher/install.ts';
import {isAlive} from '../../src/process/table.ts';
import {until} from '../helpers/wait.ts';
import {aWorkspace, cliPath, type TestWorkspace, temporaryFolder} from '../helpers/workspace.ts';

/** An install of its own, which a test may change; its `dist`. */
function anInstall(): string {
	const folder = temporaryFolder();
	const ours = resolve(dirname(cliPath), '..');
	cpSync(join(ours, 'dist'), join(folder, 'dist'), {recursive: true});
	cpSync(join(ours, 'package.json'), join(folder, 'package.json'));
	symlinkSync(join(ours, 'node_modules'), join(folder, 'node_modules'));
	return join(folder, 'dist');
}

/** Puts another version in the place of an install: as after an upgrade, no chunk has the name that it had. */
function upgrade(dist: string): void {
	const fresh = anInstall();
	const names = readdirSync(fresh).filter(name => /-[A-Z\d]{8}\.mjs$/.test(name));
	for (const file of readdirSync(fresh).filter(name => name.endsWith('.mjs'))) {
		const text = names.reduce((all, name) => all.replaceAll(name, `new-${name}`), read(fresh, file));
		writeFileSync(join(fresh, file), text);
	}
	for (const name of names) renameSync(join(fresh, name), join(fresh, `new-${name}`));
	rmSync(dist, {recursive: true});
	cpSync(fresh, dist, {recursive: true});
}

const read = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8');

function raidOf({directory, env}: TestWorkspace, dist: string) {
	return (...args: readonly string[]) =>
		execa(process.execPath, [join(dist, 'cli.js'), ...args], {
			cwd: directory,
			env,
			extendEnv: false,
			stdin: 'ignore',
		});
}

test('an upgrade while a spawn waits for its quota breaks nothing: it resumes, and its follow-up starts', async () => {
	const steps = [{quota: '1h', attempt: 1}, {waitFor: 'go'}, {send: 'done @human'}];
	const workspace = aWorkspace({agents: {hailot: [steps, [{send: 'also done @human'}]]}});
	const {store} = workspace.opened;
	const dist = anInstall();
	const raid = raidOf(workspace, dist);
	await raid('send', 'general', '@hailot go');
	const {id} = await workspace.spawnOf('hailot', spawn => spawn.resumeAt !== null);
	upgrade(dist);
	store.prepare('UPDATE raid_spawns SET resume_at = ?').run(new Date().toISOString());
	await workspace.spawnOf('hailot', spawn => spawn.attempt === 2 && spawn.process !== null);
	await raid('send', 'general', '@hailot more');
	workspace.go();
	await until(
		'both have ended',
		() => workspace.spawns().filter(({status}) => status === 'completed').length === 2,
	);

	expect(workspace.messages().map(({text}) => text)).toEqual(
		expect.arrayContaining(['done @human', 'also done @human']),
	);
	expect(read(join(workspace.home, 'logs', id), 'supervisor.err.log')).toBe('');
});

test('a supervisor that has started nothing yet survives an upgrade as well', async () => {
	const agents = {hailot: [[{waitFor: 'go'}, {send: 'done @human'}], [{send: 'also done @human'}]]};
	const workspace = aWorkspace({agents});
	const dist = anInstall();
	const raid = raidOf(workspace, dist);
	await raid('send', 'general', '@hailot go');
	const before = await workspace.spawnOf('hailot', ({process}) => process !== null);
	await raid('send', 'general', '@hailot more');
	process.kill(before.supervisor?.pid ?? 0, 'SIGKILL');
	await until('its supervisor is gone', () => !isAlive(before.supervisor));
	await raid('--once');
	await workspace.spawnOf('hailot', ({supervisor}) => supervisor?.pid !== before.supervisor?.pid);
	upgrade(dist);
	workspace.go();
	await until(
		'both have ended',
		() => workspace.spawns().filter(({status}) => status === 'completed').length === 2,
	);

	expect(read(join(workspace.home, 'logs', before.id), 'supervisor.err.log')).toBe('');
});

test('an install that is gone for good holds what waits, and says so in the channel', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{send: 'done @human'}]]}});
	const gone = join(workspace.directory, 'no', 'cli.js');
	const post = {channel: 'general', from: 'human', spawnId: null, text: '@hailot go', claim: null};
	postMessage(workspace.opened, post);
	await startOrHold({...workspace.opened, cliPath: gone}, 0);

	expect(existsSync(gone)).toBe(false);
	expect(workspace.spawns()[0]).toMatchObject({status: 'pending', hold: 'install'});
	expect(workspace.messages()[0]?.mentions).toMatchObject([{outcome: 'held', reason: 'install'}]);
	expect(workspace.messages().at(-1)).toMatchObject({
		from: 'raid',
		text: expect.stringMatching(/^hailot #\w{4} cannot start, because .*cli\.js is gone\. Install it/),
	});
	await workspace.raid(['release', 'general']);
	await workspace.rest();
	expect(workspace.spawns()[0]?.status).toBe('completed');
});
