import {type ChildProcess, spawn as startProcess} from 'node:child_process';

/** A program that keeps the machine awake for as long as it runs. */
export interface Holder {
	readonly program: string;
	readonly args: readonly string[];
}

/**
 * The programs that keep this machine awake, the best one first, for as long as the process `pid` lives. Where they run
 * another program, that one ends when its standard input does.
 */
export function holdersFor(platform: NodeJS.Platform, pid: number): readonly Holder[] {
	if (platform === 'darwin') return [{program: 'caffeinate', args: ['-is', '-w', String(pid)]}];
	if (platform !== 'linux') return [];
	// Whoever is not at the machine may not be allowed to keep it from being suspended, but may keep it from being idle.
	return ['idle:sleep', 'idle'].map(what => ({
		program: 'systemd-inhibit',
		args: [`--what=${what}`, '--who=raid', '--why=Agents are at work', '--mode=block', 'cat'],
	}));
}

/** The environment of a holder: nothing in it belongs to a spawn or a workspace, so that nobody takes it for one of theirs. */
export function holderEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('RAID_')));
}

/**
 * Keeps the machine awake while this process lives, where the system offers that, until the returned function is called.
 * The holder ends with this process, also when that is killed, because the pipe between them breaks.
 */
export function keepAwake(env: NodeJS.ProcessEnv): () => void {
	let holder: ChildProcess | null = null;
	const tryNext = ([next, ...others]: readonly Holder[]) => {
		if (next === undefined) return;
		holder = startProcess(next.program, next.args, {
			env: holderEnvironment(env),
			stdio: ['pipe', 'ignore', 'ignore'],
		});
		// A program that is not there is nothing to report here: `raid doctor` does.
		holder.on('error', () => {});
		holder.stdin?.on('error', () => {});
		holder.on('exit', () => {
			holder = null;
			tryNext(others);
		});
		holder.unref();
		(holder.stdin as {unref?: () => void} | null)?.unref?.();
	};
	tryNext(holdersFor(process.platform, process.pid));
	return () => {
		holder?.removeAllListeners('exit');
		holder?.stdin?.end();
		holder?.kill();
	};
}
