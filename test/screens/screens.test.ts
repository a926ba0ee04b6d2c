import {expect, test, vi} from 'vitest';
import type {Raid} from '../../src/model/raid.ts';
import type {Size} from '../../src/text/size.ts';
import {anOperator} from '../helpers/operator.ts';
import {blocked, busy, empty, holding, quiet, readOnly, talking} from './raids.ts';

// The screens show the time of day.
vi.hoisted(() => {
	process.env.TZ = 'UTC';
});

/** The screens that are reviewed as text files; `vitest run test/screens --update` writes them. */
const screens: Readonly<Record<string, {raid: Raid; keys?: readonly string[]; later?: Raid}>> = {
	empty: {raid: empty},
	quiet: {raid: quiet},
	busy: {raid: busy, keys: ['g']},
	kill: {raid: busy, keys: ['g', 'j', 'x']},
	held: {raid: holding, keys: ['r']},
	blocked: {raid: blocked, keys: ['g']},
	composing: {raid: quiet, keys: ['m', ...'Well done. @s']},
	channels: {raid: quiet, keys: ['c', 'j']},
	help: {raid: quiet, keys: ['?']},
	'scrolled-back': {raid: talking(60), keys: ['pageup'], later: talking(63)},
	'read-only': {raid: readOnly, keys: ['m']},
};
const sizes: readonly Size[] = [
	{width: 120, height: 40},
	{width: 80, height: 24},
];
const smallest: Size = {width: 40, height: 10};

test.each(
	Object.keys(screens).flatMap(name => sizes.map(({width, height}) => [name, width, height] as const)),
)('the screen "%s" at %d×%d is as it was reviewed', async (name, width, height) => {
	await expectScreen(name, {width, height});
});

test.each([
	['kill', smallest],
	['held', smallest],
	['scrolled-back', smallest],
	['quiet', {width: 38, height: 9}],
] as const)('the screen "%s" of a small terminal is as it was reviewed', async (name, size) => {
	await expectScreen(name, size);
});

async function expectScreen(name: string, size: Size): Promise<void> {
	const {raid, keys = [], later} = screens[name] ?? {raid: empty};
	const operator = anOperator(raid, size).press(...keys);
	if (later !== undefined) operator.receive(later);
	const text = `${operator.lines().join('\n')}\n`;
	await expect(text).toMatchFileSnapshot(`./${name}-${size.width}x${size.height}.txt`);
}
