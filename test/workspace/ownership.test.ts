import {chmodSync, chownSync, existsSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {aWorkspace, cliPath, type TestWorkspace, temporaryFolder} from '../helpers/workspace.ts';

const isRoot = process.geteuid?.() === 0;
const nobody = 65_534;

/** Gives a workspace, with all that is in it, to another user. */
function giveAway(home: string): void {
	for (const path of readdirSync(home, {recursive: true, encoding: 'utf8'}))
		chownSync(join(home, path), nobody, nobody);
	chownSync(home, nobody, nobody);
}

function below({directory}: TestWorkspace): string {
	const folder = join(directory, 'src', 'deep');
	mkdirSync(folder, {recursive: true});
	return folder;
}

const raidIn = (cwd: string, args: readonly string[], env: NodeJS.ProcessEnv, user?: number) =>
	execa(process.execPath, [cliPath, ...args], {
		cwd,
		env,
		extendEnv: false,
		reject: false,
		stdin: 'ignore',
		...(user === undefined ? {} : {uid: user, gid: user}),
	});

test.runIf(isRoot)(
	'what another user put into a folder above does not run as you, root included',
	async () => {
		const workspace = aWorkspace();
		workspace.registerCommand('sonnelot', ['sh', '-c', 'id -un > whoami']);
		giveAway(workspace.home);
		const cwd = below(workspace);
		const env = {...workspace.env, HOME: temporaryFolder()};
		const sent = await raidIn(cwd, ['send', 'general', '@sonnelot fix the tests'], env);

		expect(sent.exitCode).toBe(4);
		expect(sent.stderr.split('\n')).toHaveLength(1);
		expect(sent.stderr).toContain(`${workspace.home} belongs to another user (uid 65534, not 0)`);
		for (const args of [['--once'], ['health'], ['init', '--home', workspace.home], ['doctor']]) {
			expect((await raidIn(cwd, args, {...env, SUDO_UID: String(nobody)})).exitCode, args[0]).toBeGreaterThan(
				0,
			);
		}
		expect(workspace.spawns()).toEqual([]);
		expect(existsSync(join(workspace.directory, 'whoami'))).toBe(false);

		// As the error says.
		const line = /If you trust it: (.*)$/.exec(sent.stderr)?.[1] ?? '';
		await execa('sh', ['-c', line], {env, extendEnv: false});
		expect((await raidIn(cwd, ['health'], env)).stdout).toMatch(/^All is well/);
	},
);

test('a workspace that others can write is refused, until they cannot', async () => {
	const workspace = aWorkspace();
	chmodSync(workspace.home, 0o770);
	const refused = await workspace.raid(['health']);
	chmodSync(workspace.home, 0o755);
	const read = await workspace.raid(['health']);
	chmodSync(join(workspace.home, 'config.json'), 0o666);
	const config = await workspace.raid(['health']);
	chmodSync(workspace.home, 0o700);
	const closed = await workspace.raid(['health']);

	expect([refused.exitCode, refused.stderr]).toEqual([
		4,
		expect.stringContaining(`Others can write ${workspace.home} (chmod go-w`),
	]);
	expect(read.exitCode).toBe(0);
	expect([config.exitCode, config.stderr]).toEqual([4, expect.stringContaining('config.json')]);
	expect(closed.exitCode).toBe(0);
});

test.runIf(isRoot)('the list of trusted workspaces counts only when it is your own', async () => {
	const workspace = aWorkspace();
	giveAway(workspace.home);
	const config = temporaryFolder();
	mkdirSync(join(config, 'raid'));
	const list = join(config, 'raid', 'trusted');
	writeFileSync(list, `/elsewhere/.raid\n${workspace.home}\n`);
	const env = {...workspace.env, XDG_CONFIG_HOME: config};

	expect((await raidIn(workspace.directory, ['health'], env)).exitCode).toBe(0);
	chownSync(list, nobody, nobody);
	expect((await raidIn(workspace.directory, ['health'], env)).exitCode).toBe(4);
});
