import {expect, test} from 'vitest';
import {ledgerOf} from '../../../src/backend/space-os/mentions.ts';
import type {SpaceSpawn} from '../../../src/backend/space-os/records.ts';
import type {Message} from '../../../src/model/message.ts';
import {minute, second} from '../../../src/model/time.ts';
import {aMessage, anAgent, aSpawn, noon} from '../../helpers/builders.ts';

const agents = [
	anAgent({identity: 'kaya', model: null}),
	...['hailot', 'oplot', 'prime', 'sentinel'].map(identity => anAgent({identity})),
	anAgent({identity: 'gone', archivedAt: noon}),
];

/** A message so many seconds after noon. */
function said(after: number, from: string, text: string): Message {
	return aMessage({id: `m${after}`, from, text, at: noon + after * second});
}

/** A spawn that waits, created so many seconds after noon. */
function spawned(after: number, agent: string, parts: Partial<SpaceSpawn> = {}): SpaceSpawn {
	const base = aSpawn({
		id: `s${after}-${agent}`,
		agent,
		status: 'completed',
		isWaiting: true,
		createdAt: noon + after * second,
		attemptStartedAt: null,
	});
	return {...base, readAt: null, channelId: 'c', ...parts};
}

const at = (after: number) => noon + after * second;

/** What became of every mention, as `agent outcome reason spawn`. */
function fates(messages: readonly Message[], spawns: readonly SpaceSpawn[], now = noon + 60 * minute) {
	const ledger = ledgerOf(messages, spawns, agents, now);
	return messages.flatMap(({id}) =>
		(ledger.get(id) ?? []).map(({identity, outcome, reason, spawnId}) =>
			[identity, outcome, reason, spawnId].filter(part => part !== null).join(' '),
		),
	);
}

test('a name counts wherever it stands, as it is written, once in a message', () => {
	const text = 'mail ops@hailot.example, `@prime`, @HAILOT @nobody @kaya @gone and @hailot';
	expect(fates([said(0, 'oplot', text)], [])).toEqual([
		'hailot dropped no spawn came',
		'prime dropped no spawn came',
		'HAILOT ignored unknown',
		'nobody ignored unknown',
		'kaya called',
		'gone ignored unknown',
	]);
});

test('the sender does not mention itself', () => {
	expect(fates([said(0, 'oplot', '@oplot online'), said(1, 'kaya', '@kaya note')], [])).toEqual([
		'oplot ignored sender',
		'kaya ignored sender',
	]);
});

test('a new spawn just after the message answers it', () => {
	expect(fates([said(0, 'kaya', '@hailot go')], [spawned(0.4, 'hailot')])).toEqual([
		'hailot launched s0.4-hailot',
	]);
});

test('two messages at once lead to two spawns, in their order', () => {
	const messages = [said(0, 'kaya', '@hailot A'), said(0.2, 'kaya', '@hailot B')];
	expect(fates(messages, [spawned(0.7, 'hailot'), spawned(0.9, 'hailot')])).toEqual([
		'hailot launched s0.7-hailot',
		'hailot launched s0.9-hailot',
	]);
});

test('of two mentions before one spawn the later one caused it: the earlier was dropped', () => {
	const before = spawned(-5, 'hailot', {status: 'failed', endedAt: at(4), readAt: at(-4)});
	const messages = [said(0, 'kaya', '@hailot A'), said(6, 'kaya', '@hailot B')];
	expect(fates(messages, [before, spawned(6.4, 'hailot')])).toEqual([
		'hailot dropped running',
		'hailot launched s6.4-hailot',
	]);
});

test('a spawn of another parent is not what the message led to', () => {
	const root = spawned(-9, 'prime');
	const child = spawned(0.4, 'hailot', {parentId: root.id});
	expect(fates([said(0, 'kaya', '@hailot go')], [root, child])).toEqual(['hailot dropped no spawn came']);
	expect(fates([said(0, 'prime', '@hailot go')], [root, child])).toEqual(['hailot launched s0.4-hailot']);
});

test('an agent that has not read the channel since was at work: the mention is dropped', () => {
	const spawn = spawned(0, 'hailot', {readAt: at(1)});
	const messages = [said(5, 'kaya', '@hailot status?'), said(9, 'hailot', 'part 2: clean')];
	expect(fates(messages, [spawn])).toEqual(['hailot dropped running']);
});

test('an agent that has read the channel after the mention was resumed', () => {
	const spawn = spawned(0, 'hailot', {readAt: at(5.9)});
	expect(fates([said(5, 'kaya', '@hailot more')], [spawn])).toEqual(['hailot launched reused s0-hailot']);
});

test('a living process tells for certain which mention it answers', () => {
	const running = {status: 'running', isWaiting: false} as const;
	const messages = [said(5, 'kaya', '@hailot more'), said(9, 'kaya', '@hailot still there?')];
	expect(fates(messages, [spawned(0, 'hailot', {...running, attemptStartedAt: at(5.4)})])).toEqual([
		'hailot launched reused s0-hailot',
		'hailot dropped running',
	]);
});

test('what cannot be told is marked', () => {
	const messages = [
		said(5, 'kaya', '@hailot more'),
		said(8, 'hailot', 'here'),
		said(9, 'kaya', '@hailot and more'),
	];
	expect(fates(messages, [spawned(0, 'hailot')])).toEqual([
		'hailot launched reused? s0-hailot',
		'hailot dropped running?',
	]);
});

test('below the third child nothing is launched', () => {
	const chain = [spawned(0, 'prime')];
	for (const [index, agent] of ['oplot', 'hailot', 'prime'].entries()) {
		chain.push(spawned(index + 1, agent, {parentId: chain.at(-1)?.id ?? null}));
	}
	expect(fates([said(9, 'prime', '@sentinel look')], chain)).toEqual(['sentinel dropped depth']);
	expect(fates([said(9, 'hailot', '@sentinel look')], chain)).toEqual(['sentinel dropped no spawn came']);
});

test('parents in a circle are no way to be lost', () => {
	const circle = [spawned(0, 'prime', {parentId: 's1-oplot'}), spawned(1, 'oplot', {parentId: 's0-prime'})];
	expect(fates([said(9, 'prime', '@sentinel look')], circle)).toEqual(['sentinel dropped no spawn came']);
});

test('what was said a moment ago is not judged yet', () => {
	expect(fates([said(0, 'kaya', '@hailot go')], [], at(2))).toEqual(['hailot queued not decided yet']);
	expect(fates([said(0, 'kaya', '@hailot go')], [], at(20))).toEqual(['hailot dropped no spawn came']);
});

test('thousands of messages are judged in a moment', () => {
	const many = Array.from({length: 20_000}, (_, index) => said(index, 'kaya', '@hailot and @oplot go'));
	expect(fates(many, [spawned(0.5, 'hailot')])).toHaveLength(40_000);
});
