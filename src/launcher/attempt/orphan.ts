import {eventReader} from '../../logs/events.ts';
import {lastOutputAt} from '../../logs/files.ts';
import {OutputFollower} from '../../logs/follow.ts';
import {afterEvent, emptySummary, finalTextOf, judge, type OutputSummary} from '../../model/attempt.ts';
import type {Spawn} from '../../model/spawn.ts';
import {findProvider} from '../../providers/index.ts';
import {findAgent} from '../../store/agents.ts';
import {endAttempt} from '../../store/attempts.ts';
import type {Workspace} from '../../workspace/open.ts';
import type {Ending} from '../finish.ts';
import {type AttemptDescriptors, closeFiles, openFiles, readExit} from './files.ts';

const mostBytes = 1024 * 1024;

/**
 * Ends the attempt of a spawn whose process and supervisor are gone. Returns how the spawn ended: as its exit code and its
 * output say, else as an orphan.
 */
export function endOrphanedAttempt(workspace: Workspace, spawn: Spawn): Ending {
	const files = openFiles(workspace.home, spawn.id, spawn.attempt);
	try {
		return endAttemptOf(workspace, spawn, files);
	} finally {
		closeFiles(files);
	}
}

/** True when the wrapper of the latest attempt has written how it ended: a new supervisor can take it from there. */
export function hasExitCode({home}: Pick<Workspace, 'home'>, {id, attempt, attemptEndedAt}: Spawn): boolean {
	if (attempt === 0 || attemptEndedAt !== null) return false;
	const files = openFiles(home, id, attempt);
	try {
		return readExit(files) !== null;
	} finally {
		closeFiles(files);
	}
}

function endAttemptOf(workspace: Workspace, spawn: Spawn, files: AttemptDescriptors): Ending {
	const {store, now} = workspace;
	const exit = readExit(files) ?? ({type: 'unknown'} as const);
	const summary = readSummary(workspace, spawn, files.output);
	const verdict = judge(exit, summary, findProvider(spawn.provider)?.hasResult ?? false);
	const isGood = verdict.status === 'completed';
	const failure = isGood || exit.type !== 'unknown' ? verdict.failure : describeOrphan(spawn);
	if (spawn.attempt > 0 && spawn.attemptEndedAt === null) {
		const outputAt = lastOutputAt([files.output, files.errors].filter(file => file !== null));
		const end = {exit, failure, lastOutputAt: outputAt, isParked: false};
		endAttempt(store, {spawn: spawn.id, attempt: spawn.attempt}, end, now());
	}
	return {status: isGood ? 'completed' : 'failed', failure, finalText: finalTextOf(summary)};
}

/** What the end of its output says. */
function readSummary({store, now}: Workspace, spawn: Spawn, output: number | null): OutputSummary {
	if (output === null) return emptySummary;
	const fields = findAgent(store, spawn.agent)?.launch?.fields ?? null;
	const read = eventReader({provider: spawn.provider, fields, kind: 'output'});
	let summary = emptySummary;
	for (const line of new OutputFollower(output).readToEnd(mostBytes)) {
		summary = read(line, now()).reduce(afterEvent, summary);
	}
	return summary;
}

function describeOrphan(spawn: Spawn): string {
	const pid =
		spawn.process === null ? 'its process was never recorded' : `process ${spawn.process.pid} is gone`;
	return `orphan: ${pid}, and so is its supervisor`;
}
