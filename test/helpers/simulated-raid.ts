import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import {dropMentions, hold, liftHold, releaseMentions} from '../../src/bridge/holds.ts';
import {startRefilled} from '../../src/bridge/leash.ts';
import {announce, postMessage} from '../../src/bridge/post.ts';
import {retrySpawn} from '../../src/bridge/retry.ts';
import {RaidError} from '../../src/errors.ts';
import {finishSpawn} from '../../src/launcher/finish.ts';
import {markTargets} from '../../src/launcher/stop/stop.ts';
import type {HoldScope} from '../../src/model/action.ts';
import {defaultLaunch} from '../../src/model/agent.ts';
import {alertKinds} from '../../src/model/alert.ts';
import type {Exit} from '../../src/model/attempt.ts';
import {defaultLimits} from '../../src/model/limits.ts';
import {placeOf} from '../../src/model/place.ts';
import {recoveryOf} from '../../src/model/recovery.ts';
import {isLive, type ProcessIdentity, type Spawn} from '../../src/model/spawn.ts';
import {minute, second} from '../../src/model/time.ts';
import {registerAgent} from '../../src/store/agents.ts';
import * as alerts from '../../src/store/alerts.ts';
import * as attempts from '../../src/store/attempts.ts';
import {createChannel} from '../../src/store/channels.ts';
import * as claims from '../../src/store/claims.ts';
import {recordGap} from '../../src/store/gaps.ts';
import {setConstitutionHash} from '../../src/store/life.ts';
import {listHeldMentions} from '../../src/store/mentions.ts';
import {openStore} from '../../src/store/open.ts';
import {changeLimits, markSeen} from '../../src/store/settings.ts';
import {findSpawn, listSpawns} from '../../src/store/spawns.ts';
import {startConditions, type Workspace} from '../../src/workspace/open.ts';
import {noon} from './builders.ts';
import {forbidUnrecordedWrites} from './guarded-store.ts';

/** One step of a simulated raid: what happens, and numbers that choose to whom. */
export interface Step {
	readonly kind: StepKind;
	readonly a: number;
	readonly b: number;
	readonly c: number;
}

const agentNames = ['ann', 'bob', 'cid', 'dot'];
const channelNames = ['general', 'build', 'review'];
const mentions = ['@ann', '@bob', '@cid', '@dot', '@ann @bob', '@human', '@nobody', '@cid @human', ''];

/** A raid on a real store, with a process table and a clock of its own: nothing is started. */
export function aSimulatedRaid() {
	const directory = mkdtempSync(join(tmpdir(), 'raid-test-'));
	const store = openStore(join(directory, 'raid.db'), {machine: 'machine', isNew: true});
	store.pragma('synchronous = OFF');
	onTestFinished(() => {
		if (store.open) store.close();
		rmSync(directory, {recursive: true, force: true});
	});
	forbidUnrecordedWrites(store);
	const world: World = {
		clock: noon,
		ids: 0,
		pids: 0,
		alive: new Set(),
		workspace: {
			home: directory,
			store,
			configError: null,
			config: {
				limits: {...defaultLimits, maxLive: 3, leash: {burst: 3, perHour: 60}, breaker: 3},
				keepAwake: false,
				cwd: directory,
			},
			env: {},
			cliPath: '',
			inside: null,
			machine: 'machine',
			boot: 'boot-0',
			namespace: 'pid:[1]',
			now: () => world.clock,
			newId: () => idOf(++world.ids),
		},
	};
	register(world, 'human', null);
	register(world, 'raid', null);
	for (const name of agentNames) register(world, name, 'default');
	for (const name of channelNames.slice(0, 2)) createChannel(store, name, null, idOf(++world.ids), noon);
	return {
		store,
		clock: () => world.clock,
		leash: world.workspace.config.limits.leash,
		/** Takes one step. A step that is refused, or that has nobody to happen to, changes nothing. */
		take: (step: Step) => {
			world.clock += 1 + (step.c % 3) * second;
			try {
				steps[step.kind](world, step);
			} catch (error) {
				if (!(error instanceof RaidError)) throw error;
			}
		},
		end: () => store.close(),
	};
}

interface World {
	clock: number;
	ids: number;
	pids: number;
	/** The start marks of the processes that live. */
	readonly alive: Set<string>;
	workspace: Workspace;
}

function idOf(count: number): string {
	return `019a0000-0000-7000-8000-${count.toString(16).padStart(12, '0')}`;
}

function aProcess(world: World): ProcessIdentity {
	world.pids += 1;
	const started = `${world.workspace.boot}-${world.pids}`;
	world.alive.add(started);
	return {pid: 1000 + world.pids, started};
}

function isAlive(world: World, identity: ProcessIdentity | null): boolean {
	return identity !== null && world.alive.has(identity.started);
}

function register({workspace, clock, ids}: World, identity: string, model: string | null): void {
	const launch = model === null ? null : {...defaultLaunch, args: [model], isResuming: ids % 2 === 1};
	const provider = model === null ? null : 'scripted';
	const agent = {identity, model, provider, role: model, constitution: null, launch};
	registerAgent(workspace.store, agent, `agent-${identity}`, clock);
}

function pick<T>(list: readonly T[], number: number): T | undefined {
	return list[number % Math.max(1, list.length)];
}

function spawnsThat(world: World, isWanted: (spawn: Spawn) => boolean): readonly Spawn[] {
	return listSpawns(world.workspace.store).filter(isWanted);
}

const isRunning = ({status}: Spawn) => status === 'running';
const isAtWork = (spawn: Spawn) => isRunning(spawn) && spawn.attempt > 0 && spawn.attemptEndedAt === null;
const hasRested = (spawn: Spawn) =>
	isRunning(spawn) && (spawn.attempt === 0 || spawn.attemptEndedAt !== null);

function nameOf({id, attempt}: Spawn): attempts.AttemptName {
	return {spawn: id, attempt};
}

function scopeOf({a, b}: Step): HoldScope {
	const channel = pick(channelNames, b) ?? 'general';
	const agent = pick(agentNames, b) ?? 'ann';
	return pick<HoldScope>([{type: 'all'}, {type: 'channel', channel}, {type: 'agent', agent}], a) as HoldScope;
}

function exitOf(number: number): Exit {
	const exits: readonly Exit[] = [
		{type: 'exited', code: 0},
		{type: 'exited', code: number % 4},
		{type: 'signalled', signal: 'SIGKILL'},
		{type: 'unknown'},
		{type: 'not-started', reason: 'no such program'},
	];
	return pick(exits, number) as Exit;
}

function endAttempt(world: World, spawn: Spawn, failure: string | null, isParked: boolean, exit: Exit): void {
	if (spawn.process !== null) world.alive.delete(spawn.process.started);
	const lastOutputAt = world.pids % 2 === 0 ? null : world.clock - second;
	const end = {exit, failure, lastOutputAt, isParked};
	attempts.endAttempt(world.workspace.store, nameOf(spawn), end, world.clock);
}

function post({workspace}: World, from: string, spawn: Spawn | null, {a, b, c}: Step): void {
	const channel = spawn?.channel ?? pick(channelNames, b) ?? 'general';
	const claim = from === 'human' ? null : (pick([null, null, 'done', 'blocked'] as const, a) ?? null);
	const text = `${pick(mentions, c)} message`;
	postMessage(workspace, {channel, from, spawnId: spawn?.id ?? null, text, claim});
}

const steps = {
	// First, because a failing raid is shrunk towards it.
	nothing: () => {},
	'human posts': (world: World, step: Step) => post(world, 'human', null, step),
	'agent posts': (world: World, step: Step) => {
		const spawn = pick(spawnsThat(world, isRunning), step.b);
		if (spawn !== undefined) post(world, spawn.agent, spawn, step);
	},
	'agent posts outside': (world: World, step: Step) =>
		post(world, pick(agentNames, step.a) ?? 'ann', null, step),
	claim: (world: World) => {
		const {store} = world.workspace;
		for (const id of claims.listStartable(store, startConditions(world.workspace)).slice(0, 1)) {
			claims.claimSpawn(store, id, aProcess(world), startConditions(world.workspace));
		}
	},
	begin: (world: World, {a, b}: Step) => {
		const spawn = pick(spawnsThat(world, hasRested), a);
		if (spawn?.supervisor == null) return;
		const {store} = world.workspace;
		if (spawn.attempt === 0) setConstitutionHash(store, spawn.id, `hash-${b}`, world.clock);
		const name = {spawn: spawn.id, attempt: spawn.attempt + 1};
		if (!attempts.beginAttempt(store, name, spawn.supervisor, world.clock)) return;
		// Now and then it crashes before the process is recorded.
		if (b % 5 > 0) attempts.setProcess(store, name, aProcess(world), world.clock);
	},
	progress: (world: World, {a, b, c}: Step) => {
		const spawn = pick(spawnsThat(world, isAtWork), a);
		if (spawn === undefined) return;
		const progress = {
			sessionId: b % 3 === 0 ? null : `session-${b % 4}`,
			tokensIn: b % 4 === 0 ? null : b,
			tokensOut: b % 4 === 0 ? null : c,
			costUsd: c % 3 === 0 ? null : (c % 100) / 4,
			retry: c % 4 === 0 ? {text: 'overloaded', count: c, since: world.clock - second} : null,
			lastOutputAt: b % 5 === 0 ? null : world.clock - second,
			openCall: c % 3 === 0 ? null : {text: `Bash: make ${b}`, since: world.clock - second},
			lastCpuAt: c % 5 === 0 ? null : world.clock - second,
			denials: b % 3 === 0 ? [] : [{text: `Bash(make ${c % 3})`, count: 1 + (c % 4)}],
		};
		attempts.setProgress(world.workspace.store, nameOf(spawn), progress, world.clock);
	},
	'session file': (world: World, {a, b}: Step) => {
		const spawn = pick(spawnsThat(world, isAtWork), a);
		if (spawn === undefined) return;
		attempts.setSessionFile(world.workspace.store, nameOf(spawn), `/sessions/${b}`, world.clock);
	},
	'attempt succeeds': (world: World, {a, b}: Step) => {
		const spawn = pick(spawnsThat(world, isAtWork), a);
		if (spawn === undefined) return;
		endAttempt(world, spawn, null, false, {type: 'exited', code: 0});
		const finalText = pick([null, 'all done', 'thanks @bob'], b) ?? null;
		finishSpawn(world.workspace, spawn, {status: 'completed', failure: null, finalText});
	},
	'attempt fails': (world: World, {a, b, c}: Step) => {
		const spawn = pick(spawnsThat(world, isAtWork), a);
		if (spawn === undefined) return;
		endAttempt(world, spawn, `failure ${b % 3}`, false, exitOf(c));
		if (b % 3 === 0) attempts.noteRetry(world.workspace.store, nameOf(spawn), 'again', world.clock);
		if (b % 3 > 0) {
			const status = pick(['failed', 'timeout'] as const, c) ?? 'failed';
			finishSpawn(world.workspace, spawn, {status, failure: `failure ${b % 3}`, finalText: null});
		}
	},
	park: (world: World, {a, b}: Step) => {
		const spawn = pick(spawnsThat(world, isAtWork), a);
		if (spawn === undefined) return;
		endAttempt(world, spawn, 'out of quota', true, {type: 'exited', code: 1});
		claims.parkSpawn(world.workspace.store, spawn.id, world.clock + (b % 60) * second, world.clock);
		announce(world.workspace, spawn.channel, 'waits for its quota');
	},
	'supervisor dies': (world: World, {a}: Step) => {
		const spawn = pick(spawnsThat(world, isRunning), a);
		if (spawn?.supervisor != null) world.alive.delete(spawn.supervisor.started);
	},
	'agent dies': (world: World, {a}: Step) => {
		const spawn = pick(spawnsThat(world, isAtWork), a);
		if (spawn?.process != null) world.alive.delete(spawn.process.started);
	},
	mend: (world: World) => {
		for (const spawn of spawnsThat(world, isLive)) mend(world, spawn);
	},
	stop: (world: World, {a, b}: Step) => {
		const spawns = listSpawns(world.workspace.store);
		const ids = [pick(spawns, a)?.id ?? ''].filter(id => id !== '');
		const type = pick(['spawns', 'spawns', 'chains'] as const, b) ?? 'spawns';
		markTargets(world.workspace, b % 20 === 0 ? {type: 'all'} : {type, ids}, 'human');
	},
	'carry out kills': (world: World) => {
		for (const spawn of spawnsThat(world, ({killedBy, status}) => killedBy !== null && isLive({status}))) {
			if (isAtWork(spawn)) endAttempt(world, spawn, 'killed', false, {type: 'signalled', signal: 'SIGTERM'});
			finishSpawn(world.workspace, spawn, {status: 'failed', failure: 'exit 143', finalText: null});
		}
	},
	hold: (world: World, step: Step) => hold(world.workspace, scopeOf(step), 'human'),
	lift: (world: World, step: Step) => {
		liftHold(world.workspace, scopeOf(step), 'human');
	},
	release: (world: World, {a}: Step) => {
		const held = pick(listHeldMentions(world.workspace.store), a);
		if (held !== undefined) releaseMentions(world.workspace, [held], 'human');
	},
	drop: (world: World, {a}: Step) => {
		const held = pick(listHeldMentions(world.workspace.store), a);
		if (held !== undefined) dropMentions(world.workspace, [held], 'human');
	},
	retry: (world: World, {a}: Step) => {
		retrySpawn(world.workspace, pick(listSpawns(world.workspace.store), a)?.id ?? '');
	},
	limits: ({workspace, clock}: World, {a, b}: Step) => {
		const limits = [
			{maxLive: 1 + (b % 4)},
			{leash: {burst: b % 9, perHour: b % 2 === 0 ? 0 : 60}, breaker: null},
			{maxLive: null},
			{killAfterMs: b},
		];
		changeLimits(workspace.store, pick(limits, a) ?? {}, 'human', clock);
	},
	alert: ({workspace: {store}, clock}: World, {a, b, c}: Step) => {
		const id = `alert ${b % 5}`;
		const kind = pick(alertKinds, b) ?? 'idle';
		const severity = pick(['critical', 'warning'] as const, c) ?? 'warning';
		const alert = {id, kind, severity, subject: 's', spawn: null, channel: null, text: `${c}`, since: noon};
		const actions = [
			() => alerts.openAlert(store, alert, clock),
			() => alerts.markNotified(store, id, clock),
			() => alerts.acknowledgeAlert(store, id, 'human', clock),
			() => alerts.closeAlert(store, id, clock),
		];
		pick(actions, a)?.();
	},
	sleep: ({workspace: {store}, clock}: World, {a, b}: Step) => {
		const machine = `machine ${a % 2}`;
		recordGap(store, {machine, from: clock - minute * (1 + (b % 9)), until: clock}, clock);
	},
	look: ({workspace, clock}: World) => markSeen(workspace.store, 'human', clock),
	register: (world: World, {a, b}: Step) =>
		register(world, pick([...agentNames, 'eve'], a) ?? 'eve', `model-${b % 3}`),
	'create channel': ({workspace, clock}: World, {a}: Step) => {
		createChannel(workspace.store, pick(channelNames, a) ?? 'review', 'topic', workspace.newId(), clock);
	},
	reboot: (world: World) => {
		world.alive.clear();
		world.pids += 1;
		world.workspace = {...world.workspace, boot: `boot-${world.pids}`};
	},
	refill: ({workspace}: World) => {
		startRefilled(workspace);
	},
	'clock goes back': (world: World, {b}: Step) => {
		world.clock -= (b % 30) * minute;
	},
} satisfies Readonly<Record<string, (world: World, step: Step) => void>>;

/** As reconcile does, by the simulated process table. */
function mend(world: World, before: Spawn): void {
	const {workspace, clock} = world;
	const {store} = workspace;
	const spawn = findSpawn(store, before.id) ?? before;
	if (!isLive(spawn)) return;
	const facts = {
		isAlive: isAlive(world, spawn.process),
		isSupervised: isAlive(world, spawn.supervisor),
		mayStart: claims.listStartable(store, startConditions(workspace)).includes(spawn.id),
		place: placeOf(spawn, workspace),
		isStopped: false,
	};
	switch (recoveryOf(spawn, facts, clock)) {
		case 'unclaim':
			claims.unclaimSpawn(store, spawn.id, clock);
			return;
		case 'end':
			finishSpawn(workspace, spawn, {status: 'killed', failure: null, finalText: null});
			return;
		case 'suspend':
			claims.holdSpawn(store, spawn.id, 'reboot', clock);
			return;
		case 'adopt':
			claims.adoptSpawn(store, spawn.id, aProcess(world), spawn.supervisor, clock);
			return;
		case 'orphan':
			if (isAtWork(spawn)) endAttempt(world, spawn, 'orphan', false, {type: 'unknown'});
			finishSpawn(workspace, spawn, {status: 'failed', failure: 'orphan', finalText: null});
	}
}

export type StepKind = keyof typeof steps;

/** What can happen in a step, each as often as it is likely. */
export const stepKinds = (Object.keys(steps) as StepKind[]).flatMap(
	kind => Array(likely(kind)).fill(kind) as StepKind[],
);

function likely(kind: StepKind): number {
	switch (kind) {
		case 'claim':
		case 'begin':
		case 'agent posts':
			return 6;
		case 'human posts':
		case 'progress':
		case 'attempt succeeds':
		case 'attempt fails':
		case 'carry out kills':
		case 'mend':
			return 3;
		case 'reboot':
		case 'clock goes back':
			return 1;
		case 'nothing':
			return 1;
		default:
			return 2;
	}
}
