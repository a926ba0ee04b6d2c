import type * as v from 'valibot';
import {agentSchema, agentsSchema, registeredSchema} from './agent.ts';
import {acknowledgedSchema, alertSchema, alertsSchema} from './alert.ts';
import {channelSchema, channelsSchema, createdChannelSchema} from './channel.ts';
import {
	backedUpSchema,
	cleanedSchema,
	endedElsewhereSchema,
	heldSchema,
	limitsSchema,
	mendedSpawnSchema,
	prunedSchema,
	retriedSchema,
	shownLimitsSchema,
	stoppedSchema,
	stoppedSpawnSchema,
	straySchema,
} from './control.ts';
import {logEventSchema, logLineSchema} from './log.ts';
import {
	ledgerEntrySchema,
	ledgerSchema,
	mentionSchema,
	settledMentionSchema,
	settledSchema,
} from './mention.ts';
import {messageSchema, sentSchema} from './message.ts';
import {obstacleSchema} from './obstacle.ts';
import {countsSchema, raidSchema} from './raid.ts';
import {
	completionSchema,
	findingSchema,
	findingsSchema,
	helpSchema,
	initSchema,
	roundtripSchema,
	roundtripsSchema,
} from './setup.ts';
import {chainSchema, spawnSchema, spawnsSchema} from './spawn.ts';
import {tokensSchema} from './usage.ts';

/** The schemas of the documents, besides their `version`, by the command that prints them. */
export const documents = {
	'raid --once': raidSchema,
	'raid demo': raidSchema,
	'raid init': initSchema,
	'raid register': registeredSchema,
	'raid doctor': findingsSchema,
	'raid doctor --roundtrip': roundtripsSchema,
	'raid send': sentSchema,
	'raid recv': messageSchema,
	'raid channels': channelsSchema,
	'raid channels create': createdChannelSchema,
	'raid mentions': ledgerSchema,
	'raid agents': agentsSchema,
	'raid spawns': spawnsSchema,
	'raid chain': chainSchema,
	'raid logs': logEventSchema,
	'raid logs --errors': logLineSchema,
	'raid alerts': alertsSchema,
	'raid alerts --ack': acknowledgedSchema,
	'raid health': alertsSchema,
	'raid stop': stoppedSchema,
	'raid retry': retriedSchema,
	'raid hold': heldSchema,
	'raid release': settledSchema,
	'raid drop': settledSchema,
	'raid limits': shownLimitsSchema,
	'raid cleanup': cleanedSchema,
	'raid prune': prunedSchema,
	'raid backup': backedUpSchema,
	'raid cleanup --elsewhere': endedElsewhereSchema,
	'raid completion': completionSchema,
	'raid help': helpSchema,
} as const satisfies Readonly<Record<string, v.GenericSchema>>;

/** The schemas of what documents are made of, by the name that docs/json.md gives them. */
export const parts = {
	counts: countsSchema,
	spawn: spawnSchema,
	agent: agentSchema,
	tokens: tokensSchema,
	channel: channelSchema,
	message: messageSchema,
	mention: mentionSchema,
	'settled mention': settledMentionSchema,
	'ledger entry': ledgerEntrySchema,
	alert: alertSchema,
	'stopped spawn': stoppedSpawnSchema,
	'mended spawn': mendedSpawnSchema,
	stray: straySchema,
	limits: limitsSchema,
	finding: findingSchema,
	obstacle: obstacleSchema,
	roundtrip: roundtripSchema,
} as const satisfies Readonly<Record<string, v.GenericSchema>>;
