import type {HoldScope} from '../model/action.ts';
import type {Agent} from '../model/agent.ts';
import type {Alert} from '../model/alert.ts';
import type {ProviderEvent} from '../model/attempt.ts';
import type {MentionRecord} from '../model/mention.ts';
import type {Raid, SpawnState} from '../model/raid.ts';
import {isLive} from '../model/spawn.ts';
import {isEnd} from '../model/state.ts';
import type {Instant} from '../model/time.ts';
import type {Used} from '../model/usage.ts';

/** The raid as the version-1 document, field by field as documented in docs/json.md. */
export function raidDocument(raid: Raid) {
	const {pending, running, ...ended} = raid.totals;
	return {
		version: 1,
		at: time(raid.at),
		system: raid.system.kind,
		home: raid.home,
		db: raid.db,
		channel: raid.channel,
		counts: {live: running, pending, ...ended, held: raid.held},
		holds: raid.holds.map(holdDocument),
		alerts: raid.alerts.map(alertDocument),
		agents: raid.agents.filter(agent => agent.model !== null).map(agent => agentDocument(agent, raid.spawns)),
		spawns: raid.spawns.map(spawnDocument),
		messages: raid.messages.map(message => ({
			id: message.id,
			channel: message.channel,
			from: message.from,
			at: time(message.at),
			text: message.text,
			mentions: message.mentions.map(mentionDocument),
		})),
	};
}

/** An alert as a part of documents. */
export function alertDocument({since, acknowledgedAt, help, subject: _, ...alert}: Alert) {
	const command = help === null ? null : [help.command, help.spawn].filter(word => word !== null).join(' ');
	return {...alert, help: command, since: time(since), acknowledgedAt: time(acknowledgedAt)};
}

/** What became of a mention, as a part of documents. */
export function mentionDocument({identity, outcome, reason, spawnId}: MentionRecord) {
	return {agent: identity, outcome, reason, spawn: spawnId};
}

/** A spawn as a part of documents. */
export function spawnDocument(spawn: SpawnState) {
	return {
		id: spawn.id,
		parent: spawn.parentId,
		depth: spawn.depth,
		agent: spawn.agent,
		provider: spawn.provider,
		model: spawn.model,
		role: spawn.role,
		channel: spawn.channel,
		status: spawn.status,
		state: spawn.state,
		health: isEnd(spawn.state) ? null : spawn.state,
		reason: spawn.reason,
		pid: spawn.process?.pid ?? null,
		attempt: spawn.attempt,
		createdAt: time(spawn.createdAt),
		startedAt: time(spawn.startedAt),
		endedAt: time(spawn.endedAt),
		durationMs: spawn.durationMs,
		lastOutputAt: time(spawn.lastOutputAt),
		exitCode: spawn.exitCode,
		failure: spawn.failure,
		...usedDocument(spawn),
		session: spawn.sessionId,
		transcript: spawn.sessionFile,
		message: spawn.messageId,
	};
}

/** An agent as a part of documents; `live` counts its live spawns. */
export function agentDocument(
	{identity, provider, model, role, launch, spawns: count, failures, ...used}: Agent,
	spawns: readonly SpawnState[],
) {
	const live = spawns.filter(spawn => spawn.agent === identity && isLive(spawn)).length;
	const {permissions = null, args = [], isResuming = false, command = null} = launch ?? {};
	const agent = {identity, provider, model, role, permissions, args, resume: isResuming, command};
	return {...agent, live, spawns: count, failures, ...usedDocument(used)};
}

/** Tokens and cost, as a part of documents. */
export function usedDocument({tokensIn, tokensOut, costUsd}: Used) {
	return {tokens: tokensIn === null ? null : {input: tokensIn, output: tokensOut ?? 0}, costUsd};
}

/** A line of a log, as a document. */
export function eventDocument(event: ProviderEvent) {
	return event.type === 'quota' ? {...event, resumeAt: time(event.resumeAt)} : event;
}

/** An instant as documents write it: UTC with milliseconds and `Z`; null stays null. */
export function time(instant: Instant | null): string | null {
	return instant === null ? null : new Date(instant).toISOString();
}

/** A channel by its name, `@agent`, or `*` for all. */
function holdDocument(scope: HoldScope): string {
	switch (scope.type) {
		case 'all':
			return '*';
		case 'channel':
			return scope.channel;
		case 'agent':
			return `@${scope.agent}`;
	}
}
