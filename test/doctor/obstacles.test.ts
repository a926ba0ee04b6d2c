import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect, test} from 'vitest';
import {describeObstacles, obstaclesOf} from '../../src/doctor/obstacles.ts';
import {signOfLogin} from '../../src/providers/login.ts';
import {anAgent} from '../helpers/builders.ts';
import {aWorkspace, type TestWorkspace, temporaryFolder} from '../helpers/workspace.ts';

function write(path: string, text: string): void {
	mkdirSync(dirname(path), {recursive: true});
	writeFileSync(path, text);
}

/** A workspace whose PATH has these programs alone, and whose user has no login. */
function aBareWorkspace(programs: readonly string[]): TestWorkspace {
	return aWorkspace({
		environment: directory => {
			for (const name of programs) {
				write(join(directory, 'programs', name), '#!/bin/sh\nexit 1\n');
				chmodSync(join(directory, 'programs', name), 0o755);
			}
			return {HOME: join(directory, 'home'), PATH: `${join(directory, 'programs')}:/usr/bin:/bin`};
		},
	});
}

const party = [
	anAgent({identity: 'oplot', provider: 'claude'}),
	anAgent({identity: 'hailot', provider: 'claude'}),
	anAgent({identity: 'sentinel', provider: 'codex'}),
	anAgent({identity: 'player'}),
];

test('an agent whose CLI is missing, or of whose login there is no sign, cannot run here', () => {
	const {opened} = aBareWorkspace(['codex']);
	const obstacles = obstaclesOf(opened, party);

	expect(obstacles.map(({agent, type}) => [agent, type])).toEqual([
		['oplot', 'program'],
		['hailot', 'program'],
		['sentinel', 'login'],
	]);
	expect(describeObstacles(obstacles)).toEqual([
		'oplot, hailot cannot run here: claude is not on the PATH. Install it (npm install -g @anthropic-ai/claude-code), and log in.',
		expect.stringMatching(/^sentinel cannot run here: no sign of a login: neither CODEX_API_KEY nor /),
	]);
});

test('inside a spawn nobody is said to be unable to run, because a sandbox may hide what is there', () => {
	const {opened} = aBareWorkspace([]);

	expect(obstaclesOf({...opened, env: {...opened.env, RAID_SPAWN_ID: 'x'}}, party)).toEqual([]);
});

test('init, agents and send say who cannot run here, and why', async () => {
	const workspace = aBareWorkspace([]);
	const {directory, raid} = workspace;
	const made = await raid(['init', '--home', join(directory, 'new', '.raid')]);
	await raid(['register', 'sentinel', '--provider', 'codex', '--model', 'default']);
	await raid(['register', 'other', '--command', './tool {model}']);
	const listed = await raid(['agents']);
	const document = JSON.parse((await raid(['agents', '--json'])).stdout);
	const sent = await raid(['send', 'general', '@sentinel look']);
	await workspace.rest();

	expect(made.stdout).toContain('oplot, sonnelot, hailot, prime cannot run here: claude is not on the PATH.');
	expect(made.stdout).toContain('sentinel cannot run here: codex is not on the PATH.');
	expect(made.stdout).toContain('auger cannot run here: gemini is not on the PATH.');
	expect(listed.stdout).toMatch(/sentinel +codex +default +edit +no CLI/);
	expect(listed.stdout).toContain('other cannot run here: ./tool is not on the PATH.');
	expect(document.cannotRun.map(({agent}: {agent: string}) => agent)).toEqual(['sentinel', 'other']);
	expect(sent.stdout).toMatch(
		/@sentinel launched #\w+\nsentinel cannot run here: codex is not on the PATH\. Install it/,
	);
	expect((await raid(['alerts'])).stdout).toMatch(/sentinel failed in #general: .*raid doctor/);
});

test.each<[string, string, string, boolean | null]>([
	['claude', '.claude/.credentials.json', '{}', true],
	['claude', '.claude/settings.json', '{"apiKeyHelper": "/bin/key"}', null],
	['codex', '.codex/auth.json', '{}', true],
	['codex', '.codex/config.toml', 'model_provider = "mine"', null],
	['codex', '.codex/config.toml', 'model = "o9"', false],
	['gemini', '.gemini/.env', 'GEMINI_API_KEY=x', null],
	['gemini', '.gemini/settings.json', '{"security": {"auth": {"selectedType": "vertex-ai"}}}', null],
	['gemini', '.gemini/settings.json', '{"security": {"auth": {"selectedType": "oauth-personal"}}}', false],
])('%s: with %s of %s its login is %s', (provider, path, text, isThere) => {
	const home = temporaryFolder();
	write(join(home, path), text);

	expect(signOfLogin(provider, {env: {HOME: home}, cwd: home}).isThere).toBe(isThere);
});

test('a consumer Google login is no proof of a login for Gemini CLI', () => {
	const home = temporaryFolder();
	write(join(home, '.gemini', 'oauth_creds.json'), '{}');
	const sign = signOfLogin('gemini', {env: {HOME: home}, cwd: home});

	expect(sign.isThere).toBeNull();
	expect(sign.text).toContain('has refused consumer accounts (free, Pro, Ultra) since June 2026');
	expect(signOfLogin('gemini', {env: {HOME: home, GEMINI_API_KEY: 'x'}, cwd: home}).isThere).toBe(true);
});
