import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {perform} from '../../src/actions/perform.ts';
import {openAlert} from '../../src/store/alerts.ts';
import {limitsOf} from '../../src/workspace/open.ts';
import {aWorkspace} from '../helpers/workspace.ts';

test('limits change while the raid runs; config.json stays as it is, and gets a limit back', async () => {
	const {opened, home} = aWorkspace({config: {maxLive: 2}});
	const {limits} = await perform(opened, {
		type: 'set-limits',
		limits: {maxLive: 7, leash: {burst: 3, perHour: 0}},
	});
	expect(limits).toMatchObject({maxLive: 7, leash: {burst: 3, perHour: 0}, retries: 1});
	await perform(opened, {type: 'set-limits', limits: {maxLive: null}});

	expect(limitsOf(opened)).toMatchObject({maxLive: 2, leash: {burst: 3, perHour: 0}});
	expect(readFileSync(join(home, 'config.json'), 'utf8')).toBe('{"maxLive":2}');
});

test('a limit that config.json would refuse is refused', async () => {
	const {opened} = aWorkspace();
	const set = (limits: object) => perform(opened, {type: 'set-limits', limits});
	await expect(set({maxLive: 0})).rejects.toThrow(
		'limits: maxLive is 0, but must be a whole number of at least 1',
	);
	await expect(set({gracefulMs: -1})).rejects.toThrow(/gracefulMs is -1, but must not be negative/);
	await expect(set({hangAfterMs: 0})).rejects.toThrow(/hangAfterMs is 0, but must be longer than 0/);
	await expect(set({killAfterMs: 0})).rejects.toThrow(/killAfterMs is 0, but must be longer than 0/);
	await expect(set({isGuarded: false})).rejects.toThrow(/isGuarded is not a known key/);
});

test('an open alert is acknowledged once', async () => {
	const {opened} = aWorkspace();
	const alert = {
		id: 'stalled x 1',
		kind: 'stalled',
		severity: 'warning',
		subject: 'x',
		spawn: null,
		channel: null,
		text: 'x is stalled',
		since: 1,
	} as const;
	openAlert(opened.store, alert, 2);
	const acknowledge = () => perform(opened, {type: 'acknowledge', alerts: [alert.id, 'unknown']});

	expect(await acknowledge()).toEqual({alerts: [alert.id]});
	expect(await acknowledge()).toEqual({alerts: []});
});
