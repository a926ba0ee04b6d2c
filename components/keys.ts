import type {Key} from 'ink';
import {graphemesOf} from '../src/text/graphemes.ts';

const specialKeys = [
	'upArrow',
	'downArrow',
	'leftArrow',
	'rightArrow',
	'pageUp',
	'pageDown',
	'home',
	'end',
	'return',
	'escape',
	'tab',
	'backspace',
	'delete',
] as const;

/**
 * The keys of one input event, by the names that the keymap uses. One event may hold several keys, because keys
 * that are typed fast come in one chunk, with Enter and control keys inside it.
 */
export function keysOf(input: string, key: Key): readonly string[] {
	const special = specialKeys.find(name => key[name]);
	if (special !== undefined) {
		const name = special.replace('Arrow', '').toLowerCase();
		return [key.meta && name === 'return' ? 'alt-return' : name];
	}
	if (key.ctrl) return [`ctrl-${input}`];
	return [...graphemesOf(input)].map(({segment}) => namedControls[segment] ?? controlKey(segment) ?? segment);
}

const namedControls: Readonly<Record<string, string>> = {
	'\r': 'return',
	'\n': 'return',
	'\r\n': 'return',
	'\t': 'tab',
	'\u001b': 'escape',
	'\u007f': 'backspace',
	'\b': 'backspace',
};

/** `ctrl-a` for the first control character, and so on; undefined for any other character. */
function controlKey(character: string): string | undefined {
	const code = character.charCodeAt(0);
	const isControl = character.length === 1 && code >= 1 && code <= 26;
	return isControl ? `ctrl-${String.fromCharCode(code + 96)}` : undefined;
}
