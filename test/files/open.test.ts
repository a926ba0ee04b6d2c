import {execFileSync} from 'node:child_process';
import {closeSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createToAppend, openToAppend, openToRead, UnsafeFileError} from '../../src/files/open.ts';
import {readText, replaceText} from '../../src/files/text.ts';
import {temporaryFolder} from '../helpers/workspace.ts';

test('a regular file is read, made and appended to', () => {
	const path = join(temporaryFolder(), 'file');

	const file = openToAppend(path);
	writeSync(file, 'one');
	closeSync(file);
	const again = openToAppend(path);
	writeSync(again, ' two');
	closeSync(again);

	expect(readText(path)).toBe('one two');
	expect(openToRead(join(temporaryFolder(), 'missing'))).toBeNull();
	expect(readText(join(temporaryFolder(), 'missing'))).toBeNull();
});

test.each([
	['a FIFO', (path: string) => execFileSync('mkfifo', [path])],
	['a symbolic link', (path: string) => link(path)],
	['a symbolic link to nothing', (path: string) => symlinkSync('nowhere', path)],
	['a second hard link', (path: string) => linkSync(victimBeside(path), path)],
	['a folder', (path: string) => mkdirSync(path)],
])('%s is opened neither for reading nor for writing, and blocks nobody', (_, make) => {
	const path = join(temporaryFolder(), 'file');
	make(path);

	expect(() => openToRead(path)).toThrow(UnsafeFileError);
	expect(() => openToAppend(path)).toThrow(UnsafeFileError);
	expect(() => readText(path)).toThrow(UnsafeFileError);
	expect(() => createToAppend(path)).toThrow();
});

test('a folder that is a link is not entered, nor one within it', () => {
	const folder = temporaryFolder();
	mkdirSync(join(folder, 'real', 'below'), {recursive: true});
	writeFileSync(join(folder, 'real', 'file'), 'secret');
	writeFileSync(join(folder, 'real', 'below', 'file'), 'secret');
	symlinkSync('real', join(folder, 'link'));

	expect(() => openToRead(join(folder, 'link', 'file'))).toThrow('symbolic link');
	expect(() => openToRead(join(folder, 'link', 'below', 'file'))).toThrow('symbolic link');
});

test('a text is replaced whole, and a link in its place is replaced, not followed', () => {
	const path = join(temporaryFolder(), 'file');
	link(path);

	replaceText(path, 'new');

	expect(readText(path)).toBe('new');
	expect(readFileSync(victimBeside(path, false), 'utf8')).toBe('victim');
});

test('a text above the limit is refused', () => {
	const path = join(temporaryFolder(), 'file');
	writeFileSync(path, 'x'.repeat(11));

	expect(readText(path, 11)).toBe('x'.repeat(11));
	expect(() => readText(path, 10)).toThrow('more than 10 bytes');
});

function link(path: string): void {
	symlinkSync(victimBeside(path), path);
}

function victimBeside(path: string, isNew = true): string {
	const victim = `${path}.victim`;
	if (isNew) writeFileSync(victim, 'victim');
	return victim;
}
