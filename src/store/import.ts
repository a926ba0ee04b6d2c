import {systemIdentity} from '../model/agent.ts';
import type {Imported} from '../model/event.ts';
import type {Instant} from '../model/time.ts';
import {readEverything} from './everything.ts';
import type {Store} from './open.ts';
import {record} from './record.ts';
import {statement} from './statements.ts';

/**
 * Opens the log of a store that was written before there was one: after `log-began`, an event for each record, in today's
 * order, which gives the record its sequence. Older events stay as they are, in words. Within the migration.
 */
export function importRecords(store: Store, at: Instant): void {
	const {agents, channels, messages, spawns, mentions, holds} = readEverything(store);
	record(store, {kind: 'log-began', at, version: '003-log'}, () => {});
	const bring = (table: string, where: string, imported: readonly (readonly [Imported, ...string[]])[]) => {
		const query = statement(store, `UPDATE ${table} SET sequence = ? WHERE ${where}`);
		for (const [entry, ...key] of imported) {
			const spawn = entry.type === 'spawn' ? entry.record.id : null;
			record(store, {kind: 'imported', at, spawn, record: entry}, sequence => query.run(sequence, ...key));
		}
	};
	bring(
		'raid_agents',
		'agent_id = (SELECT agent_id FROM agents WHERE identity = ?)',
		agents.map(agent => [{type: 'agent', record: agent}, agent.identity]),
	);
	bring(
		'raid_messages',
		'message_id = ?',
		messages.map(message => [{type: 'message', record: message}, message.id]),
	);
	// After the messages, because a channel knows the sequence of the last one.
	setLastSequences(store);
	const bySince = new Map(readEverything(store).channels.map(channel => [channel.name, channel]));
	bring(
		'raid_channels',
		'channel_id = (SELECT channel_id FROM channels WHERE name = ?)',
		channels.map(channel => [{type: 'channel', record: bySince.get(channel.name) ?? channel}, channel.name]),
	);
	bring(
		'raid_spawns',
		'spawn_id = ?',
		spawns.map(spawn => [{type: 'spawn', record: spawn}, spawn.id]),
	);
	bring(
		'raid_mentions',
		'message_id = ? AND identity = ?',
		mentions.map(mention => [{type: 'mention', record: mention}, mention.messageId, mention.identity]),
	);
	for (const hold of holds)
		record(store, {kind: 'imported', at, spawn: null, record: {type: 'hold', record: hold}}, () => {});
}

function setLastSequences(store: Store): void {
	const lastOf = (condition: string) => `ifnull((
		SELECT max(raid_messages.sequence)
		FROM raid_messages JOIN messages USING (message_id) JOIN agents USING (agent_id)
		WHERE messages.channel_id = raid_channels.channel_id AND ${condition}), 0)`;
	const query = `
		UPDATE raid_channels SET last_sequence = ${lastOf('TRUE')},
			human_sequence = ${lastOf(`model IS NULL AND identity <> '${systemIdentity}'`)}`;
	statement(store, query).run();
}
