import {mkdtempSync, openSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {startDetached} from '../launcher/detached.ts';
import {type Agent, defaultLaunch} from '../model/agent.ts';
import {afterEvent, type Exit, emptyTranscript, judge, type Transcript} from '../model/attempt.ts';
import {type Finding, ok, problem} from '../model/finding.ts';
import {type Milliseconds, minute} from '../model/time.ts';
import {signalGroup} from '../process/signals.ts';
import {identifyChild} from '../process/table.ts';
import {type Invocation, type Provider, readEvents} from '../providers/provider.ts';
import type {World} from '../world.ts';

const callWithinMs: Milliseconds = 3 * minute;

/** The smallest call that proves that CLI, login and model work: it is paid for. */
export async function callModel(world: World, provider: Provider, agent: Agent): Promise<readonly Finding[]> {
	const folder = mkdtempSync(join(tmpdir(), 'raid-doctor-'));
	const files = {prompt: join(folder, 'prompt.md'), output: join(folder, 'out'), errors: join(folder, 'err')};
	writeFileSync(files.prompt, 'Answer with the one word: ok\n');
	for (const [name, text] of Object.entries(provider.files)) writeFileSync(join(folder, name), text);
	try {
		const invocation = invocationOf(world, provider, agent, folder, files.prompt);
		const exit = await run(world, invocation, folder, files);
		const verdict = judge(exit, transcriptOf(provider, files, world), provider.hasResult);
		const model = `model ${agent.model ?? 'default'}`;
		if (verdict.status === 'completed') return [ok(provider.name, `${model} answers`)];
		return [problem(provider.name, `${model}: ${verdict.failure}`, 'Log in, choose another model, or wait.')];
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}

function invocationOf(
	{home}: World,
	provider: Provider,
	{model, launch}: Agent,
	folder: string,
	promptFile: string,
): Invocation {
	return provider.invocation({
		model: model ?? 'default',
		launch: {...(launch ?? defaultLaunch), permissions: 'ask-nothing'},
		constitution: null,
		promptFile,
		workspace: folder,
		home,
		session: null,
		ordinal: 1,
		attempt: 1,
		runtime: process.execPath,
		install: '',
	});
}

interface CallFiles {
	readonly prompt: string;
	readonly output: string;
	readonly errors: string;
}

/** Runs the CLI as a spawn would be run, and ends it when it takes too long. */
async function run(
	{env}: World,
	invocation: Invocation,
	cwd: string,
	{prompt, output, errors}: CallFiles,
): Promise<Exit> {
	const {program, args} = invocation;
	const child = await startDetached({
		program,
		args,
		cwd,
		env: {...env, ...invocation.env},
		files: [openSync(prompt, 'r'), openSync(output, 'a', 0o600), openSync(errors, 'a', 0o600)],
	});
	const leader = child.pid === null ? null : identifyChild(child.pid);
	const patience = setTimeout(() => leader !== null && signalGroup(leader, 'SIGKILL'), callWithinMs);
	return child.exit.finally(() => clearTimeout(patience));
}

function transcriptOf(provider: Provider, files: CallFiles, world: World): Transcript {
	const eventsOf = (output: 'output' | 'errors') =>
		readFileSync(files[output], 'utf8')
			.split('\n')
			.flatMap(line => readEvents(provider, line, {output, fields: null, now: world.now()}));
	return [...eventsOf('output'), ...eventsOf('errors')].reduce(afterEvent, emptyTranscript);
}
