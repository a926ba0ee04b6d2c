import {mkdtempSync, rmSync, statfsSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {formatDuration, type Instant, minute, second} from '../model/time.ts';
import {smallestScreen} from '../text/size.ts';
import {type Finding, ok, problem, warning} from './finding.ts';

const oldestNode = [22, 14] as const;

/** Checks that this Node runs raid. */
export function checkNode(version: string): Finding {
	const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
	const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
	if (!isOld) return ok('node', version);
	return problem('node', `${version} is too old`, `Install Node ${oldestNode.join('.')} or newer.`);
}

/** The terminal that the dashboard would be shown on; sizes in columns and rows. */
export interface TerminalFacts {
	readonly isInteractive: boolean;
	readonly width: number;
	readonly height: number;
	readonly env: NodeJS.ProcessEnv;
}

/** Checks that the dashboard can be shown. */
export function checkTerminal({isInteractive, width, height, env}: TerminalFacts): Finding {
	if (!isInteractive) return ok('terminal', 'none, so raid prints snapshots instead of the dashboard');
	const size = `${env.TERM ?? 'TERM is not set'}, ${width}×${height}`;
	if (width < smallestScreen.width || height < smallestScreen.height) {
		return warning('terminal', size, `The dashboard needs ${smallestScreen.width}×${smallestScreen.height}.`);
	}
	const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
	if (!/utf-?8/i.test(locale)) {
		return warning(
			'terminal',
			`${size}, locale "${locale}"`,
			'Set LANG to a UTF-8 locale, because glyphs may look wrong otherwise.',
		);
	}
	return ok('terminal', `${size}, ${locale}`);
}

const gibibyte = 1024 ** 3;
const scarceBytes = gibibyte;
const fullBytes = 100 * 1024 ** 2;

/** Checks that there is room for a night of output at `path`. */
export function checkDisk(path: string): Finding {
	const {bavail, bsize} = statfsSync(path);
	const free = bavail * bsize;
	const text = `${(free / gibibyte).toFixed(1)} GiB free at ${path}`;
	if (free < fullBytes)
		return problem('disk', text, 'Make room, because agents and their records will fail.');
	return free < scarceBytes
		? warning('disk', text, 'Make room, because a night of output may not fit.')
		: ok('disk', text);
}

const mostSkew = 5 * second;
const mostAhead = minute;

/**
 * Checks that the clock can be trusted, because silence is measured by the times of files at `home`. `newest` is the
 * latest instant in the store, null when it is empty.
 */
export function checkClock(home: string, newest: Instant | null, now: () => Instant): Finding {
	const folder = mkdtempSync(join(home, '.clock-'));
	try {
		writeFileSync(join(folder, 'now'), '');
		const skew = Math.abs(statSync(join(folder, 'now')).mtimeMs - now());
		if (skew > mostSkew) {
			const text = `the clock of the file system is ${formatDuration(skew)} off`;
			return warning(
				'clock',
				text,
				'Keep the workspace on a local disk, because stalls are measured by file times.',
			);
		}
	} finally {
		rmSync(folder, {recursive: true});
	}
	const ahead = (newest ?? 0) - now();
	if (ahead <= mostAhead) return ok('clock', new Date(now()).toISOString());
	const text = `the newest record is ${formatDuration(ahead)} in the future`;
	return warning('clock', text, 'The clock was set back; durations are wrong until it has caught up.');
}
