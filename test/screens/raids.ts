import type {Outcome} from '../../src/model/mention.ts';
import type {MessageWithMentions} from '../../src/model/message.ts';
import type {Raid} from '../../src/model/raid.ts';
import type {Spawn} from '../../src/model/spawn.ts';
import {minute, second} from '../../src/model/time.ts';
import {aMessage, anAgent, aRaid, aSpawn, noon} from '../helpers/builders.ts';

const party = ['oplot', 'sonnelot', 'hailot', 'prime', 'sentinel', 'auger'];
const agents = party.map(identity => anAgent({identity}));
const at = noon + 12 * minute;

/** A mention, as `@agent outcome reason spawn`. */
type Mentioned = readonly [agent: string, outcome: Outcome, reason?: string | null, spawn?: string];

function message(
	id: string,
	minutes: number,
	from: string,
	text: string,
	...mentions: readonly Mentioned[]
): MessageWithMentions {
	return aMessage({
		id,
		channel: 'chainviz-raid',
		from,
		text,
		at: noon + minutes * minute,
		mentions: mentions.map(([identity, outcome, reason = null, spawn]) => ({
			messageId: id,
			identity,
			outcome,
			reason,
			spawnId: spawn === undefined ? null : idOf(spawn),
			decidedAt: noon + minutes * minute,
		})),
	});
}

function idOf(name: string): string {
	return `019a0000-0000-7000-8000-00000000${name}`;
}

function spawn(name: string, agent: string, minutes: number, parts: Partial<Spawn> = {}): Spawn {
	const start = noon + minutes * minute;
	const times = {createdAt: start, startedAt: start, attemptStartedAt: start, lastOutputAt: at - 4 * second};
	return aSpawn({id: idOf(name), agent, channel: 'chainviz-raid', ...times, ...parts});
}

function ended(minutes: number, parts: Partial<Spawn> = {}): Partial<Spawn> {
	return {status: 'completed', endedAt: noon + minutes * minute, ...parts};
}

const request = message(
	'm1',
	0,
	'human',
	'Implement spawn chain for space-os: a tree of parents and children. @oplot lead. Test it with a cycle.',
	['oplot', 'launched', null, '8b31'],
);
const plan = message(
	'm2',
	2,
	'oplot',
	'Plan: read, draw, test with a cycle.\n@sonnelot build it. @sentinel ground it in the code. @auger: risks?',
	['sonnelot', 'launched', null, '884a'],
	['sentinel', 'launched', null, '2c76'],
	['auger', 'queued', 'capacity', '77e1'],
);
const report = message('m3', 8, 'raid', 'hailot #09ec failed: exit 1: OAuth token expired (after 2 tries).');

const channels = [
	{name: 'chainviz-raid', messages: 3},
	{name: 'fts5-verdict', messages: 214},
	{name: 'preflight', messages: 1},
].map(({name, messages}) => ({
	name,
	topic: null,
	messages,
	lastMessageAt: at,
	createdAt: noon,
	archivedAt: null,
	failuresInARow: 0,
}));

const common = {agents, channels, channel: 'chainviz-raid'};

const done = [
	spawn('8b31', 'oplot', 0, ended(2, {tokensIn: 31_200, tokensOut: 1240, costUsd: 0.41})),
	spawn('884a', 'sonnelot', 2, {parentId: idOf('8b31'), ...ended(9)}),
];
const quietSpawns = [...done, spawn('b1d7', 'prime', 10, {parentId: idOf('884a')})];

/** One agent works, nothing is wrong. */
export const quiet: Raid = aRaid(
	{
		...common,
		spawns: quietSpawns,
		messages: [request, plan],
	},
	at,
);

const busySpawns = [
	...done,
	spawn('09ec', 'hailot', 6, {
		parentId: idOf('884a'),
		attempt: 2,
		...ended(8, {status: 'failed', failure: 'exit 1: OAuth token expired'}),
	}),
	spawn('b1d7', 'prime', 10, {parentId: idOf('884a')}),
	spawn('2c76', 'sentinel', 2, {parentId: idOf('8b31'), sessionId: null}),
	spawn('51d0', 'hailot', 9, {parentId: idOf('8b31'), ...ended(10, {status: 'killed', killedBy: 'human'})}),
	spawn('77e1', 'auger', 2, {
		parentId: idOf('8b31'),
		status: 'pending',
		process: null,
		startedAt: null,
		attemptStartedAt: null,
		attempt: 0,
	}),
];
const busyRecords = {
	...common,
	spawns: busySpawns.toSorted((a, b) => a.createdAt - b.createdAt),
	messages: [request, plan, report],
	held: 0,
	limits: {maxLive: 2},
	facts: {[idOf('2c76')]: {lastOutputAt: at - 7 * minute - 12 * second, cpuMs: 0}},
	concerns: {
		failures: [
			{
				spawnId: idOf('09ec'),
				agent: 'hailot',
				provider: 'scripted',
				channel: 'chainviz-raid',
				failure: 'exit 1: OAuth token expired',
				cause: null,
				at: noon + 8 * minute,
				isInARow: true,
			},
		],
	},
};

/** A chain with a stall, a failure, a kill and a queue. */
export const busy: Raid = aRaid(busyRecords, at);

const loop = message(
	'm4',
	11,
	'sonnelot',
	'418 lines, all tests pass. @human',
	['human', 'called'],
	['hailot', 'held', 'settled'],
	['prime', 'held', 'settled'],
	['sentinel', 'held', 'settled'],
);

/** Three mentions are held, and the channel is on hold. */
export const holding: Raid = aRaid(
	{
		...common,
		spawns: quietSpawns,
		messages: [request, plan, loop],
		held: 3,
		holds: [{type: 'channel', channel: 'chainviz-raid'}],
		concerns: {
			held: [0, 1, 2].map(() => ({
				channel: 'chainviz-raid',
				reason: 'settled',
				at: noon + 11 * minute,
				startsAt: null,
			})),
		},
	},
	at,
);

const question = message('m5', 11, 'sonnelot', 'Which database may I drop? @human', [
	'human',
	'called',
	'blocked',
]);

/** An agent is blocked until somebody answers, and the process of another is gone. */
export const blocked: Raid = aRaid(
	{
		...common,
		spawns: quietSpawns,
		messages: [request, plan, question],
		facts: {[idOf('b1d7')]: {isAlive: false, isSupervised: false}},
		concerns: {
			calls: [
				{
					messageId: 'm5',
					channel: 'chainviz-raid',
					agent: 'sonnelot',
					spawnId: idOf('884a'),
					claim: 'blocked',
					text: 'Which database may I drop? @human',
					at: noon + 11 * minute,
				},
			],
		},
	},
	at,
);

/** A channel with so many messages. */
export function talking(count: number): Raid {
	const messages = Array.from({length: count}, (_, index) =>
		message(`t${index}`, index / 10, party[index % party.length] ?? '', `Step ${index + 1} of many is done.`),
	);
	return {...quiet, messages};
}

/** A space-os that is only read. */
export const readOnly: Raid = aRaid(
	{
		...busyRecords,
		system: {
			kind: 'space-os',
			name: 'space-os',
			location: '/home/me/.space/space.db',
			note: '(read only)',
			refusals: {
				post: 'No human may post to this space-os.',
				stop: 'The command spawn of space-os was not found.',
				hold: 'A space-os cannot hold anything.',
			},
		},
	},
	at,
);

/** Nothing has happened yet. */
export const empty: Raid = aRaid({...common, agents});
