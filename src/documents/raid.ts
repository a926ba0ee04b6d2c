import * as v from 'valibot';
import type {HoldScope} from '../model/action.ts';
import {isAgent} from '../model/agent.ts';
import type {Raid} from '../model/raid.ts';
import {agentDocument, agentSchema} from './agent.ts';
import {alertDocument, alertSchema} from './alert.ts';
import {textOrNull, time, timestamp} from './common.ts';
import {messageDocument, messageSchema} from './message.ts';
import {spawnDocument, spawnSchema} from './spawn.ts';

/** Spawns of the whole store by status, and mentions that are held. */
export const countsSchema = v.strictObject({
	live: v.number(),
	pending: v.number(),
	completed: v.number(),
	failed: v.number(),
	timeout: v.number(),
	killed: v.number(),
	held: v.number(),
});

/** The snapshot: `raid --once`, and the end of `raid demo`. */
export const raidSchema = v.strictObject({
	at: timestamp,
	system: v.picklist(['raidwatch', 'space-os']),
	home: v.string(),
	db: v.string(),
	channel: textOrNull,
	counts: countsSchema,
	holds: v.array(v.string()),
	gaps: v.array(v.strictObject({from: timestamp, until: timestamp})),
	alerts: v.array(alertSchema),
	agents: v.array(agentSchema),
	spawns: v.array(spawnSchema),
	messages: v.array(messageSchema),
});

type RaidDocument = v.InferOutput<typeof raidSchema>;

/** The raid as a document. */
export function raidDocument(raid: Raid): RaidDocument {
	const {running, pending, completed, failed, timeout, killed} = raid.totals;
	return {
		at: time(raid.at),
		system: raid.system.kind,
		home: raid.home,
		db: raid.db,
		channel: raid.channel,
		counts: {live: running, pending, completed, failed, timeout, killed, held: raid.held},
		holds: raid.holds.map(holdName),
		gaps: raid.gaps.map(({from, until}) => ({from: time(from), until: time(until)})),
		alerts: raid.alerts.map(alertDocument),
		agents: raid.agents.filter(isAgent).map(agent => agentDocument(agent, raid.spawns)),
		spawns: raid.spawns.map(spawnDocument),
		messages: raid.messages.map(messageDocument),
	};
}

/** The name of a hold: that of its channel, `@agent`, or `*` for everything. */
function holdName(scope: HoldScope): string {
	switch (scope.type) {
		case 'all':
			return '*';
		case 'channel':
			return scope.channel;
		case 'agent':
			return `@${scope.agent}`;
	}
}
