import type {Raid} from '../model/raid.ts';
import type {Wish} from '../model/system.ts';
import {complete, erase, insert, moveCursor} from './composer/draft.ts';
import {
	answer,
	askToKill,
	askToSettle,
	choose,
	edit,
	isForward,
	mention,
	openChannels,
	refuse,
	type Step,
	scroll,
	select,
	send,
	showChosen,
	toggleHold,
} from './moves.ts';
import type {Mode, ViewState} from './state.ts';

/** A key, declared once: for input, footer and help. */
export interface Binding {
	readonly mode: Mode['type'];
	/** Names as `keysOf` gives them. */
	readonly keys: readonly string[];
	/** The keys as people call them. */
	readonly shown: string;
	readonly help: string;
	/** A word for the footer; null keeps the key out of it. */
	readonly footer: string | null;
	/** What it asks for that changes the store: where that cannot be asked for, the key is off. */
	readonly wish?: Wish;
	readonly press: (view: ViewState, raid: Raid, key: string) => Step;
}

/** Every key of the dashboard. */
export const keymap: readonly Binding[] = [
	{
		mode: 'browse',
		keys: ['j', 'down', 'k', 'up'],
		shown: 'j/k',
		help: 'select the next spawn, the one before (also: arrows)',
		footer: 'select',
		press: (view, raid, key) => select(view, raid, isForward(key) ? 1 : -1),
	},
	{
		mode: 'browse',
		keys: ['g', 'home', 'G', 'end'],
		shown: 'g/G',
		help: 'select the first spawn, the last one',
		footer: null,
		press: (view, raid, key) =>
			select(view, raid, key === 'g' || key === 'home' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY),
	},
	{
		mode: 'browse',
		keys: ['m', 'return'],
		shown: 'm',
		help: 'message to the channel',
		footer: 'message',
		wish: 'post',
		press: view => ({view: {...view, mode: {type: 'compose'}}}),
	},
	{
		mode: 'browse',
		keys: ['@'],
		shown: '@',
		help: 'message to the selected agent',
		footer: 'mention',
		wish: 'post',
		press: mention,
	},
	{
		mode: 'browse',
		keys: ['x'],
		shown: 'x',
		help: 'kill the selected spawn, or its chain',
		footer: 'kill',
		wish: 'stop',
		press: askToKill,
	},
	{
		mode: 'browse',
		keys: ['c'],
		shown: 'c',
		help: 'switch the channel',
		footer: 'channel',
		press: openChannels,
	},
	{
		mode: 'browse',
		keys: ['h'],
		shown: 'h',
		help: 'hold the channel: agents launch nothing new; again: go on',
		footer: 'hold',
		wish: 'hold',
		press: toggleHold,
	},
	{
		mode: 'browse',
		keys: ['r'],
		shown: 'r',
		help: 'release, or drop, the mentions that are held in the channel',
		footer: null,
		wish: 'hold',
		press: askToSettle,
	},
	{
		mode: 'browse',
		keys: ['pageup', 'ctrl-u', 'pagedown', 'ctrl-d'],
		shown: 'PgUp/PgDn',
		help: 'scroll the channel back, on',
		footer: null,
		press: (view, raid, key) =>
			scroll(view, key === 'pageup' || key === 'ctrl-u' ? 10 : -10, raid.messages.length * 3),
	},
	{
		mode: 'browse',
		keys: ['escape'],
		shown: 'Esc',
		help: 'back to the newest message, the selection to the latest live spawn',
		footer: null,
		press: view => ({view: {...view, selected: null, scrolled: 0}}),
	},
	{
		mode: 'browse',
		keys: ['?'],
		shown: '?',
		help: 'help',
		footer: 'help',
		press: view => ({view: {...view, mode: {type: 'help'}, scrolled: 0}}),
	},
	{
		mode: 'browse',
		keys: ['ctrl-l'],
		shown: 'Ctrl-L',
		help: 'paint the screen anew',
		footer: null,
		press: view => ({view, effect: {type: 'repaint'}}),
	},
	{
		mode: 'browse',
		keys: ['ctrl-z'],
		shown: 'Ctrl-Z',
		help: 'suspend; fg comes back',
		footer: null,
		press: view => ({view, effect: {type: 'suspend'}}),
	},
	{
		mode: 'browse',
		keys: ['q', 'ctrl-c'],
		shown: 'q',
		help: 'quit; what runs goes on',
		footer: 'quit',
		press: view => ({view, effect: {type: 'quit'}}),
	},

	{mode: 'compose', keys: ['return'], shown: 'Enter', help: 'send', footer: 'send', press: send},
	{
		mode: 'compose',
		keys: ['alt-return', 'ctrl-j'],
		shown: 'Alt-Enter',
		help: 'new line',
		footer: null,
		press: view => edit(view, insert(view.draft, '\n')),
	},
	{
		mode: 'compose',
		keys: ['tab'],
		shown: 'Tab',
		help: 'complete the @mention',
		footer: 'complete',
		press: (view, raid) => edit(view, complete(view.draft, raid)),
	},
	{
		mode: 'compose',
		keys: ['escape', 'ctrl-c'],
		shown: 'Esc',
		help: 'leave; the draft stays',
		footer: 'leave',
		press: view => ({view: {...view, mode: {type: 'browse'}}}),
	},
	...editing('backspace', 'character', 'erase a character'),
	...editing('ctrl-w', 'word', 'erase a word'),
	...editing('ctrl-u', 'all', 'erase all before the cursor'),
	...moving(['left', 'ctrl-b'], 'left', 'Left'),
	...moving(['right', 'ctrl-f'], 'right', 'Right'),
	...moving(['home', 'ctrl-a'], 'start', 'Home'),
	...moving(['end', 'ctrl-e'], 'end', 'End'),

	{
		mode: 'confirm',
		keys: ['escape', 'n', 'ctrl-c'],
		shown: 'n',
		help: 'no',
		footer: null,
		press: view => ({view: {...view, mode: {type: 'browse'}}}),
	},

	{
		mode: 'channels',
		keys: ['j', 'down', 'k', 'up'],
		shown: 'j/k',
		help: 'choose the next channel, the one before',
		footer: 'choose',
		press: (view, raid, key) => choose(view, raid, isForward(key) ? 1 : -1),
	},
	{mode: 'channels', keys: ['return'], shown: 'Enter', help: 'show it', footer: 'show', press: showChosen},
	{
		mode: 'channels',
		keys: ['escape', 'c', 'q', 'ctrl-c'],
		shown: 'Esc',
		help: 'back',
		footer: 'back',
		press: view => ({view: {...view, mode: {type: 'browse'}}}),
	},

	{
		mode: 'help',
		keys: ['j', 'down', 'k', 'up'],
		shown: 'j/k',
		help: 'scroll',
		footer: 'scroll',
		press: (view, _raid, key) => scroll(view, isForward(key) ? 1 : -1, keymap.length),
	},
	{
		mode: 'help',
		keys: ['escape', '?', 'q', 'return', 'ctrl-c'],
		shown: 'Esc',
		help: 'back',
		footer: 'back',
		press: view => ({view: {...view, mode: {type: 'browse'}, scrolled: 0}}),
	},
];

/** What a key leads to: the table's binding, else an answer to the question, else text for the composer. */
export function press(key: string, view: ViewState, raid: Raid): Step {
	const calm = {...view, notice: null};
	const binding = keymap.find(({mode, keys}) => mode === view.mode.type && keys.includes(key));
	if (binding !== undefined) {
		const refusal = refusalOf(binding, raid);
		return refusal === null ? binding.press(calm, raid, key) : refuse(calm, refusal);
	}
	if (view.mode.type === 'confirm') return answer(key, calm, view.mode.choices);
	if (view.mode.type === 'compose' && isText(key)) return edit(calm, insert(view.draft, key));
	return {view};
}

/** Why a key is off here; null when it is not. */
export function refusalOf({wish}: Binding, {system}: Raid): string | null {
	return wish === undefined ? null : system.refusals[wish];
}

/** What pasted text leads to: it goes into the draft, whatever was on the screen, and is never taken for keys. */
export function paste(text: string, view: ViewState, {system}: Raid): Step {
	if (view.mode.type !== 'browse' && view.mode.type !== 'compose') return {view};
	const refusal = system.refusals.post;
	if (refusal !== null) return refuse(view, refusal);
	return edit({...view, mode: {type: 'compose'}}, insert(view.draft, text.replace(/\r\n?/g, '\n')));
}

/** Names of keys that are no text have several letters; a text is one character, of one or more code points. */
function isText(key: string): boolean {
	return [...new Intl.Segmenter().segment(key)].length === 1 && !/^\p{Cc}/u.test(key);
}

function editing(key: string, by: 'character' | 'word' | 'all', help: string): readonly Binding[] {
	const shown =
		key === 'backspace' ? 'Backspace' : key.replace('ctrl-', 'Ctrl-').toUpperCase().replace('CTRL', 'Ctrl');
	const press = (view: ViewState) => edit(view, erase(view.draft, by));
	return [{mode: 'compose', keys: [key], shown, help, footer: null, press}];
}

function moving(
	keys: readonly string[],
	to: 'left' | 'right' | 'start' | 'end',
	shown: string,
): readonly Binding[] {
	const press = (view: ViewState) => edit(view, moveCursor(view.draft, to));
	return [{mode: 'compose', keys, shown, help: `move the cursor: ${to}`, footer: null, press}];
}
