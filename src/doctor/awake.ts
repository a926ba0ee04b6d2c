import {readFileSync} from 'node:fs';
import {type Holder, holderEnvironment, holdersFor} from '../launcher/supervisor/keep-awake.ts';
import {type Milliseconds, second} from '../model/time.ts';
import {type Finding, ok, warning} from './finding.ts';
import {run} from './run.ts';

const subject = 'sleep';
const withinMs: Milliseconds = 5 * second;

/** Checks whether the machine is kept awake while a spawn is live. */
export async function checkAwake(
	isWanted: boolean,
	platform: NodeJS.Platform,
	env: NodeJS.ProcessEnv,
): Promise<Finding> {
	if (!isWanted) return ok(subject, 'the machine may sleep, because keepAwake is false');
	if (platform === 'linux' && !canSleep()) return ok(subject, 'this machine cannot be suspended');
	const [best, ...others] = holdersFor(platform, process.pid);
	const help = 'See to it that the machine does not suspend itself, because nothing runs while it sleeps.';
	if (best === undefined) return warning(subject, 'raid cannot keep this system awake', help);
	if (await holds(best, env))
		return ok(subject, `${best.program} keeps the machine awake while a spawn is live`);
	for (const other of others) {
		if (!(await holds(other, env))) continue;
		return warning(subject, `${other.program} may only keep the machine from being idle`, help);
	}
	return warning(subject, `${best.program} is missing or refuses to keep the machine awake`, help);
}

/** The kernel lists the ways in which it can be suspended. */
function canSleep(): boolean {
	try {
		return readFileSync('/sys/power/state', 'utf8').trim() !== '';
	} catch {
		return false;
	}
}

/** Without standard input a holder ends at once; `caffeinate` is asked for a moment only. */
async function holds({program, args}: Holder, env: NodeJS.ProcessEnv): Promise<boolean> {
	const shortArgs = program === 'caffeinate' ? ['-is', '-t', '1'] : args;
	const launch = {program, args: shortArgs, cwd: '/', env: holderEnvironment(env), input: null, withinMs};
	const {exit} = await run(launch);
	return exit.type === 'exited' && exit.code === 0;
}
