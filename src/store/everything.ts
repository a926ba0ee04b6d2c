import type {RaidRecord, SpawnRecord} from '../model/record.ts';
import type {SpawnId} from '../model/spawn.ts';
import {listAgentRecords} from './agents.ts';
import {listAlertRecords} from './alerts.ts';
import {listAttempts} from './attempts.ts';
import {listChannelRecords} from './channels.ts';
import {listGaps} from './gaps.ts';
import {listHoldRecords} from './holds.ts';
import {listLeashRecords} from './leashes.ts';
import {listMentions} from './mentions.ts';
import {listMessageRecords} from './messages.ts';
import {reading, type Store} from './open.ts';
import {readSeen, readSettings} from './settings.ts';
import {type SpawnRow, spawnOf, spawnQuery} from './spawns.ts';
import {statement} from './statements.ts';

/** All that is recorded, read in one transaction. The log alone must be able to rebuild it. */
export function readEverything(store: Store): RaidRecord {
	return reading(store, () => ({
		agents: listAgentRecords(store),
		channels: listChannelRecords(store),
		spawns: listSpawnRecords(store),
		messages: listMessageRecords(store),
		mentions: listMentions(store),
		holds: listHoldRecords(store),
		leashes: listLeashRecords(store),
		limits: readSettings(store),
		alerts: listAlertRecords(store),
		gaps: listGaps(store),
		seen: readSeen(store),
	}));
}

function listSpawnRecords(store: Store): readonly SpawnRecord[] {
	const query = `${spawnQuery(', constitution_hash AS constitutionHash')} ORDER BY raid_spawns.sequence`;
	const attempts: ReadonlyMap<SpawnId, SpawnRecord['attempts']> = listAttempts(store);
	return statement<[], SpawnRow & {constitutionHash: string | null}>(store, query)
		.all()
		.map(row => ({...spawnOf(row), attempts: attempts.get(row.id) ?? []}));
}
