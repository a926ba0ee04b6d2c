import stringWidth from 'string-width';
import {isAgent} from '../../model/agent.ts';
import type {Raid} from '../../model/raid.ts';
import type {Draft} from '../state.ts';

const segmenter = new Intl.Segmenter();

/** The draft with a text put in at the cursor. */
export function insert({text, cursor}: Draft, added: string): Draft {
	return {text: text.slice(0, cursor) + added + text.slice(cursor), cursor: cursor + added.length};
}

/** The draft without the character, or the word, before the cursor. */
export function erase(draft: Draft, by: 'character' | 'word' | 'all'): Draft {
	const {text, cursor} = draft;
	const before = text.slice(0, cursor);
	const kept =
		by === 'all'
			? ''
			: by === 'word'
				? before.replace(/\S+\s*$/, '')
				: before.slice(0, previousOffset(before));
	return {text: kept + text.slice(cursor), cursor: kept.length};
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
			const next = segmenter.segment(text.slice(cursor))[Symbol.iterator]().next().value;
			return {text, cursor: cursor + (next?.segment.length ?? 0)};
		}
	}
}

function previousOffset(before: string): number {
	return [...segmenter.segment(before)].at(-1)?.index ?? 0;
}

/** The identities that the word before the cursor, `@` and a beginning, may mean. Empty when it is no mention. */
export function completions({text, cursor}: Draft, {agents}: Raid): readonly string[] {
	const start = /(?:^|\s)@([\w-]*)$/.exec(text.slice(0, cursor))?.[1]?.toLowerCase();
	if (start === undefined) return [];
	return agents
		.filter(agent => isAgent(agent) && agent.identity.startsWith(start))
		.map(agent => agent.identity);
}

/** The draft with the mention before the cursor made whole: to the only candidate, else as far as all agree. */
export function complete(draft: Draft, raid: Raid): Draft {
	const [first, ...others] = completions(draft, raid);
	if (first === undefined) return draft;
	let common = first;
	while (!others.every(other => other.startsWith(common))) common = common.slice(0, -1);
	const start = draft.text.slice(0, draft.cursor).lastIndexOf('@') + 1;
	const head = draft.text.slice(0, start) + common + (others.length === 0 ? ' ' : '');
	return {text: head + draft.text.slice(draft.cursor), cursor: head.length};
}

/** The end of a line that keeps its `column` within `width` columns, and that column in it. */
export function windowOf(
	line: string,
	column: number,
	width: number,
): {readonly text: string; readonly column: number} {
	if (column <= width) return {text: line, column};
	let passed = 0;
	for (const {segment, index} of segmenter.segment(line)) {
		// One column is left for the mark.
		if (column - passed < width) return {text: `…${line.slice(index)}`, column: column - passed + 1};
		passed += stringWidth(segment);
	}
	return {text: '…', column: 1};
}
