import {expect, test} from 'vitest';
import {causeOf} from '../../../src/launcher/attempt/cause.ts';

test.each([
	['Not logged in · Please run /login (exit 1)', 'login'],
	['unexpected status 401 Unauthorized: invalid key (exit 1)', 'login'],
	['Please set an Auth method in your settings.json (exit 41)', 'login'],
	['OAuth token has expired (exit 1)', 'login'],
	['codex cannot be started: no such program is on the PATH (ENOENT)', 'program'],
	['./agent cannot be started: it is not an executable file (EACCES)', 'program'],
	['codex cannot be started: /gone is not a folder (ENOENT)', null],
	['sh: 1: exec: codex: not found (exit 127)', 'program'],
	['exit 127', 'program'],
	['exit 1', null],
	['unexpected status 500 (exit 1)', null],
	['exit 0 without a result', null],
	['prompt is too long (exit 1)', null],
	[null, null],
])('%s says %s of its provider', (failure, cause) => {
	expect(causeOf(failure)).toBe(cause);
});
