import {appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
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

test('a line of 50 MB is passed over, the next one is read', () => {
	const path = aFile();
	writeFileSync(path, 'before\n');
	for (let megabyte = 0; megabyte < 50; megabyte += 1) appendFileSync(path, 'x'.repeat(1 << 20));
	appendFileSync(path, '\nafter\n');
	const follower = new OutputFollower(path);

	expect([...follower.read(), ...follower.readToEnd()].map(line => line.slice(0, 10))).toEqual([
		'before',
		'after',
	]);
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
