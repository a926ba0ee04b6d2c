import type {Key} from 'ink';

const named = [
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

const segmenter = new Intl.Segmenter();

/** The keys of one input event, by the names of the keymap. One chunk may hold several, and hide Enter in text. */
export function keysOf(input: string, key: Key): readonly string[] {
	const special = named.find(name => key[name]);
	if (special !== undefined) {
		const name = special.replace('Arrow', '').toLowerCase();
		return [key.meta && name === 'return' ? 'alt-return' : name];
	}
	if (key.ctrl) return [`ctrl-${input}`];
	return [...segmenter.segment(input)].map(({segment}) => controlNames[segment] ?? segment);
}

const controlNames: Readonly<Record<string, string>> = {
	'\r': 'return',
	'\n': 'return',
	'\r\n': 'return',
	'\t': 'tab',
	'\u001b': 'escape',
	'\u007f': 'backspace',
	'\b': 'backspace',
};
