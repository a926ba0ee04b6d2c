import {chmodSync, lstatSync, mkdirSync, opendirSync, rmSync, unlinkSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {codeOf, UsageError} from '../errors.ts';
import {UnsafeFileError} from '../files/open.ts';
import {readText, replaceText} from '../files/text.ts';
import type {MessageId} from '../model/message.ts';
import {parseJson} from '../validate.ts';
import {type Answer, fileName, type Letter, letterSchema, longestLetter} from './letter.ts';

// The supervisor's side. Everything in an outbox is hostile: nothing in it is followed, waited for or trusted.

/** Makes an outbox, or the folder of its answers. Throws an UnsafeFileError when it, or the folder above, is a link. */
export function makeBox(folder: string): void {
	mkdirSync(folder, {recursive: true, mode: privately});
	requireRealFolder(folder);
}

const privately = 0o700;

// A flood of names costs its own sender time, and nobody else.
const mostNames = 2000;

/** The names in an outbox but for folders and for letters that are being written, oldest id first, at most `most`. Empty when it is not there. */
export function listNames(folder: string, most: number): readonly string[] {
	try {
		requireRealFolder(folder);
		const names: string[] = [];
		const directory = opendirSync(folder);
		try {
			for (let seen = 0; seen < mostNames; seen += 1) {
				const entry = directory.readSync();
				if (entry === null) break;
				if (!entry.name.startsWith('.') && !entry.isDirectory()) names.push(entry.name);
			}
		} finally {
			directory.closeSync();
		}
		return names.toSorted().slice(0, most);
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return [];
		throw error;
	}
}

/** The letter in a file; null when it is gone. Throws a UsageError for anything else than a letter. */
export function readLetter(folder: string, name: string): Letter | null {
	const path = join(folder, name);
	let text: string | null;
	try {
		// A letter never grows: it is renamed into place when it is whole.
		const size = lstatSync(path, {throwIfNoEntry: false})?.size ?? 0;
		text = readText(path, Math.min(size, longestLetter));
	} catch (error) {
		// The name of a socket, or a file that its owner may not read.
		if (['ENXIO', 'EACCES', 'EPERM', 'ENODEV'].includes(codeOf(error)))
			throw new UsageError(`${path} cannot be read (${codeOf(error)}).`);
		throw error;
	}
	return text === null ? null : parseJson(letterSchema, text, path);
}

/** Removes a name from an outbox. A folder stays, because it may be huge. */
export function removeName(folder: string, name: string): void {
	const path = join(folder, name);
	if (lstatSync(path, {throwIfNoEntry: false})?.isDirectory() !== false) return;
	try {
		unlinkSync(path);
	} catch (error) {
		if (codeOf(error) !== 'ENOENT') throw error;
	}
}

/** Answers a letter. */
export function writeAnswer(folder: string, id: MessageId, answer: Answer): void {
	makeBox(folder);
	replaceText(join(folder, fileName(id)), JSON.stringify(answer));
}

/** Removes an outbox, or the folder of its answers, with all that is in it. */
export function removeBox(folder: string): void {
	if (lstatSync(dirname(folder), {throwIfNoEntry: false})?.isDirectory() !== true) return;
	rmSync(folder, {recursive: true, force: true});
}

function requireRealFolder(folder: string): void {
	for (const path of [dirname(folder), folder]) {
		if (!lstatSync(path).isDirectory())
			throw new UnsafeFileError(`${path} is not a folder, but a link or a file.`, 'Remove it.');
	}
	// Its spawn may have closed it.
	if ((lstatSync(folder).mode & privately) !== privately) chmodSync(folder, privately);
}
