import {describeError} from '../errors.ts';
import type {Action, ResultOf, Results} from '../model/action.ts';
import type {Raid, SpawnState} from '../model/raid.ts';
import {isLive, type SpawnId} from '../model/spawn.ts';
import {describeResult, hasSurvivors} from '../view/result.ts';

/** A text that is being written; `cursor` is an offset into it. */
export interface Draft {
	readonly text: string;
	readonly cursor: number;
}

export const emptyDraft: Draft = {text: '', cursor: 0};

/** One answer to a question. */
export interface Choice {
	readonly key: string;
	readonly label: string;
	readonly action: Action;
}

/** What the keys mean at the moment. */
export type Mode =
	| {readonly type: 'browse'}
	| {readonly type: 'compose'}
	| {readonly type: 'confirm'; readonly question: string; readonly choices: readonly Choice[]}
	| {readonly type: 'channels'; readonly chosen: string | null}
	| {readonly type: 'help'};

/** A line that tells what came of the last key. */
export interface Notice {
	readonly text: string;
	readonly isProblem: boolean;
}

/** What came of an action. */
export function noticeOf<A extends Action>(action: A, result: ResultOf<A>): Notice {
	const isProblem = action.type === 'stop' && hasSurvivors(result as Results['stop']);
	return {text: describeResult(action, result), isProblem};
}

/** What went wrong. */
export function problemOf(error: unknown): Notice {
	return {text: describeError(error), isProblem: true};
}

/** What is shown, apart from the raid itself. Ids, not positions: rows come and go. */
export interface ViewState {
	readonly mode: Mode;
	/** Null: the latest live spawn, else the latest. */
	readonly selected: SpawnId | null;
	readonly draft: Draft;
	/** Rows that the tail is scrolled back. */
	readonly scrolled: number;
	readonly notice: Notice | null;
}

export const initialView: ViewState = {
	mode: {type: 'browse'},
	selected: null,
	draft: emptyDraft,
	scrolled: 0,
	notice: null,
};

/** The spawn that keys act on; null when there is none at all. */
export function selectedSpawn(raid: Raid, {selected}: ViewState): SpawnState | null {
	const chosen = raid.spawns.find(spawn => spawn.id === selected);
	return chosen ?? raid.spawns.findLast(isLive) ?? raid.spawns.at(-1) ?? null;
}
