import {closeSync, mkdirSync, readdirSync, writeSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {postMessage} from '../bridge/post.ts';
import {
	codeOf,
	describeError,
	exitCodes,
	isStoreFailure,
	RaidError,
	StoreError,
	UsageError,
} from '../errors.ts';
import {openToAppend} from '../files/open.ts';
import {outputSize} from '../logs/files.ts';
import type {MessageId} from '../model/message.ts';
import {isLive, type Spawn, type SpawnId} from '../model/spawn.ts';
import {minute, timeOfId} from '../model/time.ts';
import {listNames, makeBox, readLetter, removeBox, removeName, writeAnswer} from '../outbox/box.ts';
import {type Answer, idOfFile, type Letter} from '../outbox/letter.ts';
import {listMentionsOf} from '../store/mentions.ts';
import {findAuthor} from '../store/messages.ts';
import {durably, writing} from '../store/open.ts';
import {findSpawn} from '../store/spawns.ts';
import {isOfOlderVersion} from '../workspace/older.ts';
import type {Workspace} from '../workspace/open.ts';
import {answerFolder, outboxFolder, spawnFolder} from '../workspace/paths.ts';
import {reportOnce} from './report-once.ts';

// An agent's tools write nothing but their spawn's outbox. Whoever supervises the spawn takes the letters from there,
// posts each under the id that its sender chose, answers it, and removes it, in this order: killed between any two of
// these, the next one who looks finds the letter again, and a message that is stored already is only answered again.

/** The spawn whose letters are taken. */
type Sender = Pick<Spawn, 'id' | 'agent'>;

/** Makes the folder that a spawn speaks through, and the one in which it is answered. */
export function makeOutbox(home: string, id: SpawnId): void {
	makeBox(outboxFolder(home, id));
	makeBox(answerFolder(home, id));
}

/** Makes what is missing of the outbox of an agent that runs already, such as one of an older version. Never throws. */
export function restoreOutbox(home: string, id: SpawnId): void {
	try {
		makeOutbox(home, id);
	} catch (error) {
		reportOnce(error);
	}
}

const mostPerLook = 32;
const mostPerDrain = 20_000;
// What an agent leaves when it ends is read at once: that must not take for ever.
const mostBytesPerDrain = 64 * 1024 * 1024;

/**
 * Looks after the outbox of a running spawn: makes it again where another agent has removed it, and posts its letters.
 * Never throws. Returns what it dealt with.
 */
export function tendOutbox(workspace: Workspace, spawn: Sender): Taken {
	restoreOutbox(workspace.home, spawn.id);
	return takeLetters(workspace, spawn);
}

/** The letters that were dealt with. */
export interface Taken {
	readonly count: number;
	readonly bytes: number;
}

/** Posts some of the letters in an outbox, the oldest first. */
function takeLetters(workspace: Workspace, spawn: Sender): Taken {
	try {
		const folder = outboxFolder(workspace.home, spawn.id);
		const names = listNames(folder, mostPerLook);
		const bytes = outputSize(names.map(name => join(folder, name)));
		if (names.length > 0) durably(workspace.store, () => takeEach(workspace, spawn, names));
		return {count: names.length, bytes};
	} catch (error) {
		// On a full disk, for example, the letters stay for the next look.
		reportOnce(error);
		return {count: 0, bytes: 0};
	}
}

/**
 * Posts the letters of a spawn whose agent is gone, up to 64 MiB. Never throws: what fails now is tried again when
 * its end is recorded.
 */
export function drainOutbox(workspace: Workspace, spawn: Sender): void {
	let count = 0;
	for (let bytes = 0; count < mostPerDrain && bytes <= mostBytesPerDrain; ) {
		const taken = takeLetters(workspace, spawn);
		if (taken.count === 0) return;
		count += taken.count;
		bytes += taken.bytes;
	}
}

/**
 * Posts the last letters of a spawn, within the transaction that records its end, and leaves their files: the transaction
 * may be undone. Letters that come later are refused.
 */
export function takeLastLetters(workspace: Workspace, spawn: Sender): void {
	try {
		const folder = outboxFolder(workspace.home, spawn.id);
		let bytes = 0;
		for (const name of listNames(folder, mostPerDrain)) {
			bytes += outputSize([join(folder, name)]);
			if (bytes > mostBytesPerDrain) return;
			const found = look(workspace, spawn, name);
			if (found !== null && 'letter' in found) answerTo(workspace, spawn, found);
		}
	} catch (error) {
		// Without the store the end cannot be recorded either; a folder that was tampered with must not keep it from that.
		if (isStoreFailure(error)) throw error;
		reportOnce(error);
	}
}

/** Answers what is left in the outbox of a spawn that has ended, and removes the outbox. Never throws. */
export function closeOutbox(workspace: Workspace, spawn: Sender): void {
	// What it has posted is in the store by now: anything else is refused.
	drainOutbox(workspace, spawn);
	try {
		removeBox(outboxFolder(workspace.home, spawn.id));
	} catch (error) {
		reportOnce(error);
	}
}

const keepAnswersMs = minute;

/** Closes the outboxes of spawns that have ended, which a crash may have left, and removes answers that nobody waits for. */
export function closeOutboxes(workspace: Workspace): void {
	const {home, store, now} = workspace;
	const endedIn = (folder: string) =>
		idsIn(folder)
			.map(id => findSpawn(store, id))
			.filter(spawn => spawn !== null && !isLive(spawn)) as readonly Spawn[];
	for (const spawn of endedIn(dirname(outboxFolder(home, 'id')))) closeOutbox(workspace, spawn);
	for (const {id, endedAt} of endedIn(dirname(answerFolder(home, 'id')))) {
		if (now() - (endedAt ?? 0) < keepAnswersMs) continue;
		try {
			removeBox(answerFolder(home, id));
		} catch (error) {
			reportOnce(error);
		}
	}
}

function idsIn(folder: string): readonly SpawnId[] {
	try {
		return readdirSync(folder);
	} catch {
		// None was made yet.
		return [];
	}
}

/** Deals with some names of an outbox, and removes them. */
function takeEach(workspace: Workspace, spawn: Sender, names: readonly string[]): void {
	const folder = outboxFolder(workspace.home, spawn.id);
	for (const name of names) {
		const found = look(workspace, spawn, name);
		if (found === null) continue;
		const answer = 'letter' in found ? answerTo(workspace, spawn, found) : refusalOf(found.error);
		if ('error' in found) logRefusal(workspace.home, spawn.id, name, found.error);
		if (found.id !== null) writeAnswer(answerFolder(workspace.home, spawn.id), found.id, answer);
		removeName(folder, name);
	}
}

type Opened = {readonly id: MessageId; readonly letter: Letter};
type Unfit = {readonly id: MessageId | null; readonly error: UsageError};

/** The letter in a file, or why the file is not a letter; null when the file is gone. */
function look({home}: Workspace, {id: spawnId}: Sender, name: string): Opened | Unfit | null {
	const folder = outboxFolder(home, spawnId);
	const id = idOfFile(name);
	if (id === null)
		return {id, error: new UsageError(`${join(folder, name)} does not have the name of a letter.`)};
	try {
		const letter = readLetter(folder, name);
		return letter === null ? null : {id, letter};
	} catch (error) {
		if (error instanceof UsageError) return {id, error};
		throw error;
	}
}

/** Posts a letter, unless it is posted already; the answer for its sender. */
function answerTo(workspace: Workspace, spawn: Sender, opened: Opened): Answer {
	try {
		return writing(workspace.store, () => post(workspace, spawn, opened));
	} catch (error) {
		if (mayPass(error)) throw error;
		logRefusal(workspace.home, spawn.id, opened.id, error);
		return refusalOf(error);
	}
}

function post(workspace: Workspace, {id: spawnId, agent}: Sender, {id, letter}: Opened): Answer {
	const {store, home} = workspace;
	const {channel, text, as, claim} = letter;
	const author = findAuthor(store, id);
	if (author !== null) {
		if (author.spawnId !== spawnId) throw new UsageError(`The id ${id} is that of another message.`);
		return {type: 'posted', mentions: listMentionsOf(store, id)};
	}
	const now = findSpawn(store, spawnId);
	if (now === null || !(isLive(now) || wasWaiting(home, now, id)))
		throw new UsageError('The spawn has ended, and speaks no more.', 'Nothing was posted.');
	if (as !== null && as !== agent)
		throw new UsageError(`An agent speaks only as itself: "${agent}", not "${as}".`, 'Omit --as.');
	const {mentions} = postMessage(workspace, {id, channel, text, claim, from: agent, spawnId});
	return {type: 'posted', mentions};
}

/** True for a letter that was there when its spawn ended, under a supervisor of an older version, which takes none. */
function wasWaiting(home: string, {id: spawnId, endedAt}: Spawn, id: MessageId): boolean {
	const writtenAt = timeOfId(id);
	return endedAt !== null && writtenAt !== null && writtenAt <= endedAt && isOfOlderVersion(home, spawnId);
}

/** True for a failure of the disk or of the store, after which the same letter may be posted. */
function mayPass(error: unknown): boolean {
	const code = codeOf(error);
	return (
		error instanceof StoreError ||
		/^(?:E[A-Z]+$|SQLITE_(?!CONSTRAINT|TOOBIG|MISMATCH|RANGE|ERROR))/.test(code)
	);
}

function refusalOf(error: unknown): Answer {
	if (error instanceof RaidError) {
		const {message, hint, exitCode} = error;
		return {type: 'refused', message, hint, exitCode};
	}
	return {type: 'refused', message: describeError(error), hint: null, exitCode: exitCodes.notFine};
}

const logged = new Map<SpawnId, Set<string>>();
const mostLogged = 500;

/** Notes in the log of a supervisor what was refused; each once, and a flood only in part. */
function logRefusal(home: string, spawnId: SpawnId, name: string, error: unknown): void {
	const names = logged.get(spawnId) ?? new Set();
	if (names.has(name) || names.size >= mostLogged) return;
	logged.set(spawnId, names.add(name));
	try {
		mkdirSync(spawnFolder(home, spawnId), {recursive: true, mode: 0o700});
		const log = openToAppend(join(spawnFolder(home, spawnId), 'supervisor.err.log'));
		try {
			const text = JSON.stringify(`${name.slice(0, 80)}: ${describeError(error)}`);
			writeSync(log, `raid: refused in the outbox: ${text}\n`);
		} finally {
			closeSync(log);
		}
	} catch {
		// The answer says it as well.
	}
}
