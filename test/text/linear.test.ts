import {resolve} from 'node:path';
import {execa} from 'execa';
import {checkSync} from 'recheck';
import {expect, test} from 'vitest';
import {patternsIn} from '../helpers/patterns.ts';
import {readers} from './readers.ts';

const root = resolve(import.meta.dirname, '../..');
const patterns = patternsIn(root, ['src', 'components']);

// The verdict does not depend on how fast this machine is.
const withoutHaste = {timeout: null, attackTimeout: null, incubationTimeout: null};

test('every regular expression looks at a text once, however hostile that is', () => {
	const slow = patterns.flatMap(({file, literal}) => {
		const [, source = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(literal ?? '') ?? [];
		const {status} = checkSync(source, flags, withoutHaste);
		return status === 'safe' ? [] : [`${file}: ${literal} is ${status}`];
	});

	expect(patterns.length).toBeGreaterThan(50);
	expect(slow).toEqual([]);
});

test('no regular expression is made from a text, because it could not be judged here', () => {
	expect(patterns.filter(({literal}) => literal === null)).toEqual([]);
});

// One that looks again and again takes hours for 1 MiB.
const endAfterMs = 100_000;

test.each(Object.keys(readers))('1 MiB of hostile text of each kind does not hold up: %s', async reader => {
	const program = resolve(import.meta.dirname, 'readers.ts');
	const ended = await execa(process.execPath, [program, reader], {timeout: endAfterMs, reject: false});

	expect([ended.exitCode, ended.stderr]).toEqual([0, '']);
});
