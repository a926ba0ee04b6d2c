import {closeSync, openSync, readdirSync, readSync, statSync} from 'node:fs';
import {join} from 'node:path';
import type {Spawn, SpawnId} from '../../model/spawn.ts';
import {type Instant, minute} from '../../model/time.ts';

const day = 24 * 60 * minute;
// How long to wait before a search that found nothing is repeated.
const searchAgainMs = 5000;
// The prompt, which contains the marker, is in the first lines.
const beginning = 64 * 1024;
const markedLines = 10;

/** A search for the session file of one run. */
interface Search {
	readonly path: string | null;
	readonly at: number;
	/** Start of the run: the next one, a retry, may write another file. */
	readonly run: Instant | null;
}

/**
 * Returns a function that gives the time at which a running spawn last wrote to its session file, or started if that is
 * later; null where no file was found. It remembers the files that it found.
 */
export function outputTimes(home: string): (spawn: Spawn) => Instant | null {
	const searches = new Map<SpawnId, Search>();
	const pathOf = (spawn: Spawn) => {
		const last = searches.get(spawn.id);
		const isOver = last?.path === null && performance.now() - last.at >= searchAgainMs;
		if (last !== undefined && last.run === spawn.attemptStartedAt && !isOver) return last.path;
		const path = findSession(spawn, home);
		searches.set(spawn.id, {path, at: performance.now(), run: spawn.attemptStartedAt});
		return path;
	};
	return spawn => {
		if (spawn.status !== 'running') return null;
		const path = pathOf(spawn);
		const changedAt = path === null ? null : changeOf(path);
		return changedAt === null ? null : Math.max(changedAt, spawn.attemptStartedAt ?? 0);
	};
}

/**
 * The session file of a spawn: the one that space-os linked, which it does only after the end, else the one with the
 * marker in its prompt, the last 8 characters of the spawn's id. Of several the latest; null when there is none.
 */
export function findSession(spawn: Spawn, home: string): string | null {
	const files = foldersOf(spawn, home).flatMap(folder =>
		namesIn(folder)
			.filter(name => /\.jsonl?$/.test(name))
			.map(name => join(folder, name)),
	);
	const {sessionId} = spawn;
	const linked = files.filter(path => sessionId !== null && path.includes(sessionId));
	const own = linked.length > 0 ? linked : files.filter(path => isMarked(path, spawn));
	return own.toSorted((a, b) => (changeOf(b) ?? 0) - (changeOf(a) ?? 0))[0] ?? null;
}

/** When a file was last written to; null when it is gone. */
function changeOf(path: string): Instant | null {
	const changedAt = statSync(path, {throwIfNoEntry: false})?.mtimeMs;
	return changedAt === undefined ? null : Math.round(changedAt);
}

/** Where the CLI of a spawn keeps its sessions, and where space-os copies them to. */
function foldersOf({agent, provider, createdAt}: Spawn, home: string): readonly string[] {
	const copies = join(home, '.space', 'sessions', provider);
	if (provider === 'gemini') {
		const root = join(home, '.gemini', 'tmp');
		return [...namesIn(root).map(project => join(root, project, 'chats')), copies];
	}
	if (provider === 'codex') {
		// By day, in the writer's time zone: one of three days.
		const days = [-day, 0, day].map(by => new Date(createdAt + by).toISOString().slice(0, 10).split('-'));
		return [...days.map(parts => join(home, '.codex', 'sessions', ...parts)), copies];
	}
	// Versions of Claude Code differ in the characters that become a dash.
	const cwd = join(home, '.space', 'spawns', agent);
	const projects = new Set([cwd.replace(/[/.]/g, '-'), cwd.replace(/[^A-Za-z0-9]/g, '-')]);
	return [...[...projects].map(project => join(home, '.claude', 'projects', project)), copies];
}

function namesIn(folder: string): readonly string[] {
	try {
		return readdirSync(folder);
	} catch {
		// The CLI was never run here, or this is another machine.
		return [];
	}
}

/** True when the spawn's prompt stands at the beginning of the file. */
function isMarked(path: string, {id, createdAt}: Spawn): boolean {
	try {
		if ((changeOf(path) ?? 0) < createdAt) return false;
		const file = openSync(path, 'r');
		try {
			const text = Buffer.alloc(beginning);
			const size = readSync(file, text, 0, beginning, 0);
			const lines = text.toString('utf8', 0, size).split('\n').slice(0, markedLines);
			return lines.some(line => line.includes(`spawn_marker: ${id.slice(-8)}`));
		} finally {
			closeSync(file);
		}
	} catch {
		// The file was removed meanwhile, or cannot be read.
		return false;
	}
}
