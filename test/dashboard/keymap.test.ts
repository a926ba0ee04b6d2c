import {expect, test} from 'vitest';
import {keymap, paste, press} from '../../src/dashboard/keymap.ts';
import {initialView, type ViewState} from '../../src/dashboard/state.ts';
import {aRaid, aSpawn} from '../helpers/builders.ts';

const root = aSpawn({id: '1-aaaa', agent: 'sonnelot'});
const child = aSpawn({id: '2-bbbb', parentId: '1-aaaa'});
const raid = aRaid({spawns: [root, child]});

/** Presses keys one after the other; the view, and what they asked for. */
function pressAll(keys: readonly string[], from: ViewState = initialView, on = raid) {
	return keys.reduce(
		({view, effects}, key) => {
			const step = press(key, view, on);
			return {view: step.view, effects: step.effect === undefined ? effects : [...effects, step.effect]};
		},
		{view: from, effects: [] as unknown[]},
	);
}

test('no key means two things in one mode', () => {
	for (const mode of new Set(keymap.map(binding => binding.mode))) {
		const keys = keymap.filter(binding => binding.mode === mode).flatMap(binding => binding.keys);
		expect(keys).toEqual([...new Set(keys)]);
	}
});

test('a message is written, completed and sent', () => {
	const {view, effects} = pressAll(['m', ...'ask @ha', 'tab', ...'now', 'return']);
	const action = {type: 'post', channel: 'general', text: 'ask @hailot now', as: null};

	expect(effects).toMatchObject([{type: 'perform', action}]);
	expect(view).toMatchObject({mode: {type: 'browse'}, draft: {text: ''}});
});

test('an empty message is refused, and a draft outlives Escape', () => {
	expect(pressAll(['m', ' ', 'return']).view.notice?.text).toBe('The message is empty.');
	expect(pressAll(['m', 'x', 'escape', 'm', 'y']).view.draft.text).toBe('xy');
});

test('@ begins a message to the selected agent', () => {
	expect(pressAll(['k', '@']).view.draft.text).toBe('@sonnelot ');
});

test('a kill is asked for, and reaches the chain only when told to', () => {
	const stop = (type: string) => ({type: 'stop', target: {type, ids: ['1-aaaa']}});
	expect(pressAll(['k', 'x', 'y']).effects).toEqual([{type: 'perform', action: stop('spawns')}]);
	expect(pressAll(['k', 'x', 'a']).effects).toEqual([{type: 'perform', action: stop('chains')}]);
	expect(pressAll(['k', 'x', 'n']).effects).toEqual([]);
	expect(pressAll(['k', 'x', 'q', 'j', 'return']).effects).toEqual([]);
});

test('an ended spawn cannot be killed, and the notice says why', () => {
	const ended = aRaid({spawns: [aSpawn({status: 'completed'})]});
	const {view, effects} = pressAll(['x'], initialView, ended);

	expect(view.notice?.text).toBe('This spawn has already ended.');
	expect(effects).toEqual([]);
});

test('pasted text is text, whatever it looks like', () => {
	const {view} = paste('q\rx y\n', initialView, raid);
	expect(view.draft.text).toBe('q\nx y\n');
	expect(view.mode.type).toBe('compose');
});
