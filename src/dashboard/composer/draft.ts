import stringWidth from 'string-width';
import {isAgent} from '../../model/agent.ts';
import type {Raid} from '../../model/raid.ts';
import {graphemesOf} from '../../text/graphemes.ts';

/** A text that is being written; `cursor` is an offset into it. */
export interface Draft {
	readonly text: string;
	readonly cursor: number;
}

export const emptyDraft: Draft = {text: '', cursor: 0};

/** A draft of a text with the cursor at its end. */
export function draftWith(text: string): Draft {
	return {text, cursor: text.length};
}

/** The draft with a text inserted at the cursor. */
export function insert({text, cursor}: Draft, added: string): Draft {
	return {text: text.slice(0, cursor) + added + text.slice(cursor), cursor: cursor + added.length};
}

/** The draft without the character, the word or everything before the cursor. */
export function erase({text, cursor}: Draft, by: 'character' | 'word' | 'all'): Draft {
	const kept = keptOf(text.slice(0, cursor), by);
	return {text: kept + text.slice(cursor), cursor: kept.length};
}

function keptOf(before: string, by: 'character' | 'word' | 'all'): string {
	switch (by) {
		case 'all':
			return '';
		case 'word':
			return withoutLastWord(before);
		case 'character':
			return before.slice(0, previousOffset(before));
	}
}

function withoutLastWord(before: string): string {
	let end = before.trimEnd().length;
	while (end > 0 && /\S/.test(before.charAt(end - 1))) end -= 1;
	return before.slice(0, end);
}

/** The draft with the cursor moved. */
export function moveCursor({text, cursor}: Draft, to: 'left' | 'right' | 'start' | 'end'): Draft {
	switch (to) {
		case 'start':
			return {text, cursor: 0};
		case 'end':
			return {text, cursor: text.length};
		case 'left':
			return {text, cursor: previousOffset(text.slice(0, cursor))};
		case 'right': {
			const [next] = graphemesOf(text.slice(cursor));
			return {text, cursor: cursor + (next?.segment.length ?? 0)};
		}
	}
}

function previousOffset(before: string): number {
	return [...graphemesOf(before)].at(-1)?.index ?? 0;
}

/** The agents that the word before the cursor, `@` and a beginning, may mean. Empty when it is not a mention. */
export function completions({text, cursor}: Draft, {agents}: Raid): readonly string[] {
	const start = /(?:^|\s)@([\w-]*)$/.exec(text.slice(0, cursor))?.[1]?.toLowerCase();
	if (start === undefined) return [];
	return agents
		.filter(agent => isAgent(agent) && agent.identity.startsWith(start))
		.map(agent => agent.identity);
}

/** The draft with the mention before the cursor completed: to the only candidate, or as far as all candidates agree. */
export function complete(draft: Draft, raid: Raid): Draft {
	const [first, ...others] = completions(draft, raid);
	if (first === undefined) return draft;
	let common = first;
	while (!others.every(other => other.startsWith(common))) common = common.slice(0, -1);
	const start = draft.text.slice(0, draft.cursor).lastIndexOf('@') + 1;
	const head = draft.text.slice(0, start) + common + (others.length === 0 ? ' ' : '');
	return {text: head + draft.text.slice(draft.cursor), cursor: head.length};
}

/** The end of a line that keeps its `column` within `width` columns, and that column in it; `mark` is one column wide. */
export function windowOf(
	line: string,
	column: number,
	width: number,
	mark: string,
): {readonly text: string; readonly column: number} {
	if (column <= width) return {text: line, column};
	let passed = 0;
	for (const {segment, index} of graphemesOf(line)) {
		// One column is left for the mark.
		if (column - passed < width) return {text: mark + line.slice(index), column: column - passed + 1};
		passed += stringWidth(segment);
	}
	return {text: mark, column: 1};
}
