import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {v7 as newId} from 'uuid';
import {expect, test} from 'vitest';
import {idOfFile, isId} from '../../src/outbox/letter.ts';
import {awaitAnswer, putLetter} from '../../src/outbox/send.ts';
import {temporaryFolder} from '../helpers/workspace.ts';

const letter = {channel: 'general', text: 'hello', as: null, claim: null};

test('a letter appears in the outbox whole, under the id of its message, and leaves nothing else', () => {
	const folder = temporaryFolder();
	const id = newId();
	putLetter(folder, id, letter);

	expect(readdirSync(folder)).toEqual([`${id}.json`]);
	expect(JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8'))).toEqual(letter);
});

test('the outbox of a spawn that has ended is gone, and the sender is told so', () => {
	const folder = temporaryFolder();
	rmSync(folder, {recursive: true});

	expect(() => putLetter(folder, newId(), letter)).toThrow('the spawn has ended, and speaks no more');
	expect(existsSync(folder)).toBe(false);
});

test('an answer is read when it is there, and not waited for beyond the time that was given', async () => {
	const folder = join(temporaryFolder(), 'answers');
	mkdirSync(folder);
	const id = newId();
	expect(await awaitAnswer(folder, id, 1)).toBeNull();
	writeFileSync(join(folder, `${id}.json`), '{"type":"posted","mentions":[]}');

	expect(await awaitAnswer(folder, id, 60_000)).toEqual({type: 'posted', mentions: []});
});

test.each([
	['../../../escape', false],
	['019a0000-0000-7000-8000-00000000abcd', true],
	['019A0000-0000-7000-8000-00000000ABCD', false],
	['019a0000-0000-4000-8000-00000000abcd', false],
	['019a0000-0000-7000-8000-00000000abcd/..', false],
	['', false],
])('whether %j is an id that may be a part of a path: %s', (text, isSo) => {
	expect(isId(text)).toBe(isSo);
	expect(idOfFile(`${text}.json`)).toBe(isSo ? text : null);
});
