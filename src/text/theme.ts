import {styleText} from 'node:util';
import type {Outcome} from '../model/mention.ts';
import type {State} from '../model/state.ts';
import type {Row, Style} from './row.ts';
import {sanitiseLine} from './sanitise.ts';

/** The sign of a state: the glyph and the word carry the meaning, the style only repeats it. */
export interface StateSign {
	readonly glyph: string;
	readonly word: string;
	readonly style: Style;
}

/** Characters that are drawn around texts; each is one column wide, branches are two. */
export interface Marks {
	/** Ends a text that was cut. */
	readonly cut: string;
	readonly selected: string;
	/** The channel that Enter would show. */
	readonly chosen: string;
	readonly rule: string;
	readonly column: string;
	/** Where the rule meets the column. */
	readonly joint: string;
	readonly branch: string;
	readonly lastBranch: string;
	readonly trunk: string;
	readonly noTrunk: string;
	/** Before an outcome, or a remedy. */
	readonly arrow: string;
	readonly alert: string;
	readonly notice: string;
	/** Between the counts of the status. */
	readonly separator: string;
	/** Between the columns and the rows of a size. */
	readonly times: string;
	/** A line break in a text that is shown in one row. */
	readonly lineBreak: string;
	/** A tool that an agent calls. */
	readonly call: string;
	/** Before each line of what a tool returned. */
	readonly quote: string;
}

type Format = Extract<Parameters<typeof styleText>[0], string>;

/** The look of everything that is drawn, as one value that is passed down. */
export interface Theme {
	readonly states: Readonly<Record<State, StateSign>>;
	readonly outcomes: Readonly<Record<Outcome, Style>>;
	readonly marks: Marks;
	readonly palette: Readonly<Record<Style, readonly Format[]>>;
}

const states: Theme['states'] = {
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
	stuck: {glyph: '‼', word: 'stuck', style: 'critical'},
	stray: {glyph: '‼', word: 'stray', style: 'critical'},
	elsewhere: {glyph: '○', word: 'elsewhere', style: 'dim'},
	blocked: {glyph: '?', word: 'blocked', style: 'critical'},
	waiting: {glyph: '○', word: 'waiting', style: 'good'},
	completed: {glyph: '✓', word: 'completed', style: 'good'},
	failed: {glyph: '✗', word: 'failed', style: 'critical'},
	timeout: {glyph: '✗', word: 'timeout', style: 'critical'},
	killed: {glyph: '×', word: 'killed', style: 'warning'},
};

const outcomes: Theme['outcomes'] = {
	launched: 'good',
	merged: 'good',
	queued: 'accent',
	called: 'strong',
	ignored: 'dim',
	refused: 'warning',
	held: 'warning',
	dropped: 'dim',
};

const marks: Marks = {
	cut: '…',
	selected: '▸',
	chosen: '>',
	rule: '─',
	column: '│',
	joint: '┬',
	branch: '├─',
	lastBranch: '└─',
	trunk: '│ ',
	noTrunk: '  ',
	arrow: '→',
	alert: '!',
	notice: '·',
	separator: '·',
	times: '×',
	lineBreak: '⏎',
	call: '▸',
	quote: '│',
};

/** The theme of a terminal with colours. */
export const standardTheme: Theme = {
	states,
	outcomes,
	marks,
	palette: {
		plain: [],
		dim: ['dim'],
		strong: ['bold'],
		good: ['green'],
		warning: ['yellow'],
		critical: ['red', 'bold'],
		accent: ['cyan'],
		selected: ['inverse'],
	},
};

/** The theme of a terminal without colours: no escape sequence at all. */
export const plainTheme: Theme = {
	...standardTheme,
	palette: {
		plain: [],
		dim: [],
		strong: [],
		good: [],
		warning: [],
		critical: [],
		accent: [],
		selected: [],
	},
};

/** The theme of a terminal that shows colours, or of one that does not. */
export function themeFor({hasColor}: {readonly hasColor: boolean}): Theme {
	return hasColor ? standardTheme : plainTheme;
}

/**
 * A row as text for a terminal: the only way of a text to one. Whatever its spans hold, no control character but those of
 * the theme comes out.
 */
export function paint(row: Row, {palette}: Theme): string {
	return row
		.map(({text, style}) => {
			// A record may hold a word that we do not know, and have no style.
			const formats = palette[style] ?? [];
			const safe = sanitiseLine(text);
			return formats.length === 0 ? safe : styleText([...formats], safe, {validateStream: false});
		})
		.join('');
}
