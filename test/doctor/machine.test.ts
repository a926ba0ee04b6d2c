import {expect, test} from 'vitest';
import {checkClock, checkDisk, checkNode, checkTerminal} from '../../src/doctor/machine.ts';
import {smallestScreen} from '../../src/text/size.ts';
import {aWorkspace} from '../helpers/workspace.ts';

test('a Node that is too old is a problem', () => {
	expect(checkNode('v22.13.1')).toMatchObject({level: 'problem', help: 'Install Node 22.14 or newer.'});
	expect(checkNode('v21.99.0').level).toBe('problem');
	expect(checkNode('v22.14.0').level).toBe('ok');
	expect(checkNode('v24.0.0').level).toBe('ok');
});

test('a terminal below the smallest screen of the dashboard is a warning, as is one without UTF-8', () => {
	const env = {TERM: 'xterm', LANG: 'C.UTF-8'};
	const terminal = {isInteractive: true, ...smallestScreen, env};

	expect(checkTerminal(terminal).level).toBe('ok');
	expect(checkTerminal({...terminal, height: smallestScreen.height - 1}).level).toBe('warning');
	expect(checkTerminal({...terminal, width: smallestScreen.width - 1}).level).toBe('warning');
	expect(checkTerminal({...terminal, env: {TERM: 'xterm'}}).level).toBe('warning');
	expect(checkTerminal({...terminal, height: 1, isInteractive: false}).level).toBe('ok');
});

test('a clock that was set back, or that the file system disagrees with, is a warning', () => {
	const {home} = aWorkspace();
	const now = () => Date.now();

	expect(checkClock(home, null, now).level).toBe('ok');
	expect(checkClock(home, Date.now() + 3_600_000, now)).toMatchObject({
		level: 'warning',
		text: expect.stringMatching(/newest record is .* in the future/),
	});
	expect(checkClock(home, null, () => Date.now() + 3_600_000).text).toMatch(/file system is .* off/);
});

test('the free space is named with its path', () => {
	expect(checkDisk('/').text).toMatch(/^\d+\.\d GiB free at \/$/);
});
