import {expect, test} from 'vitest';
import type {Alert} from '../../src/model/alert.ts';
import {textOf} from '../../src/text/row.ts';
import {plainTheme} from '../../src/text/theme.ts';
import {alertRows, describeHelp, openAlerts} from '../../src/view/alerts.ts';
import {aRaid, aSpawn, noon} from '../helpers/builders.ts';

const raid = aRaid({spawns: [aSpawn({id: 'aaaa-1-9999'}), aSpawn({id: 'bbbb-2-9999'})]});

function anAlert(parts: Partial<Alert> = {}): Alert {
	return {
		id: 'stalled bbbb',
		kind: 'stalled',
		severity: 'warning',
		subject: 'bbbb-2-9999',
		spawn: 'bbbb-2-9999',
		channel: 'general',
		text: 'hailot stalled: no output for 3m',
		help: {command: 'raid stop', spawn: 'bbbb-2-9999', binding: 'chain.kill'},
		since: noon,
		acknowledgedAt: null,
		...parts,
	};
}

function drawn(alerts: readonly Alert[], most: number, width = 120): readonly string[] {
	return alertRows(alerts, raid, {width, most}, plainTheme).map(textOf);
}

test('an alert names its remedy, with the name that the spawn has on the screen', () => {
	expect(drawn([anAlert()], 1)).toEqual(['! hailot stalled: no output for 3m  → raid stop 2-9999']);
	expect(describeHelp(anAlert({help: null}), raid)).toBe('');
	expect(describeHelp(anAlert({help: {command: 'raid cleanup', spawn: null, binding: null}}), raid)).toBe(
		'raid cleanup',
	);
});

test('the sentence is cut before its help and the count; where columns are few the help gives way', () => {
	const alerts = [anAlert({text: 'hailot stalled: no output for 3m, session seen, CPU 0.0s'}), anAlert()];

	expect(drawn(alerts, 1, 80)).toEqual([
		'! hailot stalled: no output for 3m, session se… (and 1 more)  → raid stop 2-9999',
	]);
	expect(drawn(alerts, 1, 40)).toEqual(['! hailot stalled: no outpu… (and 1 more)']);
});

test('the last row says how many alerts there is no room for', () => {
	const alerts = ['one', 'two', 'three'].map(text => anAlert({text, help: null}));
	expect(drawn(alerts, 1)).toEqual(['! one (and 2 more)']);
	expect(drawn(alerts, 2)).toEqual(['! one', '! two (and 1 more)']);
	expect(drawn(alerts, 3)).toEqual(['! one', '! two', '! three']);
});

test('a notice, and an acknowledged alert, do not alarm', () => {
	const notice = anAlert({severity: 'notice', text: 'over', help: null});
	const acknowledged = anAlert({severity: 'critical', text: 'lost', help: null, acknowledgedAt: noon});
	const rows = alertRows([notice, acknowledged, anAlert()], raid, {width: 120, most: 3}, plainTheme);

	expect(rows.map(row => row[0])).toEqual([
		{text: '· over', style: 'dim'},
		{text: '· lost (acknowledged)', style: 'dim'},
		{text: '! hailot stalled: no output for 3m', style: 'warning'},
	]);
	expect(openAlerts({alerts: [notice, acknowledged, anAlert()]})).toEqual([notice, anAlert()]);
});

test('an alert cannot bring escape sequences to the terminal', () => {
	const evil = '\u001b]0;owned\u0007';
	const help = {command: `spawn stop ${evil}`, spawn: null, binding: null};
	expect(drawn([anAlert({text: evil, help})], 1).join('')).not.toMatch(/[\u001b\u0007]/);
});
