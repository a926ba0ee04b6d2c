import stringWidth from 'string-width';
import type {Raid} from '../../model/raid.ts';
import {graphemesOf} from '../../text/graphemes.ts';
import {type Row, span} from '../../text/row.ts';
import {sanitiseLine} from '../../text/sanitise.ts';
import type {Theme} from '../../text/theme.ts';
import {askFor, type Binding, neverRefused, type Section, type Step} from '../binding.ts';
import {draftOf, type ViewState, withDraft, withPane} from '../state.ts';
import {complete, completions, type Draft, emptyDraft, erase, insert, moveCursor, windowOf} from './draft.ts';

/** The keys of the composer; every other character is text. */
export const composerSection: Section = {
	title: 'Writing a message',
	bindings: [
		{
			id: 'composer.send',
			keys: ['return'],
			label: 'send',
			help: 'send the message',
			footer: 'room',
			refusal: (_raid, view) => (draftOf(view).text.trim() === '' ? 'The message is empty.' : null),
			press: send,
		},
		editing('new-line', ['alt-return', 'ctrl-j'], 'start a new line', draft => insert(draft, '\n')),
		{
			id: 'composer.complete',
			keys: ['tab'],
			label: 'complete',
			help: 'complete the @mention',
			footer: 'room',
			refusal: (raid, view) =>
				completions(draftOf(view), raid).length === 0
					? 'The text before the cursor is not the beginning of a mention.'
					: null,
			press: (view, raid) => edit(view, draft => complete(draft, raid)),
		},
		{
			id: 'composer.leave',
			keys: ['escape', 'ctrl-c'],
			label: 'leave',
			help: 'leave; the draft is kept',
			footer: 'room',
			refusal: neverRefused,
			press: view => ({view: {...view, focus: 'chain'}}),
		},
		editing('erase', ['backspace'], 'erase a character', draft => erase(draft, 'character')),
		editing('erase-word', ['ctrl-w'], 'erase a word', draft => erase(draft, 'word')),
		editing('erase-all', ['ctrl-u'], 'erase everything before the cursor', draft => erase(draft, 'all')),
		editing('left', ['left', 'ctrl-b'], 'move the cursor left', draft => moveCursor(draft, 'left')),
		editing('right', ['right', 'ctrl-f'], 'move the cursor right', draft => moveCursor(draft, 'right')),
		editing('start', ['home', 'ctrl-a'], 'move the cursor to the start', draft => moveCursor(draft, 'start')),
		editing('end', ['end', 'ctrl-e'], 'move the cursor to the end', draft => moveCursor(draft, 'end')),
	],
};

function editing(
	name: string,
	keys: readonly string[],
	help: string,
	change: (draft: Draft) => Draft,
): Binding {
	return {
		id: `composer.${name}`,
		keys,
		label: 'edit',
		help,
		footer: 'never',
		refusal: neverRefused,
		press: view => edit(view, change),
	};
}

function edit(view: ViewState, change: (draft: Draft) => Draft): Step {
	return {view: view.channel === null ? view : withDraft(view, view.channel, change(draftOf(view)))};
}

function send(view: ViewState): Step {
	const {channel} = view;
	if (channel === null) return {view};
	const {text} = draftOf(view);
	const outgoing = [...view.outgoing, {channel, text}];
	const sent: ViewState = {...withDraft(view, channel, emptyDraft), focus: 'chain', outgoing};
	return askFor(withPane(sent, 'tail', {type: 'following'}), {
		type: 'post',
		channel,
		text,
		as: null,
		claim: null,
	});
}

/** Inserts a key that is not bound, if it is a character. */
export function type(key: string, view: ViewState): Step {
	return isCharacter(key) ? edit(view, draft => insert(draft, key)) : {view};
}

/** Inserts a text, and gives the composer the keys. */
export function write(text: string, view: ViewState): Step {
	return edit({...view, focus: 'composer'}, draft => insert(draft, text));
}

/** Names of keys that are not text have several letters; a character may have several code points. */
function isCharacter(key: string): boolean {
	return [...graphemesOf(key)].length === 1 && !/^\p{Cc}/u.test(key);
}

/** The candidates for the mention before the cursor; no row when there are none. `key` completes it. */
export function completionRows(raid: Raid, view: ViewState, key: string): readonly Row[] {
	if (view.focus !== 'composer') return [];
	const names = completions(draftOf(view), raid);
	if (names.length === 0) return [];
	const list = names.map(name => `@${sanitiseLine(name)}`).join(' ');
	return [[span(`  ${key}: `, 'dim'), span(list, 'accent')]];
}

/** The row of the composer while it has the keys, and the column of the cursor in it. */
export function composerRow(
	view: ViewState,
	problem: string | null,
	{marks}: Theme,
): {readonly row: Row; readonly column: number} {
	const {text, cursor} = draftOf(view);
	const prompt = promptFor(view);
	const room = view.size.width - stringWidth(prompt) - 1;
	const before = stringWidth(inOneLine(text.slice(0, cursor), marks.lineBreak));
	const window = windowOf(inOneLine(text, marks.lineBreak), before, room, marks.cut);
	const note = problem === null ? [] : [span(`  ${problem}`, 'warning')];
	return {
		row: [span(prompt, 'accent'), span(window.text), ...note],
		column: stringWidth(prompt) + window.column,
	};
}

/** The row of the composer while something else has the keys: a message that is not stored yet, or the draft. */
export function draftRow(view: ViewState, {marks}: Theme): Row {
	const [sent] = view.outgoing;
	if (sent !== undefined)
		return [span(`sending to ${promptFor(sent)}`, 'dim'), span(inOneLine(sent.text, marks.lineBreak), 'dim')];
	return [span(promptFor(view), 'dim'), span(inOneLine(draftOf(view).text, marks.lineBreak), 'dim')];
}

function promptFor({channel}: Pick<ViewState, 'channel'>): string {
	return `#${sanitiseLine(channel ?? '-')} > `;
}

function inOneLine(text: string, lineBreak: string): string {
	return sanitiseLine(text.replaceAll('\n', lineBreak));
}
