import {execFileSync} from 'node:child_process';
import {
	appendFileSync,
	closeSync,
	mkdtempSync,
	openSync,
	renameSync,
	rmSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {OutputFollower} from '../../src/logs/follow.ts';

function aFile(): string {
	const folder = mkdtempSync(join(tmpdir(), 'raid-test-'));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	return join(folder, 'out');
}

test('lines come whole, however they were written', () => {
	const path = aFile();
	const follower = new OutputFollower(path);
	expect([...follower.read()]).toEqual([]);
	writeFileSync(path, 'one\ntw');
	expect([...follower.read()]).toEqual(['one']);
	appendFileSync(path, Buffer.from('o ü\n').subarray(0, 3));
	expect([...follower.read()]).toEqual([]);
	appendFileSync(path, Buffer.from('o ü\n').subarray(3));
	expect([...follower.read()]).toEqual(['two ü']);
	appendFileSync(path, 'last');
	expect([...follower.readToEnd()]).toEqual(['last']);
});

test('a line of 50 MB is left out with a note of its size, the next one is read', () => {
	const path = aFile();
	writeFileSync(path, 'before\n');
	for (let megabyte = 0; megabyte < 50; megabyte += 1) appendFileSync(path, 'x'.repeat(1 << 20));
	appendFileSync(path, '\nafter\n');
	const follower = new OutputFollower(path);

	const lines = [...follower.read(), ...follower.readToEnd()];
	expect(lines).toEqual(['before', {what: 'line', bytes: 50 * 2 ** 20}, 'after']);
});

test('invalid UTF-8 and a truncated or deleted file do no harm', () => {
	const path = aFile();
	writeFileSync(path, Buffer.from([0xff, 0xfe, 0x0a, 0x61, 0x0a]));
	const follower = new OutputFollower(path);
	expect([...follower.read()]).toEqual(['\ufffd\ufffd', 'a']);
	truncateSync(path);
	writeFileSync(path, 'new\n');
	expect([...follower.read()]).toEqual(['new']);
	rmSync(path);
	expect([...follower.readToEnd()]).toEqual([]);
});

test('a file that was renamed or replaced is read on by whoever holds it open', () => {
	const path = aFile();
	writeFileSync(path, 'one\n');
	const file = openSync(path, 'r');
	onTestFinished(() => closeSync(file));
	const follower = new OutputFollower(file);
	expect([...follower.read()]).toEqual(['one']);
	renameSync(path, `${path}.old`);
	execFileSync('mkfifo', [path]);
	appendFileSync(`${path}.old`, 'two\n');

	expect([...follower.read()]).toEqual(['two']);
});

test('of a flood only the end is read when only that is asked for, and the rest is said to be left out', () => {
	const path = aFile();
	writeFileSync(path, 'a line\n'.repeat(1000));
	const follower = new OutputFollower(path);

	expect([...follower.readToEnd(10)]).toEqual([{what: 'output', bytes: 6992}, 'a line']);
});
