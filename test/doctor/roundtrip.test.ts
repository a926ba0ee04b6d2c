import {chmodSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import type {Roundtrip} from '../../src/doctor/roundtrip.ts';
import {openTerminal} from '../helpers/terminal.ts';
import {until} from '../helpers/wait.ts';
import {aWorkspace, processesOf, type TestWorkspace} from '../helpers/workspace.ts';

async function roundtrip(
	workspace: TestWorkspace,
	...args: readonly string[]
): Promise<{readonly exitCode: number | undefined; readonly of: (agent: string) => Roundtrip | undefined}> {
	const {stdout, exitCode} = await workspace.raid(['doctor', '--roundtrip', '--yes', '--json', ...args]);
	const {roundtrips} = JSON.parse(stdout) as {readonly roundtrips: readonly Roundtrip[]};
	return {exitCode, of: agent => roundtrips.find(trip => trip.agent === agent)};
}

test('agents that answer by their own raid send are fine, each with its latency', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{done: 'ok'}]]}});
	workspace.registerCommand('shell', ['sh', '-c', 'raid send --done doctor ok']);
	const {exitCode, of} = await roundtrip(workspace);

	expect(exitCode).toBe(0);
	for (const agent of ['hailot', 'shell']) {
		expect(of(agent)).toMatchObject({isOk: true, reason: null, denials: []});
		expect(of(agent)?.latencyMs).toBeGreaterThan(0);
	}
	// What else was said stays as it was.
	expect(workspace.messages()).toEqual([]);
	expect(workspace.spawns().map(({channel}) => channel)).toEqual(['doctor', 'doctor']);
});

test('an agent that only talks, fails, is refused or not logged in has not answered, with the reason', async () => {
	const print = (event: object) => ({print: JSON.stringify(event)});
	const workspace = aWorkspace({
		agents: {
			talker: [[{say: 'ok'}]],
			refused: [[print({type: 'denied', text: 'Bash(raid send)'}), {say: 'I may not.'}]],
			stranger: [[print({type: 'error', text: 'Not logged in', canPass: false}), {exit: 1}]],
			busy: [[{quota: '1h'}]],
		},
		config: {maxLive: 9},
	});
	workspace.registerCommand('missing', ['nonesuch']);
	const {exitCode, of} = await roundtrip(workspace);

	expect(exitCode).toBe(1);
	expect(of('talker')).toMatchObject({isOk: false, reason: 'it ended without running raid send'});
	expect(of('refused')?.reason).toBe('it ended without running raid send; it was refused Bash(raid send) 1×');
	expect(of('stranger')?.reason).toBe('not logged in: Not logged in (exit 1)');
	expect(of('busy')?.reason).toBe('its quota is used up');
	expect(of('missing')?.reason).toMatch(/nonesuch/);
	await until('nothing is left', () => processesOf(workspace.home).length === 0);
});

test('an agent that takes too long is stopped, and nothing is left of it', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{hang: true}]]}, config: {graceful: '200ms'}});
	const {exitCode, of} = await roundtrip(workspace, '--within', '2s');

	expect(exitCode).toBe(1);
	expect(of('hailot')).toMatchObject({isOk: false, latencyMs: null, reason: 'no answer within 2s'});
	await until('nothing is left', () => processesOf(workspace.home).length === 0);
});

test('what a CLI reports of its boundary in passing is a warning although it answered', async () => {
	const workspace = aWorkspace();
	const script = join(workspace.directory, 'agent');
	writeFileSync(
		script,
		'#!/bin/sh\necho "Commands will run WITHOUT sandboxing" >&2\nraid send --done doctor ok\n',
	);
	chmodSync(script, 0o755);
	workspace.registerCommand('open', [script]);
	const {exitCode, of} = await roundtrip(workspace);

	expect(exitCode).toBe(0);
	expect(of('open')).toMatchObject({
		isOk: true,
		reason: 'Claude Code runs commands without its sandbox',
	});
});

test('one agent alone can be asked, and one that is not there is named', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{done: 'ok'}]], oplot: [[{done: 'ok'}]]}});
	const {of} = await roundtrip(workspace, 'oplot');
	const unknown = await workspace.raid(['doctor', 'nobody', '--roundtrip', '--yes']);

	expect([of('hailot'), of('oplot')?.isOk]).toEqual([undefined, true]);
	expect(unknown).toMatchObject({
		exitCode: 3,
		stderr: 'raid: There is no agent "nobody". List them: raid agents\n',
	});
});

test('it says that it costs tokens, and launches nothing before somebody agrees', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{done: 'ok'}]]}});
	const {directory, env, raid} = workspace;
	const unasked = await raid(['doctor', '--roundtrip']);
	const terminal = openTerminal(['doctor', '--roundtrip'], {cwd: directory, env});
	await terminal.shows('This launches 1 agent (hailot), which costs tokens. Continue? [y/N]');
	terminal.press('n\r');
	await terminal.shows('Nothing was launched.');
	await terminal.ended();

	expect(unasked.exitCode).toBe(2);
	expect(unasked.stderr).toContain('costs tokens. Add --yes to agree.');
	expect(workspace.spawns()).toEqual([]);

	const agreed = openTerminal(['doctor', '--roundtrip'], {cwd: directory, env});
	await agreed.shows('[y/N]');
	agreed.press('y\r');
	await agreed.shows(/ok +hailot +scripted +default +\d+\.\ds/);
	await agreed.ended();
});
