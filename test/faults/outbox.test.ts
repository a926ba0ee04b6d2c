import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {reconcile} from '../../src/launcher/reconcile.ts';
import {signalProcess} from '../../src/process/signals.ts';
import {isAlive} from '../../src/process/table.ts';
import {aWorkspace} from '../helpers/workspace.ts';
import {expectInvariants, recover} from './invariants.ts';

// The whole of it: FAULT_AGENTS=50 FAULT_MESSAGES=200 FAULT_CALLS=4 vitest run test/faults/outbox.test.ts
const agents = Number(process.env.FAULT_AGENTS ?? 6);
const each = Number(process.env.FAULT_MESSAGES ?? 40);
const mostKills = 2 * agents;
const calls = Number(process.env.FAULT_CALLS ?? 2);

test(`${agents} agents with ${each} messages each, and supervisors killed at random: each message is there once`, async () => {
	// A second try would say everything again, and rightly so.
	const workspace = aWorkspace({config: {maxLive: agents, retries: 0, breaker: 1000}});
	const {opened, home, directory} = workspace;
	const accepted = join(directory, 'accepted');
	const script = join(import.meta.dirname, 'speak-many.ts');
	const names = Array.from({length: agents}, (_, index) => `w${index}`);
	for (const name of names)
		workspace.registerCommand(name, [process.execPath, script, String(each), String(calls), accepted]);
	for (let from = 0; from < agents; from += 50) {
		const called = names.slice(from, from + 50).map(name => `@${name}`);
		const {exitCode} = await workspace.raid(['send', 'general', called.join(' ')]);
		expect(exitCode).toBe(0);
	}
	let kills = 0;
	const isOver = () => workspace.spawns().every(spawn => spawn.endedAt !== null);
	while (!isOver()) {
		// Those whose agents run, and not for ever: on a busy machine none would get anywhere.
		const running = workspace
			.spawns()
			.filter(({process, supervisor}) => process !== null && isAlive(supervisor));
		const supervisors = running.map(({supervisor}) => supervisor);
		const victim = supervisors[Math.floor(Math.random() * supervisors.length)];
		if (kills < mostKills && victim != null && signalProcess(victim, 'SIGKILL')) kills += 1;
		await delay(200);
		await reconcile(opened);
	}
	await recover(workspace);

	const expected = names.flatMap(name => Array.from({length: each}, (_, index) => `${name}-${index}`));
	const said = workspace.messages().filter(({from}) => names.includes(from));
	const texts = said.map(({text}) => text);
	const lost = expected.filter(text => !texts.includes(text));
	const doubled = texts.filter((text, index) => texts.indexOf(text) !== index);
	console.log(
		`${agents} × ${each} messages, ${kills} supervisors killed: ${texts.length} stored, ${lost.length} lost, ${doubled.length} doubled`,
	);
	expect(readFileSync(accepted, 'utf8').trim().split('\n').toSorted()).toEqual(expected.toSorted());
	expect([lost, doubled]).toEqual([[], []]);
	expect(said.every(({from, text}) => text.startsWith(`${from}-`))).toBe(true);
	expect(existsSync(join(home, 'outbox')) ? readdirSync(join(home, 'outbox')) : []).toEqual([]);
	expect(kills).toBeGreaterThan(0);
	expectInvariants(workspace, []);
}, 900_000);
