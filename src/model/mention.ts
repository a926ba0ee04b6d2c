import type {Claim} from './action.ts';
import {isIdentity} from './agent.ts';
import type {Limits} from './limits.ts';
import type {MessageId} from './message.ts';
import type {SpawnId} from './spawn.ts';
import type {Instant} from './time.ts';

/** The outcomes that a mention may have. */
export const outcomes = [
	'ignored',
	'called',
	'refused',
	'held',
	'merged',
	'queued',
	'launched',
	'dropped',
] as const;

/** The outcome of a mention. */
export type Outcome = (typeof outcomes)[number];

/** Why a mention is held, until the operator releases or drops it. */
export type HoldReason =
	| 'settled'
	| 'leash'
	| 'breaker'
	| 'provider'
	| 'hold'
	| 'stopped'
	| 'reboot'
	| 'install';

/** The outcome of a mention, and why; the reason is null where the outcome says it all. */
export type Decision =
	| {readonly outcome: 'ignored'; readonly reason: 'unknown' | 'system' | 'sender'}
	/** The reason is the claim about the caller's task; null without one. */
	| {readonly outcome: 'called'; readonly reason: Claim | null}
	| {readonly outcome: 'refused'; readonly reason: 'killed' | 'depth'}
	| {readonly outcome: 'held'; readonly reason: HoldReason}
	| {readonly outcome: 'merged'; readonly reason: null}
	/** For a slot, or for the agent's live spawn to end; `released`: then without asking the guards again. */
	| {readonly outcome: 'queued'; readonly reason: 'capacity' | 'running' | 'elsewhere' | 'released'}
	| {readonly outcome: 'launched'; readonly reason: null}
	/** The reason is that of the hold. */
	| {readonly outcome: 'dropped'; readonly reason: HoldReason};

/** One line of the ledger. */
export interface MentionRecord {
	readonly messageId: MessageId;
	readonly identity: string;
	readonly outcome: Outcome;
	/** Null where the outcome says it all. */
	readonly reason: string | null;
	/** The spawn that answers it; null when there is none (yet). */
	readonly spawnId: SpawnId | null;
	/** Since when the outcome is what it is. */
	readonly decidedAt: Instant;
}

/** A line of the ledger that we decided. */
export type DecidedMention = MentionRecord & Decision;

/** A line of the ledger, with where it comes from. */
export interface LedgerEntry extends MentionRecord {
	readonly channel: string;
	/** Identity of the author of the message. */
	readonly from: string;
}

/** A line of the ledger, with when it starts by itself. */
export interface ListedMention extends LedgerEntry {
	/** When its leash lets it go, if nothing else comes first; null when it does not start by itself. */
	readonly startsAt: Instant | null;
}

/** All that a decision depends on, read in the transaction that stores the message. */
export interface MentionFacts {
	readonly mentioned: 'agent' | 'human' | 'unknown' | 'system';
	readonly isSender: boolean;
	/** The claim that the message makes about its sender's task. */
	readonly claim: Claim | null;
	/** The spawn that wrote the message; null when an operator did. */
	readonly sender: {readonly depth: number; readonly isKilled: boolean} | null;
	/** The facts for the guards; null where a human wrote the message, or the operator releases it. */
	readonly guard: GuardFacts | null;
	/** Status of the one live spawn of the mentioned agent in this channel, or that it belongs elsewhere. */
	readonly liveHere: 'pending' | 'running' | 'elsewhere' | null;
	/** Live spawns of the whole workspace. */
	readonly live: number;
}

/** The facts of a channel and of a chain that the guards go by, since a human last spoke there. */
export interface GuardFacts {
	/** The message calls a human without being blocked, or its sender has done so: nobody else is needed. */
	readonly isSenderDone: boolean;
	/** The mentioned agent has called a human here without being blocked. */
	readonly isMentionedDone: boolean;
	/** Spawns that agents may still trigger in the sender's chain. */
	readonly spawnsLeft: number;
	/** Spawns that failed here, one after the other. */
	readonly failuresInARow: number;
	/** Spawns of the mentioned agent's provider that failed here in a row because its CLI is missing or its login refused. */
	readonly providerFailuresInARow: number;
	/** The operator holds this channel, the mentioned agent, or all. */
	readonly isOnHold: boolean;
}

/** Why a mention that an agent wrote is not launched now; null when nothing speaks against it. */
export function holdReasonOf(guard: GuardFacts, {breaker, isGuarded}: Limits): HoldReason | null {
	if (isGuarded) {
		if (guard.isSenderDone || guard.isMentionedDone) return 'settled';
		if (guard.spawnsLeft < 1) return 'leash';
		if (guard.failuresInARow >= breaker) return 'breaker';
		if (guard.providerFailuresInARow >= breaker) return 'provider';
	}
	return guard.isOnHold ? 'hold' : null;
}

/** The decision about a mention. First match wins. */
export function decideMention(facts: MentionFacts, limits: Limits): Decision {
	if (facts.mentioned === 'unknown') return {outcome: 'ignored', reason: 'unknown'};
	if (facts.mentioned === 'system') return {outcome: 'ignored', reason: 'system'};
	if (facts.mentioned === 'human') return {outcome: 'called', reason: facts.claim};
	if (facts.isSender) return {outcome: 'ignored', reason: 'sender'};
	if (facts.sender?.isKilled) return {outcome: 'refused', reason: 'killed'};
	if (facts.sender !== null && facts.sender.depth >= limits.maxDepth)
		return {outcome: 'refused', reason: 'depth'};
	const holdReason = facts.guard === null ? null : holdReasonOf(facts.guard, limits);
	if (holdReason !== null) return {outcome: 'held', reason: holdReason};
	if (facts.liveHere === 'elsewhere') return {outcome: 'queued', reason: 'elsewhere'};
	if (facts.liveHere === 'pending') return {outcome: 'merged', reason: null};
	if (facts.liveHere === 'running') return {outcome: 'queued', reason: 'running'};
	if (facts.live >= limits.maxLive) return {outcome: 'queued', reason: 'capacity'};
	return {outcome: 'launched', reason: null};
}

/** Different names that one message may mention. A message with more is refused, so that no mention is skipped silently. */
export const mostMentions = 100;

// The character before shows an e-mail address or a path; the one after, a package scope (`@scope/name`).
const mentionPattern = /(?<![\w.+@/-])@([a-z0-9]+(?:[_-][a-z0-9]+)*)/gi;

/** The distinct names that a text mentions, in order and in small letters. Names inside code and e-mail addresses are not mentions. */
export function mentionsIn(text: string): readonly string[] {
	const names = new Set<string>();
	for (const prose of withoutCode(text)) {
		for (const match of prose.matchAll(mentionPattern)) {
			const after = prose.slice(match.index + match[0].length, match.index + match[0].length + 2);
			const name = (match[1] as string).toLowerCase();
			if (isIdentity(name) && !/^\/\w/.test(after)) names.add(name);
		}
	}
	return [...names];
}

const fencePattern = /^ {0,3}(`{3,}|~{3,})/;

/** The paragraphs of a Markdown text, without fenced blocks and with every code span blanked. */
function withoutCode(text: string): readonly string[] {
	const paragraphs: string[] = [];
	let lines: string[] = [];
	let fence: string | null = null;
	const endParagraph = () => {
		if (lines.length > 0) paragraphs.push(withoutSpans(lines.join('\n')));
		lines = [];
	};
	for (const line of text.split(/\r\n|\r|\n/)) {
		const mark = fencePattern.exec(line)?.[1] ?? null;
		if (fence !== null) {
			if (mark?.startsWith(fence) && line.trim() === mark) fence = null;
		} else if (mark !== null && !(mark.startsWith('`') && line.trim().slice(mark.length).includes('`'))) {
			endParagraph();
			fence = mark;
		} else if (line.trim() === '') endParagraph();
		else lines.push(line);
	}
	endParagraph();
	return paragraphs;
}

/** A paragraph with each code span replaced by one space. A run of backticks without its partner is text. */
function withoutSpans(paragraph: string): string {
	const runs = [...paragraph.matchAll(/`+/g)];
	// For each run the next one of equal length: found from behind, so that hostile text costs linear time.
	const partner = new Map<number, number>();
	const nextOfLength = new Map<number, number>();
	for (let index = runs.length - 1; index >= 0; index -= 1) {
		const length = (runs[index] as RegExpExecArray)[0].length;
		const next = nextOfLength.get(length);
		if (next !== undefined) partner.set(index, next);
		nextOfLength.set(length, index);
	}
	let prose = '';
	let from = 0;
	for (let index = 0; index < runs.length; index += 1) {
		const end = partner.get(index);
		if (end === undefined) continue;
		const closing = runs[end] as RegExpExecArray;
		prose += `${paragraph.slice(from, (runs[index] as RegExpExecArray).index)} `;
		from = closing.index + closing[0].length;
		index = end;
	}
	return prose + paragraph.slice(from);
}
