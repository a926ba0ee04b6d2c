import type {OpenCall} from '../../model/attempt.ts';
import type {Spawn} from '../../model/spawn.ts';
import {type Instant, type Milliseconds, second} from '../../model/time.ts';
import type {ProcessEntry} from '../../process/table.ts';
import {findSpawn} from '../../store/spawns.ts';
import {limitsOf, type Workspace} from '../../workspace/open.ts';
import {processesOf} from '../stop/kill.ts';

const longestPauseMs: Milliseconds = 30 * second;
const looksPerSilence = 6;
// Even a CLI that only waits for its tool wakes up now and then.
const leastShare = 0.02;

/** Watches the calls of tools that an attempt has open, and whether its processes work meanwhile. */
export class CallWatch {
	readonly #workspace: Workspace;
	readonly #spawn: Spawn;
	#id: string | null = null;
	#openCall: Spawn['openCall'];
	#lastCpuAt: Instant | null = null;
	#sample: Sample | null = null;

	constructor(workspace: Workspace, spawn: Spawn) {
		this.#workspace = workspace;
		this.#spawn = spawn;
		this.#openCall = spawn.openCall;
	}

	/** The oldest call that is open; null when none is. */
	get openCall(): Spawn['openCall'] {
		return this.#openCall;
	}

	/** When the processes were last seen to have used CPU time during a call. */
	get lastCpuAt(): Instant | null {
		return this.#lastCpuAt;
	}

	/** Notes which calls are open now, oldest first. */
	note([oldest]: readonly OpenCall[]): void {
		if (oldest === undefined) this.#openCall = null;
		else if (oldest.id !== this.#id) {
			// An earlier supervisor may have seen this very call begin.
			const isKnown = this.#id === null && this.#openCall?.text === oldest.text;
			const since = isKnown ? (this.#openCall?.since ?? null) : null;
			this.#openCall = {text: oldest.text, since: since ?? this.#workspace.now()};
		}
		this.#id = oldest?.id ?? null;
	}

	/** Looks now and then, while a call is open. True when the processes have used CPU time since it last looked. */
	look(): boolean {
		if (this.#openCall === null) {
			this.#sample = null;
			return false;
		}
		const {stallAfterMs, killAfterMs} = limitsOf(this.#workspace);
		const pauseMs = Math.min(
			longestPauseMs,
			Math.min(stallAfterMs, killAfterMs ?? stallAfterMs) / looksPerSilence,
		);
		const before = this.#sample;
		if (before !== null && performance.now() - before.at < pauseMs) return false;
		const spawn = findSpawn(this.#workspace.store, this.#spawn.id) ?? this.#spawn;
		this.#sample = {at: performance.now(), processes: new Map(processesOf(spawn).map(timeOf))};
		if (before === null || !hasWorked(before, this.#sample)) return false;
		this.#lastCpuAt = this.#workspace.now();
		return true;
	}
}

/** The CPU time of each process, when somebody looked. */
interface Sample {
	readonly at: number;
	readonly processes: ReadonlyMap<string, Milliseconds>;
}

function timeOf({pid, started, cpuMs}: ProcessEntry): [string, Milliseconds] {
	return [`${pid} ${started}`, cpuMs];
}

function hasWorked(before: Sample, {at, processes}: Sample): boolean {
	const used = [...processes].reduce(
		(sum, [key, cpuMs]) => sum + Math.max(0, cpuMs - (before.processes.get(key) ?? 0)),
		0,
	);
	return used >= leastShare * (at - before.at);
}
