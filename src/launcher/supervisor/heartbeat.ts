import {closeSync, writeSync} from 'node:fs';
import * as v from 'valibot';
import {openToRewrite} from '../../files/open.ts';
import {readText} from '../../files/text.ts';
import type {Spawn, SpawnId} from '../../model/spawn.ts';
import type {Standstill} from '../../model/supervisor.ts';
import {type Milliseconds, second} from '../../model/time.ts';
import {activityOf} from '../../process/activity.ts';
import {type ClockReading, readClocks} from '../../process/clocks.ts';
import {isAlive} from '../../process/table.ts';
import {makeSpawnFolder} from '../../workspace/folders.ts';
import {heartbeatPath} from '../../workspace/paths.ts';
import {reportOnce} from '../report-once.ts';
import {currentWait} from './waiting.ts';

// A supervisor writes now and then what the clocks show: a look sees how long it has not moved, also when nothing else
// happens. The file keeps its size, so that a full disk has room for it.

const beatEveryMs: Milliseconds = 2 * second;
const size = 600;
const longestWait = 200;
const mostBytes = 1024;

const beatSchema = v.object({
	wall: v.number(),
	steady: v.number(),
	asleepMs: v.nullable(v.number()),
	waitsFor: v.optional(v.nullable(v.string()), null),
});

type Beat = v.InferOutput<typeof beatSchema>;

/** The heartbeat of a supervisor. */
export interface Heartbeat {
	readonly stop: () => void;
}

/**
 * Begins the heartbeat of a spawn's supervisor: one beat at once, more while this process moves. Each beat also calls
 * `onBeat` with what the clocks show.
 */
export function startHeartbeat(
	home: string,
	id: SpawnId,
	onBeat: (clocks: ClockReading) => void = () => {},
): Heartbeat {
	let file: number | null = null;
	const beat = () => {
		const clocks = readClocks();
		try {
			onBeat(clocks);
		} catch (error) {
			reportOnce(error);
		}
		try {
			file ??= openHeartbeat(home, id);
			writeSync(file, textOf(clocks), 0);
		} catch (error) {
			// Without a heartbeat the supervisor works as well, and only looks less alive.
			reportOnce(error);
		}
	};
	beat();
	const timer = setInterval(beat, beatEveryMs).unref();
	return {
		stop() {
			clearInterval(timer);
			if (file !== null) closeSync(file);
		},
	};
}

function textOf(clocks: ClockReading): string {
	const waitsFor =
		currentWait()
			?.slice(0, longestWait)
			.replace(/[^ -~]/g, '?') ?? null;
	const beat: Beat = {...clocks, waitsFor};
	return JSON.stringify(beat).padEnd(size);
}

function openHeartbeat(home: string, id: SpawnId): number {
	makeSpawnFolder(home, id);
	return openToRewrite(heartbeatPath(home, id));
}

/** The last beat of a spawn's supervisor; null when there is none that can be read. */
export function lastBeat(home: string, id: SpawnId): Beat | null {
	try {
		const text = readText(heartbeatPath(home, id), mostBytes);
		const parsed = text === null ? null : v.safeParse(beatSchema, JSON.parse(text));
		return parsed?.success ? parsed.output : null;
	} catch {
		return null;
	}
}

const missesAfterMs: Milliseconds = 5 * beatEveryMs;

/** Whether, and how, the living supervisor of a running spawn stands still; null while it moves. */
export function standstillOf(
	home: string,
	{id, supervisor}: Pick<Spawn, 'id' | 'supervisor'>,
): Standstill | null {
	if (supervisor === null) return null;
	const beat = lastBeat(home, id);
	if (beat === null) return null;
	// By the steady clock: neither a clock that was set nor a machine that slept makes a supervisor look dead.
	const quietMs = readClocks().steady - beat.steady;
	if (quietMs < missesAfterMs || !isAlive(supervisor)) return null;
	return {since: beat.wall, quietMs, ...activityOf(supervisor.pid)};
}

/** What the supervisor of a running spawn said last that it waits for; null for nothing, and when it is gone. */
export function waitOf(home: string, {id, supervisor}: Pick<Spawn, 'id' | 'supervisor'>): string | null {
	return isAlive(supervisor) ? (lastBeat(home, id)?.waitsFor ?? null) : null;
}
