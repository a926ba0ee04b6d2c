import {afterEvent, emptyTranscript, finalTextOf, judge} from '../model/attempt.ts';
import type {Spawn} from '../model/spawn.ts';
import {findProvider} from '../providers/index.ts';
import {readEvents} from '../providers/provider.ts';
import {findAgent} from '../store/agents.ts';
import {endAttempt} from '../store/attempts.ts';
import {attemptFiles} from '../workspace/paths.ts';
import type {World} from '../world.ts';
import type {Ending} from './finish.ts';
import {lastOutputAt, readLastLines} from './output.ts';

/**
 * How a spawn ended of which neither process nor supervisor is left: as its own output says, else as an orphan. Records
 * the end of its attempt, with an exit code that nobody knows.
 */
export function endingOfOrphan(world: World, spawn: Spawn): Ending {
	const exit = {exitCode: null, signal: null, startError: null};
	const files = attemptFiles(world.home, spawn.id, spawn.attempt);
	const provider = findProvider(spawn.provider);
	const fields = findAgent(world.store, spawn.agent)?.launch?.fields ?? null;
	const origin = {output: 'output', fields, now: world.now()} as const;
	const events =
		provider === null ? [] : readLastLines(files.output).flatMap(line => readEvents(provider, line, origin));
	const transcript = events.reduce(afterEvent, emptyTranscript);
	const isGood = judge(exit, transcript, provider?.hasResult ?? false).status === 'completed';
	const failure = isGood ? null : describeOrphan(spawn);
	if (spawn.attempt > 0 && spawn.attemptEndedAt === null) {
		const end = {
			exit,
			failure,
			endedAt: world.now(),
			lastOutputAt: lastOutputAt([files.output, files.errors]),
			isParked: false,
		};
		endAttempt(world.store, spawn.id, spawn.attempt, end);
	}
	return {status: isGood ? 'completed' : 'failed', failure, finalText: finalTextOf(transcript)};
}

function describeOrphan(spawn: Spawn): string {
	const pid =
		spawn.process === null ? 'its process was never recorded' : `process ${spawn.process.pid} is gone`;
	return `orphan: ${pid}, and so is its supervisor`;
}
