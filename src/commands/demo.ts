import {dirname, join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import type {Backend} from '../backend/backend.ts';
import {workspaceBackend} from '../backend/workspace/backend.ts';
import {type Context, command, type Piece, type Stream} from '../cli/command.ts';
import {textRow} from '../cli/rows.ts';
import {removeAbandonedDemos} from '../demo/abandoned.ts';
import {playHuman} from '../demo/human.ts';
import {openDemoWorkspace, type Play, removeDemoWorkspace} from '../demo/workspace.ts';
import {raidDocument} from '../documents/raid.ts';
import {type ExitCode, exitCodes, UsageError} from '../errors.ts';
import {everySpawn} from '../model/query.ts';
import type {Raid} from '../model/raid.ts';
import {differences, endingOf} from '../scenario/expect.ts';
import {defaultScenario, readScenario} from '../scenario/read.ts';
import type {Scenario} from '../scenario/schema.ts';
import {standardTheme} from '../text/theme.ts';
import {newsLines} from '../view/news.ts';
import {snapshotRows} from '../view/snapshot.ts';
import {platform} from '../workspace/open.ts';

const pollMs = 200;
const shipped = join(dirname(platform.cliPath), '..', 'fixtures', 'scenarios');

export const demo = command({
	name: 'demo',
	group: 'setup',
	summary: 'Play a scripted raid in a temporary workspace, and watch it.',
	arguments: [
		{
			name: 'scenario',
			type: 'file',
			isOptional: true,
			help: 'chainviz, fractal, parallel, failure, stall, roundtrip, echo, or a file',
		},
	],
	flags: {
		speed: {type: 'number', value: 'N', help: 'play N times faster than written'},
		guards: {
			type: 'boolean',
			isOn: true,
			help: 'play without the guards that hold mentions: settled, leash and breaker',
		},
	},
	examples: ['raid demo', 'raid demo echo --no-guards --speed 10'],
	isInteractive: true,
	async run({scenario: name = defaultScenario}, {speed = 1, guards: isGuarded = true}, context) {
		if (speed <= 0) throw new UsageError('--speed must be above 0.');
		const {scenario: written, text} = readScenario(name, {shipped, cwd: context.cwd});
		const scenario = isGuarded ? written : {...written, expect: written.unguarded ?? written.expect};
		await removeAbandonedDemos();
		const running = begin({scenario, text, speed, isGuarded}, context);
		return context.hasScreen
			? {shown: await watch(running, scenario, context)}
			: runThrough(running, scenario, context);
	},
});

/** A demo that has begun. */
interface RunningDemo {
	readonly backend: Backend;
	readonly human: Promise<void>;
	/** Aborted by a signal, or when nobody reads the output any more. */
	readonly interruption: AbortSignal;
	/** Ends everything, and removes the workspace. */
	readonly end: () => Promise<void>;
}

function begin(play: Play, {env, terminal}: Context): RunningDemo {
	const interruption = new AbortController();
	const interrupt = () => interruption.abort();
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);
	terminal.closed.addEventListener('abort', interrupt);
	const workspace = openDemoWorkspace(play, env);
	const backend = workspaceBackend(workspace);
	const human = playHuman(backend, play.scenario, play.speed, interruption.signal);
	human.catch(() => {});
	return {
		backend,
		human,
		interruption: interruption.signal,
		async end() {
			interrupt();
			await human.catch(() => {});
			await removeDemoWorkspace(workspace);
		},
	};
}

async function watch({backend, end}: RunningDemo, {channel}: Scenario, context: Context): Promise<ExitCode> {
	try {
		const {showDashboard} = await import('../cli/show-dashboard.ts');
		const itsChannel = {...context, flags: {...context.flags, channel}};
		return await showDashboard(backend, itsChannel, null);
	} finally {
		context.terminal.warn('Ending the agents, and removing the temporary workspace …');
		await end();
	}
}

/** Yields the news as rows, then the final snapshot; returns whether the raid ended as the scenario says. */
async function* runThrough(running: RunningDemo, scenario: Scenario, {terminal}: Context): Stream {
	const {backend, human, end} = running;
	try {
		const ending = yield* news(running, scenario);
		if (ending === 'interrupted') return exitCodes.interrupted;
		if (ending === 'failed') await human;
		if (ending === 'late') {
			terminal.warn(`raid: the raid did not end within ${scenario.limit / 1000} s`);
			return exitCodes.notFine;
		}
		const raid = backend.read(everySpawn);
		yield {
			document: raidDocument(raid),
			rows: [textRow(''), ...snapshotRows(raid, {width: terminal.width, isWhole: true}, standardTheme)],
		};
		const wrong = differences(endingOf(raid), scenario.expect);
		if (wrong.length === 0) return exitCodes.fine;
		terminal.warn(`raid: the raid did not end as "${scenario.title}" says: ${wrong.join(', ')}`);
		return exitCodes.notFine;
	} finally {
		await end();
	}
}

/** The reason why the news ended. */
type NewsEnd = 'ended' | 'failed' | 'interrupted' | 'late';

/** Yields the news until the raid has ended, or cannot or may not continue. */
async function* news(
	{backend, human, interruption}: RunningDemo,
	{limit}: Scenario,
): AsyncGenerator<Piece, NewsEnd, undefined> {
	let isPlayed = false;
	let hasFailed = false;
	human.then(
		() => {
			isPlayed = true;
		},
		() => {
			hasFailed = true;
		},
	);
	let before: Raid | null = null;
	for (const end = performance.now() + limit; ; await delay(pollMs)) {
		if (interruption.aborted) return 'interrupted';
		if (hasFailed) return 'failed';
		const raid: Raid = backend.read(everySpawn);
		yield {document: null, rows: newsLines(raid, before, standardTheme).map(textRow)};
		before = raid;
		if (isPlayed && raid.totals.pending + raid.totals.running === 0) return 'ended';
		if (performance.now() >= end) return 'late';
	}
}
