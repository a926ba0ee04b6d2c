import {setTimeout as delay} from 'node:timers/promises';
import {workspaceBackend} from '../backend/workspace/backend.ts';
import {type Context, command} from '../cli/command.ts';
import {requireArguments} from '../cli/print.ts';
import {playHuman} from '../demo/human.ts';
import {makeStage, removeStage} from '../demo/stage.ts';
import {type ExitCode, exitCodes, UsageError} from '../errors.ts';
import {everySpawn} from '../model/query.ts';
import type {Raid} from '../model/raid.ts';
import {differences, resultOf} from '../scenario/expect.ts';
import {defaultScenario, readScenario} from '../scenario/read.ts';
import type {Scenario} from '../scenario/schema.ts';
import {standardTheme} from '../text/theme.ts';
import {newsLines} from '../view/news.ts';
import type {Workspace} from '../workspace/open.ts';
import {printSnapshot} from './dashboard.ts';

const pollMs = 200;

export const demo = command({
	name: 'demo',
	summary: 'Play a scripted raid in a temporary workspace, and watch it.',
	usage:
		'raid demo [SCENARIO] [--speed N] [--no-guards]   (SCENARIO: chainviz, fractal, parallel, failure, stall, roundtrip, echo, or a file)',
	flags: {
		speed: {type: 'number', value: 'N', help: 'so many times faster than written'},
		guards: {type: 'boolean', help: '--no-guards: what happens without completion rule, leash and breaker'},
	},
	async run(input, {speed = 1, guards: isGuarded = true}, context) {
		const name =
			input.length === 0 ? defaultScenario : requireArguments(input, ['SCENARIO'], demo.usage).SCENARIO;
		if (speed <= 0) throw new UsageError('--speed must be above 0.');
		const {scenario: written, text} = readScenario(name, context.cwd);
		const scenario = isGuarded ? written : {...written, expect: written.unguarded ?? written.expect};
		const interruption = new AbortController();
		const interrupt = () => interruption.abort();
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);
		context.terminal.closed.addEventListener('abort', interrupt);
		const workspace = makeStage({scenario, text, speed, isGuarded}, context.env);
		const human = playHuman(workspaceBackend(workspace), scenario, speed, interruption.signal);
		human.catch(() => {});
		try {
			return await (isWatched(context)
				? watch(workspace, scenario, context)
				: runThrough(workspace, scenario, human, interruption.signal, context));
		} finally {
			if (isWatched(context))
				context.terminal.warn('Ending what runs, and removing the temporary workspace …');
			interrupt();
			await human.catch(() => {});
			await removeStage(workspace);
		}
	},
});

function isWatched({terminal, flags}: Context): boolean {
	return terminal.isInteractive && flags.json !== true;
}

async function watch(workspace: Workspace, {channel}: Scenario, context: Context): Promise<ExitCode> {
	const {showDashboard} = await import('../cli/show-dashboard.ts');
	return showDashboard(workspaceBackend(workspace), {...context, flags: {...context.flags, channel}});
}

/** Without a terminal: what happens as lines, the final snapshot, and whether it all ended as the scenario says. */
async function runThrough(
	workspace: Workspace,
	scenario: Scenario,
	human: Promise<void>,
	signal: AbortSignal,
	context: Context,
): Promise<ExitCode> {
	const {flags, terminal} = context;
	let isPlayed = false;
	let failure: unknown;
	human.then(
		() => {
			isPlayed = true;
		},
		error => {
			failure = error;
		},
	);
	const backend = workspaceBackend(workspace);
	let before: Raid | null = null;
	for (const end = performance.now() + scenario.limit; ; await delay(pollMs)) {
		if (signal.aborted) return exitCodes.interrupted;
		if (failure !== undefined) throw failure;
		const raid = backend.read(everySpawn);
		if (!flags.json) for (const line of newsLines(raid, before, standardTheme)) terminal.print(`${line}\n`);
		before = raid;
		if (isPlayed && raid.totals.pending + raid.totals.running === 0) break;
		if (performance.now() < end) continue;
		terminal.warn(`raid: the raid did not end within ${scenario.limit / 1000} s`);
		return exitCodes.notFine;
	}
	if (!flags.json) terminal.print('\n');
	const wrong = differences(resultOf(printSnapshot(backend, context, true)), scenario.expect);
	if (wrong.length === 0) return exitCodes.fine;
	terminal.warn(`raid: the raid did not end as "${scenario.title}" says: ${wrong.join(', ')}`);
	return exitCodes.notFine;
}
