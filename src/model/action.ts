import type {Agent, Fields, LaunchOptions, Permissions} from './agent.ts';
import type {Limits} from './limits.ts';
import type {MentionRecord} from './mention.ts';
import type {MessageId} from './message.ts';
import type {Recovery} from './recovery.ts';
import type {SpawnId} from './spawn.ts';
import type {Instant} from './time.ts';

/** Everything that changes a store, as data: a key and a command ask for the same thing. */
export type Action =
	| {
			readonly type: 'post';
			readonly channel: string;
			readonly text: string;
			/** Identity to speak as; null for the identity of the actor. */
			readonly as: string | null;
			/** The sender's claim about its task; null when it makes none. */
			readonly claim: Claim | null;
	  }
	| {readonly type: 'stop'; readonly target: StopTarget}
	| {readonly type: 'hold'; readonly scope: HoldScope}
	/** Ends a hold, and releases what it, the breaker, a stop or a reboot held. */
	| {readonly type: 'lift'; readonly scope: HoldScope}
	| {readonly type: 'release'; readonly mentions: readonly MentionName[]}
	| {readonly type: 'drop'; readonly mentions: readonly MentionName[]}
	| {readonly type: 'retry'; readonly spawn: SpawnId}
	| {readonly type: 'register'; readonly identity: string; readonly changes: AgentChanges}
	| {readonly type: 'create-channel'; readonly name: string; readonly topic: string | null}
	/** Null gives a limit back to `config.json`. */
	| {readonly type: 'set-limits'; readonly limits: {readonly [K in keyof Limits]?: Limits[K] | null}}
	| {readonly type: 'clean-up'}
	/** Removes the logs of spawns that ended before `endedBefore`; with `isDryRun` it only says which. */
	| {readonly type: 'prune'; readonly endedBefore: Instant; readonly isDryRun: boolean}
	/** Ends the record of a spawn of another machine or PID namespace, and nothing else. */
	| {readonly type: 'end-elsewhere'; readonly spawn: SpawnId}
	/** `alerts` are ids of alerts that are open. */
	| {readonly type: 'acknowledge'; readonly alerts: readonly string[]};

/** A claim that a task is done, or that the agent cannot continue without an answer. */
export type Claim = 'done' | 'blocked';

/** A mention, named by its message and the agent that it mentions. */
export type MentionName = Pick<MentionRecord, 'messageId' | 'identity'>;

/** The spawns to end. */
export type StopTarget =
	| {readonly type: 'spawns'; readonly ids: readonly SpawnId[]}
	/** The spawns and all that they led to; later requests of theirs are refused. */
	| {readonly type: 'chains'; readonly ids: readonly SpawnId[]}
	/** Every live spawn; what is queued behind them is held. */
	| {readonly type: 'all'};

/** The part of a raid where agents start nothing new. */
export type HoldScope =
	| {readonly type: 'all'}
	| {readonly type: 'channel'; readonly channel: string}
	| {readonly type: 'agent'; readonly agent: string};

/** The record of an identity. A human has neither model, provider nor launch options. */
export type Registration = Pick<Agent, 'identity' | 'model' | 'provider' | 'role' | 'constitution'> & {
	readonly launch: LaunchOptions | null;
};

/** The changes to an agent. Parts that are not given stay as they are. */
export interface AgentChanges {
	readonly model?: string | undefined;
	readonly provider?: string | undefined;
	readonly role?: string | undefined;
	/** The standing instructions themselves. */
	readonly constitution?: string | undefined;
	readonly permissions?: Permissions | undefined;
	/** The commands that are allowed instead of those before. */
	readonly allow?: readonly string[] | undefined;
	readonly args?: readonly string[] | undefined;
	readonly isResuming?: boolean | undefined;
	/** Program and arguments. */
	readonly command?: readonly string[] | undefined;
	readonly fields?: Fields | undefined;
	readonly mayOperate?: boolean | undefined;
}

/** The result of each action. */
export interface Results {
	/** `isPosted` is false while the message waits in the outbox of its spawn; its mentions are decided later. */
	readonly post: {
		readonly messageId: MessageId;
		readonly isPosted: boolean;
		readonly mentions: readonly MentionRecord[];
	};
	readonly stop: {
		readonly spawns: readonly StopReport[];
		/** What the operator must know besides: that the stop could not be recorded, and what follows. */
		readonly problems?: readonly string[];
	};
	readonly hold: {readonly scope: HoldScope};
	/** `wasHeld` is false when there was no hold to lift. */
	readonly lift: {
		readonly scope: HoldScope;
		readonly wasHeld: boolean;
		/** Another hold, such as that of all channels, still stops agents there. */
		readonly isStillHeld: boolean;
		readonly mentions: readonly MentionRecord[];
	};
	readonly release: {readonly mentions: readonly MentionRecord[]};
	readonly drop: {readonly mentions: readonly MentionRecord[]};
	/** The new spawn; it is queued while no slot is free. */
	readonly retry: {readonly spawn: SpawnId; readonly isQueued: boolean};
	readonly register: {readonly agent: Agent; readonly isNew: boolean};
	readonly 'create-channel': {readonly name: string};
	readonly 'set-limits': {readonly limits: Limits};
	readonly prune: Pruned;
	readonly 'clean-up': {readonly mended: readonly Mended[]; readonly strays: readonly StrayReport[]};
	/** `followUp` is the spawn of what waited behind it; null when nothing did. */
	readonly 'end-elsewhere': {readonly spawn: SpawnId; readonly followUp: SpawnId | null};
	readonly acknowledge: {readonly alerts: readonly string[]};
}

export type ResultOf<A extends Action> = Results[A['type']];

/** The logs that were, or would be, removed. */
export interface Pruned {
	/** Oldest first. */
	readonly spawns: readonly SpawnId[];
	readonly bytes: number;
}

/** One spawn that was mended. */
export interface Mended {
	readonly id: SpawnId;
	readonly agent: string;
	readonly recovery: Exclude<Recovery, 'none'>;
}

/** The outcome of a kill. */
export interface KillReport {
	/** PIDs that got a signal. */
	readonly signalled: readonly number[];
	/** PIDs that are still alive. */
	readonly survivors: readonly number[];
}

/** The result for the strays of one ended spawn. */
export interface StrayReport extends KillReport {
	readonly id: SpawnId;
	readonly agent: string;
}

/** The result for one stopped spawn. */
export interface StopReport extends KillReport {
	readonly id: SpawnId;
	readonly agent: string;
	/** It had ended before anything was done. */
	readonly hadEnded: boolean;
	/** The other place that it belongs to, in words: it was left alone. */
	readonly elsewhere?: string;
	/** PIDs that it runs as again: space-os tries a killed spawn once more. */
	readonly restartedAs?: readonly number[];
}
