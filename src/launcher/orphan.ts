import {readLastLines} from '../logs/end.ts';
import {lastOutputAt} from '../logs/files.ts';
import {afterEvent, emptySummary, finalTextOf, judge} from '../model/attempt.ts';
import type {Spawn} from '../model/spawn.ts';
import {findProvider} from '../providers/index.ts';
import {readEvents} from '../providers/provider.ts';
import {findAgent} from '../store/agents.ts';
import {endAttempt} from '../store/attempts.ts';
import type {Workspace} from '../workspace/open.ts';
import {attemptFiles} from '../workspace/paths.ts';
import type {Ending} from './finish.ts';

/**
 * Ends the attempt of a spawn whose process and supervisor are gone; nobody knows its exit code. Returns how the spawn
 * ended: as its own output says, else as an orphan.
 */
export function endOrphanedAttempt(workspace: Workspace, spawn: Spawn): Ending {
	const exit = {type: 'unknown'} as const;
	const files = attemptFiles(workspace.home, spawn.id, spawn.attempt);
	const provider = findProvider(spawn.provider);
	const fields = findAgent(workspace.store, spawn.agent)?.launch?.fields ?? null;
	const origin = {output: 'output', fields, now: workspace.now()} as const;
	const events =
		provider === null ? [] : readLastLines(files.output).flatMap(line => readEvents(provider, line, origin));
	const summary = events.reduce(afterEvent, emptySummary);
	const isGood = judge(exit, summary, provider?.hasResult ?? false).status === 'completed';
	const failure = isGood ? null : describeOrphan(spawn);
	if (spawn.attempt > 0 && spawn.attemptEndedAt === null) {
		const end = {
			exit,
			failure,
			lastOutputAt: lastOutputAt([files.output, files.errors]),
			isParked: false,
		};
		endAttempt(workspace.store, {spawn: spawn.id, attempt: spawn.attempt}, end, workspace.now());
	}
	return {status: isGood ? 'completed' : 'failed', failure, finalText: finalTextOf(summary)};
}

function describeOrphan(spawn: Spawn): string {
	const pid =
		spawn.process === null ? 'its process was never recorded' : `process ${spawn.process.pid} is gone`;
	return `orphan: ${pid}, and so is its supervisor`;
}
