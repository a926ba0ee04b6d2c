import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {StoreError} from '../../src/errors.ts';
import {recordsFrom} from '../../src/model/history.ts';
import {spawnFrom} from '../../src/model/spawn-history.ts';
import {findAgent} from '../../src/store/agents.ts';
import {findChannel} from '../../src/store/channels.ts';
import {listEvents} from '../../src/store/events.ts';
import {readEverything} from '../../src/store/everything.ts';
import {readGuard} from '../../src/store/guards.ts';
import {endSpawn} from '../../src/store/life.ts';
import {openStore} from '../../src/store/open.ts';
import {findSpawn} from '../../src/store/spawns.ts';
import {makeOldStore, message, spawn} from '../helpers/old-store.ts';

const at = '2026-01-01T12:00:00.000Z';

function anOldStore(): string {
	const folder = mkdtempSync(join(tmpdir(), 'raid-test-'));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	const path = join(folder, 'raid.db');
	const sql = [
		message('m1', 'h', '@ann go'),
		spawn('s-0001', 'a', 'm1', 'failed'),
		message('m2', 'a', '@bob your turn'),
		`INSERT INTO raid_messages VALUES ('m2', 's-0001');`,
		spawn('s-0002', 'b', 'm2', 'pending'),
		`UPDATE spawns SET parent_spawn_id = 's-0001' WHERE id = 's-0002';`,
		`INSERT INTO raid_attempts (spawn_id, attempt, pid, started_at, ended_at, exit_code, tokens_in)
			VALUES ('s-0001', 1, 7, '${at}', '${at}', 3, 12);`,
		`INSERT INTO raid_events (at, kind, spawn_id, channel_id, detail) VALUES
			('${at}', 'ended', 's-0001', 'c', 'failed'), ('${at}', 'spoke', NULL, 'c', 'human'),
			('${at}', 'ended', 's-0001', 'c', 'timeout'), ('${at}', 'ended', 's-0001', 'c', 'failed');`,
		`INSERT INTO raid_holds VALUES ('', 'human', '${at}'), ('c', 'human', '${at}');`,
	];
	makeOldStore(path, sql.join('\n'));
	return path;
}

function migrated() {
	const store = openStore(anOldStore(), {machine: 'm'});
	onTestFinished(() => {
		store.close();
	});
	return store;
}

test('a store of the version before keeps all that is in it; what it did not record is unknown', () => {
	const store = migrated();
	const {messages, holds, mentions} = readEverything(store);

	expect(messages.map(({id, spawnId, claim}) => [id, spawnId, claim])).toEqual([
		['m1', null, null],
		['m2', 's-0001', null],
	]);
	expect(findSpawn(store, 's-0002')).toMatchObject({
		machine: null,
		namespace: null,
		boot: 'boot',
		rootMessageId: 'm1',
		retryOf: null,
		model: 'default',
		isTombstone: false,
	});
	expect(mentions.map(({identity, spawnId}) => [identity, spawnId])).toEqual([
		['ann', 's-0001'],
		['bob', 's-0002'],
	]);
	expect(holds.map(({scope}) => scope)).toEqual([{type: 'all'}, {type: 'channel', channel: 'general'}]);
	expect(findAgent(store, 'bob')?.launch?.command).toEqual(['cat', '{cwd}/x']);
	expect(findChannel(store, 'general')?.failuresInARow).toBe(2);
	expect(readGuard(store, 'general', 'bob', {identity: 'ann', spawnId: 's-0001'})).toMatchObject({
		failuresInARow: 2,
		isOnHold: true,
	});
	expect(store.pragma('foreign_key_check')).toEqual([]);
});

test('its log keeps the old words, then begins with what was there; all is rebuilt from it', () => {
	const store = migrated();
	const log = listEvents(store);
	expect(log.slice(0, 5).map(event => event.kind)).toEqual([
		'unknown',
		'unknown',
		'unknown',
		'unknown',
		'log-began',
	]);
	expect(log[0]).toMatchObject({sequence: 1, host: null, spawn: 's-0001', words: 'ended', detail: 'failed'});
	expect(log.slice(5).every(({kind, host}) => kind === 'imported' && host === 'm')).toBe(true);

	expect(recordsFrom(log)).toEqual(readEverything(store));
	endSpawn(store, 's-0002', {status: 'failed', failure: 'exit 1'}, Date.UTC(2026, 0, 2));
	expect(recordsFrom(listEvents(store))).toEqual(readEverything(store));
	expect(spawnFrom(listEvents(store, {spawn: 's-0002'}))).toEqual(
		readEverything(store).spawns.find(({id}) => id === 's-0002'),
	);
});

test('a store that may not be migrated now stays as it was', () => {
	const path = anOldStore();
	const refuse = () => {
		throw new StoreError('not now');
	};
	expect(() => openStore(path, {machine: 'm', beforeMigration: refuse})).toThrow('not now');
	const store = openStore(path, {machine: 'm'});

	expect(readEverything(store).spawns).toHaveLength(2);
	// Only an older store is asked for.
	store.close();
	openStore(path, {machine: 'm', beforeMigration: refuse}).close();
});
