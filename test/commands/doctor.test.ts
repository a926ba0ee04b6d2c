import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {expect, test} from 'vitest';
import {aWorkspace, type TestWorkspace} from '../helpers/workspace.ts';

interface Finding {
	readonly subject: string;
	readonly level: string;
	readonly text: string;
	readonly help: string | null;
}

/** A program on the PATH of the workspace that stands where a CLI is looked for. */
function standIn({directory}: TestWorkspace, name: string, script: string): void {
	const path = join(directory, 'programs', name);
	mkdirSync(join(directory, 'programs'), {recursive: true});
	writeFileSync(path, `#!/bin/sh\n${script}\n`);
	chmodSync(path, 0o755);
}

async function examine(
	workspace: TestWorkspace,
): Promise<{exitCode: number | undefined; findings: Finding[]}> {
	const PATH = [join(workspace.directory, 'programs'), '/usr/bin', '/bin'].join(delimiter);
	const env = {PATH, HOME: workspace.directory, CODEX_API_KEY: '', GEMINI_API_KEY: ''};
	const {stdout, exitCode} = await workspace.raid(['doctor', '--json'], {env});
	return {exitCode, findings: JSON.parse(stdout).findings};
}

test('a workspace in which nothing is amiss is fine', async () => {
	const workspace = aWorkspace({agents: {hailot: [[]]}});
	workspace.registerCommand('echo', ['cat']);
	const {stdout, exitCode} = await workspace.raid(['doctor']);

	expect(exitCode).toBe(0);
	expect(stdout).toMatch(/ok +node +v\d+/);
	expect(stdout).toMatch(/ok +store +.*raid\.db, .* intact/);
	expect(stdout).toMatch(/ok +disk +.* GiB free/);
	expect(stdout).toMatch(/ok +clock +20/);
	expect(stdout).toMatch(/ok +hailot +plays a scenario/);
	expect(stdout).toMatch(/ok +echo +\/.*\/cat/);
});

test('a CLI that is missing, broken, of another version or not logged in is a finding, with its remedy', async () => {
	const workspace = aWorkspace();
	for (const name of ['claude', 'codex', 'gemini']) {
		await workspace.raid(['register', `${name}-bot`, '--model', 'default', '--provider', name]);
	}
	await workspace.raid(['register', 'other', '--command', 'nonesuch --flag']);
	standIn(workspace, 'claude', 'echo "9.9.9 (Claude Code)"; test "$1" = --version');
	standIn(workspace, 'codex', 'echo "cannot find its library" >&2; exit 127');
	const {exitCode, findings} = await examine(workspace);
	const about = (subject: string) => findings.filter(finding => finding.subject === subject);

	expect(exitCode).toBe(1);
	expect(about('claude-bot')).toMatchObject([
		{level: 'warning', text: expect.stringMatching(/claude 9\.9\.9; raid was tested with \d/)},
		{level: 'warning', text: 'claude auth status does not say whether it is logged in'},
	]);
	expect(about('codex-bot')).toMatchObject([
		{level: 'problem', text: expect.stringMatching(/--version exits 127: cannot find its library$/)},
	]);
	expect(about('gemini-bot')).toMatchObject([{level: 'problem', text: 'gemini is not on the PATH'}]);
	expect(about('other')).toMatchObject([{level: 'problem', text: 'nonesuch is not on the PATH'}]);
	for (const {level, help} of findings) expect(help === null).toBe(level === 'ok');
});

test('the login of a CLI is checked by its own command', async () => {
	const workspace = aWorkspace();
	await workspace.raid(['register', 'claude-bot', '--model', 'opus']);
	const login = (loggedIn: boolean) =>
		`test "$1" = --version && exec echo 2.1.331; printf '{"loggedIn": ${loggedIn},\\n"authMethod": "x"}'`;
	standIn(workspace, 'claude', login(true));
	expect((await examine(workspace)).exitCode).toBe(0);
	standIn(workspace, 'claude', login(false));
	const {exitCode, findings} = await examine(workspace);

	expect(exitCode).toBe(1);
	expect(findings.at(-1)?.text).toContain('not logged in');
});

test('without a workspace, or with a store that is none, that is the problem', async () => {
	const workspace = aWorkspace();
	const {exitCode, stdout} = await workspace.raid(['doctor', '--home', '/nowhere']);

	expect(exitCode).toBe(1);
	expect(stdout).toMatch(/problem +workspace +There is no workspace at \/nowhere\. +Create one: raid init/);
});
