import {existsSync, readFileSync} from 'node:fs';
import {expect} from 'vitest';
import {recordsFrom} from '../../src/model/history.ts';
import {mentionsIn} from '../../src/model/mention.ts';
import type {RaidRecord} from '../../src/model/record.ts';
import {listEvents} from '../../src/store/events.ts';
import {readEverything} from '../../src/store/everything.ts';
import {attemptFiles} from '../../src/workspace/paths.ts';
import {until} from '../helpers/wait.ts';
import {processesOf, type TestWorkspace} from '../helpers/workspace.ts';

/** Mends what faults left, as commands of an operator would, until nothing is live; then ends strays. */
export async function recover(workspace: TestWorkspace): Promise<void> {
	const {store} = workspace.opened;
	for (let round = 0; ; round += 1) {
		// Lets the 30 s pass after which an unclaimed spawn is started again.
		store.prepare(`UPDATE spawns SET created_at = '2026-01-01T00:00:00.000Z' WHERE status = 'pending'`).run();
		const {exitCode, stderr} = await workspace.raid(['cleanup']);
		expect([exitCode, stderr]).toEqual([0, '']);
		if (workspace.spawns().every(spawn => spawn.endedAt !== null)) break;
		if (round === 100)
			throw new Error(
				`spawns do not end: ${JSON.stringify(workspace.spawns().filter(s => s.endedAt === null))}`,
			);
	}
	await until('no supervisor is left', () => processesOf(workspace.home).length === 0);
}

/** What must hold after any fault, once it is mended. `acknowledged`: messages whose `send` said that they were posted. */
export function expectInvariants(workspace: TestWorkspace, acknowledged: readonly string[]): void {
	const {store} = workspace.opened;
	const spawns = workspace.spawns();
	const messages = workspace.messages();
	const texts = messages.map(message => message.text);

	// Every message stored is there.
	for (const text of acknowledged) expect(texts.filter(stored => stored === text)).toHaveLength(1);
	// Every mention has exactly one outcome, and none still waits for what has ended.
	for (const message of messages.filter(({from}) => from !== 'raid')) {
		expect(message.mentions.map(({identity}) => identity).toSorted()).toEqual(
			[...mentionsIn(message.text)].toSorted(),
		);
	}
	expect(
		messages.flatMap(({mentions}) => mentions).filter(m => m.outcome === 'queued' && m.spawnId === null),
	).toEqual([]);
	// Nothing says running without its process, and no process of an ended spawn is alive.
	expect(spawns.filter(spawn => spawn.endedAt === null)).toEqual([]);
	expect(processesOf(workspace.home)).toEqual([]);
	// No attempt ran twice: each run of the scripted provider opens its output with one session.
	for (const spawn of spawns) {
		for (let attempt = 1; attempt <= spawn.attempt; attempt += 1) {
			const {output} = attemptFiles(workspace.home, spawn.id, attempt);
			const text = existsSync(output) ? readFileSync(output, 'utf8') : '';
			expect(text.match(/"type":"session"/g)?.length ?? 0).toBeLessThanOrEqual(1);
		}
	}
	// The log alone gives all that is recorded; but for the times of creation, with which `recover` plays.
	expect(withoutTimes(recordsFrom(listEvents(store)))).toEqual(withoutTimes(readEverything(store)));
	expect(store.pragma('integrity_check', {simple: true})).toBe('ok');
	expect(store.pragma('foreign_key_check')).toEqual([]);
}

function withoutTimes({spawns, ...others}: RaidRecord) {
	return {...others, spawns: spawns.map(spawn => ({...spawn, createdAt: 0}))};
}
