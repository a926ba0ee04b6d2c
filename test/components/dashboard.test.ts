import {expect, test} from 'vitest';
import {perform} from '../../src/actions/perform.ts';
import {readProcess} from '../../src/process/table.ts';
import {openTerminal} from '../helpers/terminal.ts';
import {until} from '../helpers/wait.ts';
import {aWorkspace} from '../helpers/workspace.ts';

const agents = {
	hailot: [[{waitFor: 'go'}, {send: 'one two three @human'}]],
	sonnelot: [[{say: 'hm'}, {hang: true}]],
};
const enter = '\r';
const escapeKey = '\u001b';
const pageUp = '\u001b[5~';

/** True when the program has left the alternate screen, and has shown the cursor again. */
function isRestored(written: string): boolean {
	const last = (on: string, off: string) => written.lastIndexOf(on) < written.lastIndexOf(off);
	return last('\u001b[?1049h', '\u001b[?1049l') && last('\u001b[?25l', '\u001b[?25h');
}

test('an operator posts, watches, kills, resizes and quits', async () => {
	const workspace = aWorkspace({agents, config: {graceful: '500ms'}});
	const terminal = openTerminal([], {cwd: workspace.directory, env: workspace.env});
	await terminal.shows('no spawns yet');
	expect(terminal.isAlternate()).toBe(true);

	terminal.press('m');
	await terminal.shows('Enter send');
	terminal.press('@hai');
	await terminal.shows('Tab: @hailot');
	terminal.press('\tcount to 3');
	await terminal.shows('> @hailot count to 3');
	terminal.press(enter);
	await terminal.shows(/Posted: @hailot launched #\w{4}/);
	await terminal.shows(/▸● hailot #\w{4} +working +\d+/);
	workspace.go();
	await terminal.shows('one two three @human');
	await terminal.shows(/▸✓ hailot #\w{4} +completed/);
	await terminal.shows(/→ @hailot launched #\w{4} ✓ completed/);

	terminal.press(`m@sonnelot go${enter}`);
	await terminal.shows(/▸● sonnelot #\w{4} +working/);
	const spawn = await workspace.spawnOf('sonnelot', found => found.process !== null);
	terminal.press('x');
	await terminal.shows(/^Kill sonnelot #\w{4}\?$/);
	await terminal.shows(/^y yes {2}n no$/);
	terminal.press('n');
	await terminal.shows('j/k select');
	terminal.press('xy');
	await terminal.shows(/sonnelot #\w{4} was killed \(pid \d+(, \d+)*\)/);
	await terminal.shows(/× sonnelot #\w{4} +killed/);
	expect(readProcess(spawn.process?.pid ?? 0)).toBeNull();

	terminal.resize(40, 12);
	await until('nothing is wider than the screen', () => terminal.lines().every(line => line.length <= 40));
	await terminal.shows(/^.{0,2}×|▸× sonnelot/);
	terminal.press('?');
	await terminal.shows('select the next spawn');
	terminal.press(escapeKey);
	terminal.resize(120, 40);
	await terminal.shows(/→ @hailot launched #\w{4} ✓ completed/);

	terminal.press('c');
	await terminal.shows('> #general');
	terminal.press(escapeKey);
	await terminal.shows('q quit');
	terminal.press('q');
	expect(await terminal.ended()).toEqual({exitCode: 0, signal: 0});
	expect(terminal.isAlternate()).toBe(false);
	expect(isRestored(terminal.written())).toBe(true);
});

test('messages of others appear by themselves', async () => {
	const workspace = aWorkspace({agents});
	const terminal = openTerminal([], {cwd: workspace.directory, env: workspace.env, columns: 80, rows: 24});
	await terminal.shows('no messages yet');
	for (let count = 1; count <= 20; count += 1) {
		await workspace.raid(['send', 'general', `news ${count}`]);
		await terminal.shows(`news ${count}`);
	}
});

test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('the terminal is restored after %s', async signal => {
	const workspace = aWorkspace({agents});
	const terminal = openTerminal([], {cwd: workspace.directory, env: workspace.env});
	await terminal.shows('no spawns yet');
	process.kill(terminal.pid, signal);

	expect(await terminal.ended()).toEqual({exitCode: 130, signal: 0});
	expect(isRestored(terminal.written())).toBe(true);
});

test('a spawn keeps running when the dashboard is killed', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{wait: '2s'}, {send: 'done @human'}]]}});
	const terminal = openTerminal([], {cwd: workspace.directory, env: workspace.env});
	await terminal.shows('no spawns yet');
	terminal.press(`m@hailot go${enter}`);
	await workspace.spawnOf('hailot', spawn => spawn.process !== null);
	process.kill(terminal.pid, 'SIGKILL');
	await workspace.rest();

	expect(workspace.spawns()[0]?.status).toBe('completed');
});

test('a message that cannot be posted is not lost', async () => {
	const workspace = aWorkspace({agents});
	const terminal = openTerminal([], {cwd: workspace.directory, env: workspace.env});
	await terminal.shows('no spawns yet');
	workspace.opened.store.prepare(`UPDATE channels SET archived_at = created_at`).run();
	terminal.press(`mdo not lose me${enter}`);
	await terminal.shows('The channel "general" is archived.');
	terminal.press('m');
	await terminal.shows('> do not lose me');
});

test('escape sequences that agents write do not reach the terminal', async () => {
	const workspace = aWorkspace({agents});
	await workspace.raid([
		'send',
		'general',
		'look \u001b[2J\u001b]0;owned\u0007\u001b]52;c;aGk=\u0007\u202e here',
	]);
	const terminal = openTerminal([], {cwd: workspace.directory, env: workspace.env});
	await terminal.shows('look  here');

	expect(terminal.written()).not.toMatch(/owned|\u001b\]52|\u202e/);
});

test('the dashboard shows at once what it posts itself, in the channel where it was written', async () => {
	const workspace = aWorkspace({agents});
	await workspace.raid(['channels', 'create', 'other']);
	await workspace.raid(['send', 'general', 'first']);
	const terminal = openTerminal([], {cwd: workspace.directory, env: workspace.env});
	await terminal.shows('first');
	terminal.press('mwritten here');
	await terminal.shows('> written here');
	await workspace.raid(['send', 'other', 'louder']);
	terminal.press(enter);
	await terminal.shows(/^ {2}written here|│ {2}written here/);

	expect(workspace.messages().at(-1)?.text).toBe('written here');
});

test('a message of 300 lines can be read to its first line', async () => {
	const workspace = aWorkspace({agents});
	const lines = Array.from({length: 300}, (_, index) => `line ${index + 1}.`);
	await workspace.raid(['send', 'general', '-'], {input: lines.join('\n')});
	const terminal = openTerminal([], {cwd: workspace.directory, env: workspace.env, columns: 80, rows: 24});
	await terminal.shows('line 300.');
	for (let first = 300; first > 1; ) {
		terminal.press(pageUp);
		const above = first;
		await until(
			() => `a line before ${above} is shown, not:\n${terminal.lines().join('\n')}`,
			() => terminal.lines().some(line => numberIn(line) < above),
		);
		first = Math.min(...terminal.lines().map(numberIn));
	}
	await terminal.shows(/^ {2}line 1\.$/);
	await terminal.shows('scrolled back, Esc: newest');

	terminal.press(escapeKey);
	await terminal.shows('line 300.');
});

test('messages that are older than those read at first are read when they are scrolled to', async () => {
	const workspace = aWorkspace({agents});
	const action = {type: 'post', channel: 'general', as: null, claim: null} as const;
	for (let number = 1; number <= 260; number += 1)
		await perform(workspace.opened, {...action, text: `line ${number}.`});
	const terminal = openTerminal([], {cwd: workspace.directory, env: workspace.env});
	await terminal.shows('line 260.');
	await until(
		() => `the first line is shown, not:\n${terminal.lines().join('\n')}`,
		() => {
			terminal.press(pageUp);
			return terminal.lines().some(line => numberIn(line) === 1);
		},
	);
});

test('nothing moves while scrolled back when three messages arrive', async () => {
	const workspace = aWorkspace({agents});
	const lines = Array.from({length: 100}, (_, index) => `line ${index + 1}.`);
	await workspace.raid(['send', 'general', '-'], {input: lines.join('\n')});
	const terminal = openTerminal([], {cwd: workspace.directory, env: workspace.env, columns: 80, rows: 24});
	await terminal.shows('line 100.');
	terminal.press(pageUp);
	await terminal.shows('scrolled back');
	const shown = () => terminal.lines().filter(line => numberIn(line) < Number.POSITIVE_INFINITY);
	const before = shown();
	for (const text of ['one', 'two', 'three']) await workspace.raid(['send', 'general', text]);
	await terminal.shows('#general (3 new, Esc: newest)');

	expect(shown()).toEqual(before);
	terminal.press(escapeKey);
	await terminal.shows(/^ {2}three$/);
});

test('keys that come in one chunk are all heard', async () => {
	const workspace = aWorkspace({agents});
	const terminal = openTerminal([], {cwd: workspace.directory, env: workspace.env});
	await terminal.shows('no spawns yet');
	terminal.press('mwrong\u0015right');
	await terminal.shows(/^#general > right$/);
	terminal.press(`!${enter}`);
	await terminal.shows('Posted.');

	expect(workspace.messages().map(message => message.text)).toEqual(['right!']);
});

/** The number of a line of the long message; infinite for any other row. */
function numberIn(row: string): number {
	return Number(/(?:^|│) *line (\d+)\.$/.exec(row)?.[1] ?? Number.POSITIVE_INFINITY);
}
