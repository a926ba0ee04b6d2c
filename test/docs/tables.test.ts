import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {settableLimits} from '../../src/cli/limits.ts';
import {usageOf} from '../../src/cli/usage.ts';
import {program} from '../../src/commands/index.ts';
import {alertKinds} from '../../src/model/alert.ts';
import type {Decision, HoldReason, Outcome} from '../../src/model/mention.ts';
import {type Config, defaultConfigText, readConfig} from '../../src/workspace/config.ts';
import {codesIn, root, tableRows} from './pages.ts';

const commands = [program.defaultCommand, ...program.commands.filter(({group}) => group !== null)];

test('the README lists every command that is meant for people with its usage, and no other', () => {
	const usages = tableRows('README.md', ['command', 'what it does']).map(([usage = '']) => codesIn(usage)[0]);

	expect(usages.toSorted()).toEqual(commands.map(usageOf).toSorted());
});

test('the table of config.json has its keys and their defaults; all but cwd and keepAwake are limits that can be changed', () => {
	const rows = tableRows('docs/workspace.md', ['key', 'default', 'meaning']);
	const config = Object.fromEntries(
		rows.map(([key = '', value = '']) => [codesIn(key)[0], JSON.parse(codesIn(value)[0] ?? '')]),
	);
	const known = Object.keys(JSON.parse(defaultConfigText)).toSorted();

	expect(Object.keys(config).toSorted()).toEqual(knownKeys());
	expect(Object.keys(config)).toEqual(expect.arrayContaining(known));
	expect(Object.keys(config).toSorted()).toEqual(
		['cwd', 'keepAwake', ...settableLimits.map(({key}) => key)].toSorted(),
	);
	expect(configOf(config)).toEqual(configOf({}));
});

test('every kind of alert is documented once', () => {
	const kinds = tableRows('docs/guards.md', ['kind', 'severity', 'meaning']).map(
		([kind = '']) => codesIn(kind)[0],
	);

	expect(kinds.toSorted()).toEqual([...alertKinds].toSorted());
});

// A new outcome or reason does not compile until it is here, and fails until it is in the table.
const outcomes: Record<Outcome, true> = {
	launched: true,
	merged: true,
	queued: true,
	called: true,
	refused: true,
	held: true,
	dropped: true,
	ignored: true,
};
const holdReasons: Record<HoldReason, true> = {
	settled: true,
	leash: true,
	breaker: true,
	provider: true,
	hold: true,
	stopped: true,
	reboot: true,
	install: true,
};
const reasons: Record<NonNullable<Decision['reason']>, true> = {
	...holdReasons,
	unknown: true,
	system: true,
	sender: true,
	depth: true,
	killed: true,
	running: true,
	elsewhere: true,
	released: true,
	capacity: true,
	done: true,
	blocked: true,
};

test('every outcome of a mention is documented, with every reason', () => {
	const rows = tableRows('docs/mentions.md', ['outcome', 'reason', 'meaning']);

	expect(new Set(rows.flatMap(([outcome = '']) => codesIn(outcome)))).toEqual(new Set(Object.keys(outcomes)));
	expect(new Set(rows.flatMap(([, reason = '']) => codesIn(reason)))).toEqual(new Set(Object.keys(reasons)));
});

test('every reason for holding a mention is documented, with what lifts it', () => {
	const rows = tableRows('docs/guards.md', ['held', 'why', 'what lifts it']);

	expect(rows.flatMap(([held = '']) => codesIn(held)).toSorted()).toEqual(
		Object.keys(holdReasons).toSorted(),
	);
});

test('the layout lists every folder of the code, and no other', () => {
	const listed = tableRows('docs/architecture.md', ['folder', 'what it holds']).flatMap(([folder = '']) =>
		codesIn(folder),
	);

	expect(listed.filter(folder => folder.startsWith('src/')).toSorted()).toEqual(folders('src'));
});

/** What a workspace with this `config.json` is configured as. */
function configOf(config: object): Config {
	const folder = mkdtempSync(join(tmpdir(), 'raid-test-'));
	onTestFinished(() => rmSync(folder, {recursive: true}));
	writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
	return readConfig(folder);
}

/** The keys that `config.json` may have, as its error lists them; `guards` is for the demo alone. */
function knownKeys(): readonly string[] {
	try {
		configOf({nonsense: 1});
	} catch (error) {
		const list = /Known keys: (.+)\.$/.exec((error as Error).message)?.[1] ?? '';
		return list
			.split(', ')
			.filter(key => key !== 'guards')
			.toSorted();
	}
	throw new Error('config.json may have any key');
}

function folders(parent: string): readonly string[] {
	return readdirSync(join(root, parent), {withFileTypes: true})
		.filter(entry => entry.isDirectory())
		.map(entry => `${parent}/${entry.name}`)
		.toSorted();
}
