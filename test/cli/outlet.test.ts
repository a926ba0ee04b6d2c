import {cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterAll, expect, test} from 'vitest';
import type {Argument, Command} from '../../src/cli/command.ts';
import {kebab} from '../../src/cli/usage.ts';
import {program} from '../../src/commands/index.ts';
import {defaultLaunch} from '../../src/model/agent.ts';
import {registerAgent} from '../../src/store/agents.ts';
import {createChannel} from '../../src/store/channels.ts';
import {aTerminal} from '../helpers/cli.ts';
import {openTerminal, printedInTerminal} from '../helpers/terminal.ts';
import {aWorkspace, type TestWorkspace} from '../helpers/workspace.ts';
import {hostile, strangersIn, strangersInDashboard} from './hostile.ts';

const root = resolve(import.meta.dirname, '../..');
const {commands, defaultCommand} = program;
const every = [...commands, {...defaultCommand, name: ''}];
const agents = {hailot: [[{say: 'hm'}]]};

/** The command lines of a command, each with something hostile in place of an argument or of a flag's value. */
function hostileLines(command: Command): readonly (readonly string[])[] {
	const words = command.name.split(' ').filter(word => word !== '');
	const harmless = command.arguments.map(
		({type, choices}) => choices?.[0] ?? (type === 'channel' ? 'general' : 'hailot'),
	);
	const flags = Object.entries(command.flags).filter(([, {type}]) => type !== 'boolean');
	return [
		[...words, ...command.arguments.map(() => hostile)],
		[...words, ...harmless, hostile, hostile],
		...flags.map(([name]) => [...words, ...harmless, `--${kebab(name)}=${hostile}`]),
	].filter(line => line.length > 0);
}

async function expectSafe({directory: cwd, env}: TestWorkspace, line: readonly string[]): Promise<string> {
	const written = await printedInTerminal(line, {cwd, env});
	expect(
		strangersIn(written),
		`${JSON.stringify(line)} printed ${JSON.stringify(written.slice(0, 2000))}`,
	).toEqual([]);
	return written;
}

test.each(every.filter(({name}) => name !== ''))(
	'raid $name echoes nothing hostile to the terminal',
	async command => {
		const workspace = aWorkspace({agents});
		await Promise.all(hostileLines(command).map(line => expectSafe(workspace, line)));
	},
);

const long = 'x'.repeat(100_000);

test.each([
	['a command', [hostile]],
	['a flag', [`--${hostile}`]],
	['a value', ['--once', `--json=${hostile}`]],
	['a home', ['spawns', `--home=${hostile}`]],
	['a database', ['spawns', `--db=${hostile}`]],
	['a channel', ['--once', `--channel=${hostile}`]],
	['help', ['help', hostile]],
	['a long word', ['logs', `${hostile}${long}`]],
	['a long name', ['register', long, '--model', 'opus']],
	['a long home', ['spawns', '--home', `/${'x'.repeat(3000)}`]],
	['a long limit', ['limits', `maxLive=${long}`]],
])('%s that makes no sense is echoed safely, and not at length', async (_, line) => {
	expect((await expectSafe(aWorkspace(), line)).length).toBeLessThan(2500);
});

test.each([
	['a key', JSON.stringify({[hostile]: 4})],
	['a value', JSON.stringify({maxLive: hostile})],
	['a duration', JSON.stringify({stallAfter: hostile})],
	['a broken text', `{"maxLive": ${hostile}}`],
	['a broken key', `{"${hostile}`],
	['a long key', JSON.stringify({[`${hostile}${long}`]: 4})],
	['a number', '1e999'],
])('config.json with %s is complained about without a control character', async (_, text) => {
	const workspace = aWorkspace({agents});
	writeFileSync(join(workspace.home, 'config.json'), text);
	for (const line of [['--once'], ['health'], ['stop', '--all']]) {
		expect((await expectSafe(workspace, line)).length).toBeLessThan(4000);
		await expectSafe({...workspace, env: {...workspace.env, RAID_DEBUG: '1'}}, line);
	}
});

// Made once, because it takes an agent that has run.
const forgedHome = mkdtempSync(join(tmpdir(), 'raid-forged-'));
let isForged = false;
afterAll(() => rmSync(forgedHome, {recursive: true, force: true}));

/** A workspace in whose store something hostile stands wherever a text may be. */
async function aForgedWorkspace(): Promise<TestWorkspace> {
	if (isForged) return aWorkspace({copyOf: forgedHome});
	const workspace = await forge();
	cpSync(workspace.home, forgedHome, {recursive: true, preserveTimestamps: true});
	isForged = true;
	return workspace;
}

async function forge(): Promise<TestWorkspace> {
	const workspace = aWorkspace({agents});
	const {opened, raid} = workspace;
	const {store, newId, now} = opened;
	await raid(['send', 'general', `@hailot go, @nobody too ${hostile}`]);
	await workspace.rest();
	const launch = {...defaultLaunch, args: [hostile]};
	const forged = {
		identity: hostile,
		model: hostile,
		provider: hostile,
		role: hostile,
		constitution: null,
		launch,
	};
	registerAgent(store, forged, newId(), now());
	createChannel(store, `forged${hostile}`, hostile, newId(), now());
	store.prepare('UPDATE agents SET role = ?').run(hostile);
	store.prepare('UPDATE channels SET topic = ?').run(hostile);
	store.prepare('UPDATE messages SET content = ?').run(hostile);
	store.prepare('UPDATE raid_mentions SET reason = ?').run(hostile);
	store.prepare(`UPDATE raid_mentions SET outcome = 'held' WHERE identity = 'nobody'`).run();
	store
		.prepare('INSERT INTO raid_holds (scope, subject, sequence, held_by, held_at) VALUES (?, ?, 1, ?, ?)')
		.run('agent', hostile, hostile, hostile);
	store
		.prepare(
			`UPDATE raid_spawns SET failure = @text, killed_by = @text, retry_text = @text, provider = @text, model = @text, role = @text`,
		)
		.run({text: hostile});
	store.prepare(`UPDATE spawns SET status = 'failed', session_id = ?`).run(hostile);
	store.prepare('UPDATE raid_attempts SET failure = ?, signal = ?').run(hostile, hostile);
	store
		.prepare(`INSERT INTO raid_alerts (alert_id, sequence, kind, severity, subject, text, since, opened_at)
			VALUES (@text, 1, @text, @text, @text, @text, @text, @text)`)
		.run({text: hostile});
	store.prepare('INSERT INTO raid_settings (name, value) VALUES (?, ?)').run(hostile, hostile);
	return workspace;
}

/** An argument that names what is forged. */
function forgedArgument({type, choices}: Argument, id: string): string {
	if (choices !== undefined) return choices[0] ?? '';
	return {channel: `forged${hostile}`, agent: hostile, spawn: id, text: `${hostile}`, file: 'echo'}[type];
}

// These wait for what is to come, or run the agents.
const callsOrWaits = new Set(['follow', 'live', 'roundtrip']);

// The demo makes a workspace of its own, with scenarios that are ours.
const readers = every.filter(({name}) => name !== 'demo');

test.each(readers)('raid $name prints nothing hostile that stands in the store', async command => {
	const workspace = await aForgedWorkspace();
	const [spawn] = workspace.spawns();
	const words = command.name.split(' ').filter(word => word !== '');
	const named = command.arguments.map(argument => forgedArgument(argument, spawn?.id ?? ''));
	const lines = [
		[...words, ...named],
		[
			...words,
			...command.arguments.flatMap(argument =>
				argument.isOptional ? [] : [forgedArgument(argument, spawn?.id ?? '')],
			),
		],
		...Object.entries(command.flags)
			.filter(([flag, {type}]) => type === 'boolean' && !callsOrWaits.has(flag))
			.map(([flag, {isOn}]) => [
				...words,
				...(flag === 'all' ? [] : named),
				`--${isOn ? 'no-' : ''}${kebab(flag)}`,
			]),
	].map(line => (command.name === '' ? ['--once', ...line] : line));
	const [first = []] = lines;
	await Promise.all([...lines, [...first, '--json']].map(line => expectSafe(workspace, line)));
});

test('the dashboard writes nothing hostile that stands in the store', async () => {
	const {directory, env} = await aForgedWorkspace();
	const terminal = openTerminal(['--channel', 'general'], {cwd: directory, env, columns: 160, rows: 45});
	await terminal.shows('q quit');
	for (const [key, text] of [
		['c', 'Enter show'],
		['\u001b', 'q quit'],
		['r', 'held in #general:'],
		['n', 'q quit'],
		['h', /hold|store/],
		['?', 'select the next'],
	] as const) {
		terminal.press(key);
		await terminal.shows(text);
	}
	terminal.press('\u001b');
	await terminal.shows('q quit');
	terminal.press('q');
	await terminal.ended();

	expect(strangersInDashboard(terminal.written())).toEqual([]);
});

test('logs show nothing hostile that an agent printed, also when only the output is a terminal', async () => {
	const workspace = aWorkspace({agents});
	await workspace.raid(['send', 'general', '@hailot go']);
	await workspace.rest();
	const id = workspace.spawns()[0]?.id ?? '';
	const folder = join(workspace.home, 'logs', id);
	mkdirSync(folder, {recursive: true});
	const events = ['text', 'tool', 'tool result', 'error', 'denied', 'retry', hostile].map(type =>
		JSON.stringify({type, text: hostile, id: hostile}),
	);
	const text = [...events, `${hostile}${' '.repeat(300_000)}${hostile}`, ''].join('\n');
	for (const name of ['1.out.jsonl', '1.err.log']) writeFileSync(join(folder, name), text);
	for (const flags of [
		[],
		['--raw'],
		['--errors'],
		['--raw', '--errors'],
		['--json'],
		['--raw', '--json'],
		['--tail', '3'],
		['--raw', '--tail', '3'],
	]) {
		const line = ['logs', id, ...flags];
		await expectSafe(workspace, line);
		const onlyOutput = await printedInTerminal(line, {
			cwd: workspace.directory,
			env: workspace.env,
			input: '/dev/null',
		});
		expect(strangersIn(onlyOutput), line.join(' ')).toEqual([]);
	}
	const {stdout} = await workspace.raid(['logs', id, '--raw']);
	expect(stdout).toBe(text);
});

test('documents are unchanged in a pipe, and mean the same on a terminal', () => {
	const printed = (isScreen: boolean) => {
		let text = '';
		const terminal = aTerminal(
			part => {
				text += part;
			},
			{isScreen},
		);
		terminal.printJson(JSON.stringify({hostile}));
		return text;
	};

	expect(printed(false)).toBe(`${JSON.stringify({hostile})}\n`);
	expect(strangersIn(printed(true).trimEnd())).toEqual([]);
	expect(JSON.parse(printed(true))).toEqual({hostile});
});

test('only the outlet writes to a terminal', () => {
	// console.error writes to standard error, which is guarded in every process.
	const writes = /process\.std(out|err)\b|console\.(?!error\b)/;
	const writers = ['src', 'components']
		.flatMap(sourcesIn)
		.filter(file => writes.test(readFileSync(join(root, file), 'utf8')));

	expect(writers.toSorted()).toEqual([
		'src/bin.cjs',
		'src/cli/outlet.ts',
		'src/main.ts',
		// A stand-in for an agent CLI, whose output goes to files.
		'src/providers/scripted/player.ts',
	]);
});

function sourcesIn(folder: string): readonly string[] {
	return readdirSync(join(root, folder), {recursive: true, encoding: 'utf8'})
		.filter(path => /\.(tsx?|cjs)$/.test(path))
		.map(path => join(folder, path));
}
