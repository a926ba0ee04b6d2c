import {styleText} from 'node:util';
import type {Outcome} from '../model/mention.ts';
import type {State} from '../model/state.ts';
import type {Row, Style} from './row.ts';

/** How a state looks: the glyph and the word carry the meaning, the style only repeats it. */
export interface Look {
	readonly glyph: string;
	readonly word: string;
	readonly style: Style;
}

const looks: Readonly<Record<State, Look>> = {
	queued: {glyph: '·', word: 'queued', style: 'dim'},
	held: {glyph: '‖', word: 'held', style: 'warning'},
	quota: {glyph: '‖', word: 'quota', style: 'warning'},
	starting: {glyph: '◌', word: 'starting', style: 'accent'},
	working: {glyph: '●', word: 'working', style: 'accent'},
	stopping: {glyph: '◌', word: 'stopping', style: 'warning'},
	stalled: {glyph: '!', word: 'stalled', style: 'warning'},
	'no-session': {glyph: '!', word: 'no session', style: 'warning'},
	overdue: {glyph: '!', word: 'overdue', style: 'warning'},
	orphan: {glyph: '‼', word: 'orphan', style: 'critical'},
	lost: {glyph: '‼', word: 'lost', style: 'critical'},
	stray: {glyph: '‼', word: 'stray', style: 'critical'},
	blocked: {glyph: '?', word: 'blocked', style: 'critical'},
	waiting: {glyph: '○', word: 'waiting', style: 'good'},
	completed: {glyph: '✓', word: 'completed', style: 'good'},
	failed: {glyph: '✗', word: 'failed', style: 'critical'},
	timeout: {glyph: '✗', word: 'timeout', style: 'critical'},
	killed: {glyph: '×', word: 'killed', style: 'warning'},
};

/** How a spawn looks. */
export function lookOf({state}: {readonly state: State}): Look {
	return looks[state];
}

/** How the outcome of a mention looks. */
export const outcomeStyles: Readonly<Record<Outcome, Style>> = {
	launched: 'good',
	merged: 'good',
	queued: 'accent',
	called: 'strong',
	ignored: 'dim',
	refused: 'warning',
	held: 'warning',
	dropped: 'dim',
};

const formats = {
	plain: [],
	dim: ['dim'],
	strong: ['bold'],
	good: ['green'],
	warning: ['yellow'],
	critical: ['red', 'bold'],
	accent: ['cyan'],
	selected: ['inverse'],
} as const satisfies Record<Style, readonly Parameters<typeof styleText>[0][]>;

/** A row as text for a terminal, or as bare text where colour is not wanted. */
export function paint(row: Row, hasColor: boolean): string {
	return row
		.map(({text, style}) =>
			hasColor && style !== 'plain' ? styleText([...formats[style]], text, {validateStream: false}) : text,
		)
		.join('');
}
