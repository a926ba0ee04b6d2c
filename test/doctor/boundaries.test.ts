import {chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect, test} from 'vitest';
import {checkBoundary, silentFailuresIn} from '../../src/doctor/boundaries.ts';
import {checkCodexSandbox} from '../../src/doctor/codex-sandbox.ts';
import {defaultLaunch, type LaunchOptions} from '../../src/model/agent.ts';
import {anAgent} from '../helpers/builders.ts';
import {aWorkspace, type TestWorkspace} from '../helpers/workspace.ts';

function agentOf(provider: string, launch: Partial<LaunchOptions> = {}) {
	return anAgent({identity: 'x', provider, launch: {...defaultLaunch, ...launch}});
}

function aHome(): TestWorkspace {
	return aWorkspace({
		environment: directory => ({HOME: join(directory, 'home'), PATH: join(directory, 'programs')}),
	});
}

function write(path: string, text: string, mode = 0o644): void {
	mkdirSync(dirname(path), {recursive: true});
	writeFileSync(path, text);
	chmodSync(path, mode);
}

test("an agent's own arguments that take away what its permissions say are a warning", () => {
	const {opened} = aHome();
	const args = ['-s', 'danger-full-access'];

	expect(checkBoundary(opened, agentOf('codex', {args}))).toMatchObject([{level: 'warning', subject: 'x'}]);
	expect(checkBoundary(opened, agentOf('codex', {args: ['-m', 'o9']}))).toEqual([]);
});

test('a linked workspace is a warning', () => {
	const workspace = aHome();
	renameSync(workspace.home, `${workspace.home}-elsewhere`);
	symlinkSync(`${workspace.home}-elsewhere`, workspace.home);

	expect(checkBoundary(workspace.opened, agentOf('codex'))).toMatchObject([
		{level: 'warning', text: expect.stringContaining('is a symbolic link')},
	]);
	expect(checkBoundary(workspace.opened, agentOf('codex', {permissions: 'full'}))).toEqual([]);
});

test("Claude Code's own sandbox that is switched on but not installed is a warning, because it fails open", () => {
	const workspace = aHome();
	write(join(workspace.directory, '.claude', 'settings.json'), '{"sandbox": {"enabled": true}}');
	const [finding] = checkBoundary(workspace.opened, agentOf('claude'));

	expect(finding?.text).toMatch(/settings\.json switches on the sandbox .* bwrap and socat cannot be found/);
	for (const name of ['bwrap', 'socat'])
		write(join(workspace.directory, 'programs', name), '#!/bin/sh\n', 0o755);
	expect(checkBoundary(workspace.opened, agentOf('claude'))).toEqual([]);
});

test('what a CLI reports about its boundary in passing is found', () => {
	expect(
		silentFailuresIn(
			'x\nUnsafe regex pattern (potential ReDoS)\nbwrap: No permissions to create a new namespace, likely',
		),
	).toEqual([
		'Gemini CLI left out a rule of a policy, because it distrusts its pattern',
		'the sandbox of Codex cannot be set up here',
	]);
	expect(silentFailuresIn('all is well')).toEqual([]);
});

/** A stand-in for Codex whose `sandbox` behaves like this, after its own arguments. */
function standIn(workspace: TestWorkspace, script: string): string {
	const path = join(workspace.directory, 'programs', 'codex');
	write(
		path,
		`#!/bin/sh\nPATH=/usr/bin:/bin; export PATH\nwhile [ "$1" != -- ]; do shift; done; shift\n${script}\n`,
		0o755,
	);
	return path;
}

test('a sandbox of Codex that cannot be set up, that closes too much or too little is a finding', async () => {
	const workspace = aHome();
	const check = async (script: string) =>
		checkCodexSandbox(
			workspace.opened,
			agentOf('codex', {permissions: 'ask-nothing'}),
			standIn(workspace, script),
		);

	expect(await check('echo "bwrap: No permissions to create a new namespace" >&2; exit 1')).toMatchObject({
		level: 'problem',
		text: expect.stringMatching(/every command .*\(exit 1\): bwrap: No permissions/),
	});
	expect(await check('exec "$@"')).toMatchObject({
		level: 'warning',
		text: expect.stringContaining("write raid's records"),
	});
	expect(await check('echo ran')).toMatchObject({
		level: 'problem',
		text: expect.stringContaining('cannot post'),
	});
	expect(await check('echo ran; echo outbox')).toMatchObject({level: 'ok'});
	expect(await check(`echo "error: unrecognized subcommand 'sandbox'" >&2; exit 2`)).toMatchObject({
		level: 'warning',
	});
});
