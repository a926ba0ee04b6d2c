import {mkdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {noticingLoss} from '../../../src/launcher/supervisor/gone.ts';
import {minute} from '../../../src/model/time.ts';
import {temporaryFolder} from '../../helpers/workspace.ts';

test('a workspace that was deleted keeps no supervisor for longer than a minute; one that comes back does', () => {
	const home = join(temporaryFolder(), '.raid');
	let now = 0;
	const isLost = noticingLoss(home, () => now);
	mkdirSync(home);
	expect(isLost()).toBe(false);

	rmSync(home, {recursive: true});
	expect(isLost()).toBe(false);
	now += minute - 1;
	expect(isLost()).toBe(false);
	mkdirSync(home);
	expect(isLost()).toBe(false);
	rmSync(home, {recursive: true});
	now += minute;
	expect(isLost()).toBe(false);
	now += minute;
	expect(isLost()).toBe(true);
});
