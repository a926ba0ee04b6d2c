import {appendFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {bytePart, linePart} from '../../src/logs/part.ts';
import {type LogProgress, playLog} from '../../src/logs/play.ts';
import {until} from '../helpers/wait.ts';
import {aWorkspace} from '../helpers/workspace.ts';

const ended: LogProgress = {attempt: 2, isLive: false, isRunning: false};
const running: LogProgress = {attempt: 2, isLive: true, isRunning: true};

/** Files of a spawn's attempts, and everything that is played of them. */
function aLog(attempts: readonly string[]) {
	const {directory} = aWorkspace();
	const pathOf = (attempt: number) => join(directory, `${attempt}.log`);
	for (const [index, text] of attempts.entries()) writeFileSync(pathOf(index + 1), text);
	const open = (attempt: number) =>
		linePart(pathOf(attempt), {
			begin: [`attempt ${attempt}`],
			line: line => [String(line)],
			note: text => [text],
			end: () => ['end'],
		});
	return {pathOf, open};
}

async function everything(items: AsyncIterable<string>): Promise<readonly string[]> {
	const all: string[] = [];
	for await (const item of items) all.push(item);
	return all;
}

const playing = {
	first: 1,
	last: Number.POSITIVE_INFINITY,
	isFollowed: false,
	closed: new AbortController().signal,
	endOf: null,
};

test('attempts are played one after the other, each with its beginning and end', async () => {
	const {open} = aLog(['a\nb\n', 'c']);

	expect(await everything(playLog(() => ended, playing, open))).toEqual([
		'attempt 1',
		'a',
		'b',
		'end',
		'attempt 2',
		'c',
		'end',
	]);
	expect(await everything(playLog(() => ended, {...playing, first: 2, last: 2}, open))).toEqual([
		'attempt 2',
		'c',
		'end',
	]);
});

test('a running attempt that is not followed is played as far as it is', async () => {
	const {open} = aLog(['a\n', 'b\n']);

	expect(await everything(playLog(() => running, {...playing, first: 2}, open))).toEqual([
		'attempt 2',
		'b',
		'end',
	]);
});

test('the end of a long log is kept, and followed lines come all', async () => {
	const many = Array.from({length: 5000}, (_, index) => `line ${index}`);
	const {open, pathOf} = aLog(['', `${many.join('\n')}\n`]);
	let progress = running;
	const played: string[] = [];
	const last = (items: readonly string[]) => items.slice(-2);
	const reading = (async () => {
		for await (const item of playLog(() => progress, {...playing, isFollowed: true, endOf: last}, open))
			played.push(item);
	})();
	await until('the end', () => played.length >= 2);
	expect(played).toEqual(['line 4998', 'line 4999']);
	appendFileSync(pathOf(2), 'new\nnewer\nnewest');
	await until('what was added', () => played.includes('newer'));
	progress = ended;
	await reading;

	expect(played.slice(2)).toEqual(['new', 'newer', 'newest', 'end']);
});

test('following ends when nobody reads any more', async () => {
	const {open} = aLog(['', 'a\n']);
	const closed = new AbortController();
	const items: string[] = [];
	for await (const item of playLog(
		() => running,
		{...playing, first: 2, isFollowed: true, closed: closed.signal},
		open,
	)) {
		items.push(item);
		if (item === 'a') closed.abort();
	}

	expect(items).toEqual(['attempt 2', 'a', 'end']);
});

test('bytes are copied as they are, from the last lines on', async () => {
	const {pathOf} = aLog(['one\n\u001b[31mtwo\nthree']);
	const text = (tail: number | undefined) => Buffer.concat([...bytePart(pathOf(1), tail).end()]).toString();

	expect(text(undefined)).toBe('one\n\u001b[31mtwo\nthree');
	expect(text(2)).toBe('\u001b[31mtwo\nthree');
	expect(text(0)).toBe('');
});
