import {setTimeout as delay} from 'node:timers/promises';
import {actorOf, requirePermission} from '../actions/actor.ts';
import {perform} from '../actions/perform.ts';
import {readText} from '../files/text.ts';
import {reconcile} from '../launcher/reconcile.ts';
import type {Agent} from '../model/agent.ts';
import type {Denial} from '../model/denial.ts';
import type {MentionRecord} from '../model/mention.ts';
import {isLive, type Spawn, type SpawnId} from '../model/spawn.ts';
import {formatDuration, type Instant, type Milliseconds, second} from '../model/time.ts';
import {findChannel} from '../store/channels.ts';
import {findDoneAt} from '../store/messages.ts';
import {findSpawn} from '../store/spawns.ts';
import {limitsOf, type Workspace} from '../workspace/open.ts';
import {attemptFiles} from '../workspace/paths.ts';
import {silentFailuresIn} from './boundaries.ts';

/** The channel in which agents are asked to answer, so that the others stay as they are. */
export const doctorChannel = 'doctor';

/** How one agent answered through the whole path: launch, sandbox, its own `raid send`, and the ledger. */
export interface Roundtrip {
	readonly agent: string;
	readonly provider: string | null;
	readonly model: string | null;
	/** Null when none was created. */
	readonly spawn: SpawnId | null;
	readonly isOk: boolean;
	/** From the question to the answer in the channel; null without one. */
	readonly latencyMs: Milliseconds | null;
	/** Why it failed, or what is not as it should be although it answered; null when all is well. */
	readonly reason: string | null;
	/** What its CLI refused meanwhile. */
	readonly denials: readonly Denial[];
}

/**
 * Asks each agent to answer by `raid send`, with the permissions, arguments and directory of any other spawn of theirs. It
 * costs tokens. An agent that takes longer than `withinMs` is stopped. Throws a UsageError inside a spawn.
 */
export async function makeRoundtrips(
	workspace: Workspace,
	agents: readonly Agent[],
	withinMs: Milliseconds,
): Promise<readonly Roundtrip[]> {
	const topic = 'Agents answer here when they are checked: raid doctor --roundtrip';
	const channel = {type: 'create-channel', name: doctorChannel, topic} as const;
	requirePermission(actorOf(workspace), channel);
	if (findChannel(workspace.store, doctorChannel) === null) await perform(workspace, channel);
	const askedAt = workspace.now();
	const text = `${agents.map(({identity}) => `@${identity}`).join(' ')} ${question}`;
	const post = {type: 'post', channel: doctorChannel, text, as: null, claim: null} as const;
	const {mentions} = await perform(workspace, post);
	const asked = {workspace, askedAt, withinMs};
	const spawns = mentions.flatMap(({spawnId}) => spawnId ?? []);
	const late = await untilEnded(asked, spawns, agents.length);
	if (late.length > 0) await perform(workspace, {type: 'stop', target: {type: 'spawns', ids: late}});
	return agents.map(agent => {
		const mention = mentions.find(({identity}) => identity === agent.identity);
		return resultOf(asked, agent, mention, late);
	});
}

const question = `This checks that you can be reached and that you can answer; there is no other task.
Run this command with your shell tool, once and exactly as it stands, and then stop:

    raid send --done ${doctorChannel} ok`;

interface Asked {
	readonly workspace: Workspace;
	readonly askedAt: Instant;
	readonly withinMs: Milliseconds;
}

const pollMs: Milliseconds = second / 5;
const reconcileEveryMs: Milliseconds = 5 * second;

/** Waits until the spawns have ended, or wait for their quota; those that take too long. */
async function untilEnded(
	{workspace, withinMs}: Asked,
	ids: readonly SpawnId[],
	agents: number,
): Promise<readonly SpawnId[]> {
	const rounds = 1 + Math.ceil(agents / limitsOf(workspace).maxLive);
	const begun = performance.now();
	let reconcileAt = begun + reconcileEveryMs;
	for (; ; await delay(pollMs)) {
		const now = performance.now();
		if (now >= reconcileAt) {
			await reconcile(workspace);
			reconcileAt = now + reconcileEveryMs;
		}
		const waiting = ids.flatMap(id => {
			const spawn = findSpawn(workspace.store, id);
			return spawn !== null && isLive(spawn) && !spawn.isParked ? [spawn] : [];
		});
		const isLate = ({startedAt}: Spawn) =>
			startedAt === null ? now - begun >= rounds * withinMs : workspace.now() - startedAt >= withinMs;
		if (waiting.every(isLate)) return [...waiting.map(({id}) => id), ...parkedOf(workspace, ids)];
	}
}

/** A check does not wait for a quota: its spawn would answer hours later. */
function parkedOf({store}: Workspace, ids: readonly SpawnId[]): readonly SpawnId[] {
	return ids.filter(id => {
		const spawn = findSpawn(store, id);
		return spawn !== null && isLive(spawn) && spawn.isParked;
	});
}

function resultOf(
	{workspace, askedAt, withinMs}: Asked,
	{identity, provider, model}: Agent,
	mention: MentionRecord | undefined,
	late: readonly SpawnId[],
): Roundtrip {
	const spawn = mention?.spawnId == null ? null : findSpawn(workspace.store, mention.spawnId);
	const about = {agent: identity, provider, model};
	if (spawn === null) {
		const outcome = [mention?.outcome ?? 'not mentioned', mention?.reason].filter(Boolean).join(' ');
		const reason = `no spawn was created (${outcome}); an earlier check may still run: raid spawns`;
		return {...about, spawn: null, isOk: false, latencyMs: null, reason, denials: []};
	}
	const answeredAt = findDoneAt(workspace.store, spawn.id, askedAt);
	const isLate = late.includes(spawn.id) && !spawn.isParked;
	const reasons = [
		...(answeredAt === null ? [failureOf(spawn, isLate, withinMs)] : []),
		...(answeredAt !== null && isLate
			? [`answered, but did not end within ${formatDuration(withinMs)}`]
			: []),
		...silentFailuresOf(workspace, spawn),
	];
	return {
		...about,
		spawn: spawn.id,
		isOk: answeredAt !== null,
		latencyMs: answeredAt === null ? null : Math.max(0, answeredAt - askedAt),
		reason: reasons.length === 0 ? null : reasons.join('; '),
		denials: spawn.denials,
	};
}

function failureOf(spawn: Spawn, isLate: boolean, withinMs: Milliseconds): string {
	if (spawn.isParked) return 'its quota is used up';
	const refused = spawn.denials.map(({text, count}) => `${text} ${count}×`);
	const denied = refused.length === 0 ? '' : `; it was refused ${refused.join(', ')}`;
	if (isLate) {
		const how = spawn.startedAt === null ? 'it was not started' : 'no answer';
		return `${how} within ${formatDuration(withinMs)}${denied}`;
	}
	if (spawn.status === 'completed') return `it ended without running raid send${denied}`;
	const why = spawn.status === 'killed' ? `was killed by ${spawn.killedBy}` : `${spawn.failure}`;
	return `${spawn.cause === 'login' ? 'not logged in: ' : ''}${why}${denied}`;
}

const mostErrorBytes = 16 * 1024 * 1024;

function silentFailuresOf({home}: Workspace, {id, attempt}: Spawn): readonly string[] {
	if (attempt === 0) return [];
	const {errors, output} = attemptFiles(home, id, attempt);
	return [errors, output].flatMap(path => {
		try {
			return silentFailuresIn(readText(path, mostErrorBytes) ?? '');
		} catch {
			// A log that cannot be read says nothing.
			return [];
		}
	});
}
