import {expect, test} from 'vitest';
import {plainTheme} from '../../src/text/theme.ts';
import {newsLines} from '../../src/view/news.ts';
import {aMessage, aRaid, aSpawn, noon} from '../helpers/builders.ts';

function news(raid: ReturnType<typeof aRaid>, before: ReturnType<typeof aRaid> | null): readonly string[] {
	return newsLines(raid, before, plainTheme).map(line => line.replace(/^\d\d:\d\d:\d\d/, 'TIME'));
}

test('new messages and changed spawns are news, once', () => {
	const first = aRaid({spawns: [aSpawn()], messages: [aMessage({id: 'a', text: 'one\ntwo'})]});
	const failed = aSpawn({status: 'failed', failure: 'exit 3', endedAt: noon});
	const second = aRaid({spawns: [failed], messages: [...first.messages, aMessage({id: 'b'})]});

	expect(news(first, null)).toEqual(['TIME  human: one two', 'TIME  ● hailot #abcd working']);
	expect(news(second, first)).toEqual(['TIME  human: hello', 'TIME  ✗ hailot #abcd failed: exit 3']);
	expect(news(second, second)).toEqual([]);
});

test('a line of news is short and safe', () => {
	const evil = `\u001b]0;owned\u0007${'x'.repeat(500)}`;
	const lines = news(
		aRaid({spawns: [aSpawn({agent: evil})], messages: [aMessage({from: evil, text: evil})]}),
		null,
	);
	for (const line of lines) {
		expect(line).not.toMatch(/[\u001b\u0007]/);
		expect(line.length).toBeLessThanOrEqual(160);
	}
});
