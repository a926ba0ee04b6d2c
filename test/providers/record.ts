import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {
	closeSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import {hostname, tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {type CliName, cliNames, findAgentClis, scratchEnvironment} from '../helpers/agent-clis.ts';
import {claudeLimit, codexLimit, geminiDailyLimit, geminiLimit} from '../helpers/model-server/limits.ts';
import {type ModelRequest, type Reply, startModelServer} from '../helpers/model-server/server.ts';
import {until} from '../helpers/wait.ts';

/**
 * Records what the real CLIs print, into fixtures/sessions. They talk to a stub model on loopback, and need no more;
 * to be sure of that, cut the network off:
 *
 *   RAID_CLIS=folder unshare -rn sh -c 'ip link set lo up && exec node test/providers/record.ts [--cli claude] [--case quota]'
 */

/** One thing to record. */
interface Case {
	readonly name: string;
	answer(request: ModelRequest): Reply;
	readonly args?: readonly string[];
	readonly environment?: Readonly<Record<string, string>>;
	/** The moment to kill the CLI; without it, it runs to its end. */
	readonly killWhen?: (seen: Seen) => boolean;
}

/** What a CLI has printed, and the files that it has made in its workspace. */
interface Seen {
	readonly out: string;
	readonly err: string;
	readonly files: readonly string[];
}

/** Where one recording is made: all that a CLI reads and writes is below `root`. */
interface Scratch {
	readonly root: string;
	readonly home: string;
	readonly workspace: string;
	readonly out: string;
	readonly err: string;
}

const {values: only} = parseArgs({options: {cli: {type: 'string'}, case: {type: 'string'}}});

const prompt = 'Look at this folder, @codex is waiting for your answer.\n';
const sessionId = '00000000-0000-4000-8000-000000000001';
const mark = 'RAID_RECORDING';

const commandLines: Readonly<Record<CliName, readonly string[]>> = {
	claude: [
		...['-p', '--output-format', 'stream-json', '--verbose', '--session-id', sessionId],
		...['--permission-mode', 'acceptEdits', '--allowedTools', 'Bash(raid send:*)'],
	],
	codex: [
		...['exec', '--json', '--skip-git-repo-check', '-s', 'workspace-write'],
		...['-c', 'sandbox_workspace_write.network_access=true', '-c', 'analytics.enabled=false'],
		...['--disable', 'unbounded_connection_retries', '-'],
	],
	gemini: [
		...['--output-format', 'stream-json', '--approval-mode', 'yolo', '--skip-trust'],
		...['--session-id', sessionId],
	],
};

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
const hour = 3_600;

const cases: Readonly<Record<CliName, readonly Case[]>> = {
	claude: [
		...ordinaryCases({toolArgs: ['Bash(printf:*)'], killArgs: ['Bash(tail:*)']}),
		{
			name: 'quota',
			answer: () => claudeLimit(inSeconds(3 * hour)),
			environment: {ANTHROPIC_API_KEY: '', CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-made-up'},
		},
		{name: 'auth', answer: () => ({status: 401, message: 'invalid x-api-key'}), environment: fewRetries()},
		{name: 'overload', answer: () => ({status: 529, message: 'Overloaded'}), environment: fewRetries()},
		{
			name: 'retry',
			answer: () => ({status: 401, message: 'invalid x-api-key'}),
			killWhen: ({out}) => countOf(out, '"api_retry"') >= 6,
		},
		{
			name: 'unknown-model',
			answer: () => ({status: 404, message: 'model: nonesuch'}),
			args: ['--model', 'nonesuch'],
		},
		{
			name: 'denied',
			answer: q => (q.toolResults.length > 0 ? {text: 'I may not do that.'} : {shell: 'node build.js'}),
		},
	],
	codex: [
		...ordinaryCases({}),
		{name: 'quota', answer: () => codexLimit(inSeconds(3 * hour))},
		{name: 'quota-days', answer: () => codexLimit(inSeconds(75 * hour))},
		{name: 'auth', answer: () => ({status: 401, message: 'Incorrect API key provided: sk-made-up.'})},
		{name: 'overload', answer: () => ({status: 503, message: 'Overloaded'})},
		{name: 'retry', answer: () => ({status: 500}), killWhen: ({out}) => countOf(out, 'Reconnecting') >= 4},
		{name: 'unknown-model', answer: () => unknownOpenaiModel(), args: ['-m', 'nonesuch']},
	],
	gemini: [
		...ordinaryCases({}),
		{name: 'quota', answer: () => geminiLimit('Resource has been exhausted (e.g. check quota).')},
		{
			name: 'quota-waits',
			answer: () =>
				geminiLimit('You have exhausted your capacity on this model. Your quota will reset after 18h43m12s.'),
			killWhen: ({err}) => err.includes('Retrying after'),
		},
		{name: 'quota-daily', answer: () => geminiDailyLimit()},
		{name: 'auth', answer: () => ({status: 401, message: 'API key not valid. Please pass a valid API key.'})},
		{
			name: 'overload',
			answer: () => ({status: 503, message: 'The model is overloaded. Please try again later.'}),
			args: ['-m', 'gemini-2.5-pro'],
		},
		{
			name: 'retry',
			answer: () => ({status: 500, message: 'Internal error'}),
			killWhen: ({err}) => countOf(err, 'Retrying with backoff') >= 3,
		},
		{
			name: 'unknown-model',
			answer: () => ({status: 404, message: 'models/nonesuch is not found for API version v1beta'}),
			args: ['-m', 'nonesuch'],
		},
	],
};

const clis = findAgentClis();
for (const cli of cliNames) {
	const found = clis[cli];
	if (found.path === null) {
		console.log(`${cli}: skipped, ${found.reason}`);
		continue;
	}
	console.log(`${cli} ${found.version}`);
	for (const chosen of cases[cli]) {
		if ((only.cli ?? cli) === cli && (only.case ?? chosen.name) === chosen.name)
			await record(cli, found.path, chosen);
	}
}

/** The cases that are the same for all: an answer, a tool call, a kill while a tool runs. */
function ordinaryCases({
	toolArgs = [],
	killArgs = [],
}: {
	toolArgs?: string[];
	killArgs?: string[];
}): readonly Case[] {
	return [
		{name: 'success', answer: () => ({text: 'Nothing to do here: the folder is empty.'})},
		{
			name: 'tool',
			answer: ({toolResults}) =>
				toolResults.length > 0 ? {text: 'The tool said hello.'} : {shell: "printf 'hello from the tool\\n'"},
			args: toolArgs,
		},
		{
			name: 'killed',
			answer: () => ({shell: 'touch started && tail -f started'}),
			args: killArgs,
			killWhen: ({out, files}) => files.includes('started') && out.includes('touch started'),
		},
	];
}

function fewRetries(): Readonly<Record<string, string>> {
	return {CLAUDE_CODE_MAX_RETRIES: '2'};
}

function unknownOpenaiModel(): Reply {
	const message = "The requested model 'nonesuch' does not exist.";
	return {
		status: 400,
		body: {error: {type: 'invalid_request_error', code: 'model_not_found', message, param: 'model'}},
	};
}

/** Runs one case and keeps what it printed and how it ended. */
async function record(cli: CliName, program: string, chosen: Case): Promise<void> {
	const scratch = makeScratch();
	const server = await startModelServer(chosen.answer, request => {
		const reply = chosen.answer(request);
		return 'status' in reply ? reply : 'usual';
	});
	const run = `${cli}-${chosen.name}-${process.pid}`;
	try {
		const child = launch(cli, program, chosen, scratch, environmentOf(chosen, scratch, server.url, run));
		const exited = once(child, 'exit');
		if (chosen.killWhen !== undefined) await killWhen(child, chosen.killWhen, scratch);
		const [exitCode, signal] = await exited;
		keep(cli, chosen.name, scratch, text => scrub(text, scratch, server.url, program), {exitCode, signal});
		console.log(`  ${chosen.name}: ${signal ?? exitCode}`);
	} finally {
		killMarked(run);
		await server.close();
		rmSync(scratch.root, {recursive: true, force: true});
	}
}

function makeScratch(): Scratch {
	const root = mkdtempSync(join(tmpdir(), 'raid-record-'));
	const scratch = {
		root,
		home: join(root, 'home'),
		workspace: join(root, 'workspace'),
		out: join(root, 'out'),
		err: join(root, 'err'),
	};
	for (const folder of [scratch.home, scratch.workspace, join(root, 'tmp')]) mkdirSync(folder);
	writeFileSync(join(root, 'prompt'), prompt);
	return scratch;
}

function environmentOf(
	chosen: Case,
	{root, home}: Scratch,
	url: string,
	run: string,
): Record<string, string> {
	const environment = {
		...scratchEnvironment(home, url),
		TMPDIR: join(root, 'tmp'),
		TZ: 'UTC',
		GEMINI_CLI_NO_RELAUNCH: 'true',
		...chosen.environment,
		[mark]: run,
	};
	return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

function launch(
	cli: CliName,
	program: string,
	{args = []}: Case,
	{root, workspace, out, err}: Scratch,
	env: Record<string, string>,
): ChildProcess {
	const files = [openSync(join(root, 'prompt'), 'r'), openSync(out, 'w'), openSync(err, 'w')];
	try {
		// Codex takes the dash last; the others' last flag is a list or takes a value.
		const [last = '', ...others] = [...commandLines[cli]].reverse();
		const line = cli === 'codex' ? [...others.reverse(), ...args, last] : [...commandLines[cli], ...args];
		return spawn(program, line, {cwd: workspace, env, stdio: files, detached: true});
	} finally {
		files.forEach(closeSync);
	}
}

async function killWhen(
	child: ChildProcess,
	isTime: (seen: Seen) => boolean,
	scratch: Scratch,
): Promise<void> {
	await until('the moment to kill', () => child.exitCode !== null || isTime(seenIn(scratch)));
	if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
}

function seenIn({out, err, workspace}: Scratch): Seen {
	return {out: readFileSync(out, 'utf8'), err: readFileSync(err, 'utf8'), files: readdirSync(workspace)};
}

/** Kills what a recording left: all three CLIs run tools in sessions of their own. */
function killMarked(run: string): void {
	for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
		try {
			const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
			if (environment.includes(`${mark}=${run}`)) process.kill(Number(pid), 'SIGKILL');
		} catch {
			// Gone, or not ours to read.
		}
	}
}

function keep(
	cli: CliName,
	name: string,
	{out, err}: Scratch,
	clean: (text: string) => string,
	exit: object,
): void {
	const folder = join(import.meta.dirname, '..', '..', 'fixtures', 'sessions', cli);
	mkdirSync(folder, {recursive: true});
	const printed = clean(readFileSync(out, 'utf8'));
	const complained = clean(readFileSync(err, 'utf8'));
	writeFileSync(join(folder, `${name}.out.jsonl`), printed);
	writeFileSync(join(folder, `${name}.exit.json`), `${JSON.stringify(exit)}\n`);
	const log = join(folder, `${name}.err.log`);
	if (complained === '') rmSync(log, {force: true});
	else writeFileSync(log, complained);
}

/** A text without the places and names of the machine that it was recorded on. */
function scrub(text: string, {root}: Scratch, url: string, program: string): string {
	const dashed = (path: string) => path.replace(/[^a-zA-Z0-9]/g, '-');
	const places: readonly (readonly [string, string])[] = [
		[root, '/scratch'],
		[dashed(root), '-scratch'],
		[join(program, '..', '..'), '/clis/node_modules'],
		[url, 'http://127.0.0.1:4000'],
		[hostname(), 'host'],
	];
	return places.reduce((clean, [place, name]) => clean.replaceAll(place, name), text);
}

function countOf(text: string, part: string): number {
	return text.split(part).length - 1;
}
