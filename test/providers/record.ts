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
import {defaultLaunch} from '../../src/model/agent.ts';
import {findProvider} from '../../src/providers/index.ts';
import type {Provider} from '../../src/providers/provider.ts';
import {type CliName, cliNames, findAgentClis, scratchEnvironment} from '../helpers/agent-clis.ts';
import {startModelServer} from '../helpers/model-server/server.ts';
import {until} from '../helpers/wait.ts';
import {type Case, cases, type Seen} from './cases.ts';

/**
 * Records what the real CLIs print into fixtures/sessions. They talk only to a stub model on loopback. To make sure of
 * that, cut off the network:
 *
 *   RAID_CLIS=folder unshare -rn sh -c 'ip link set lo up && exec node test/providers/record.ts [--cli claude] [--case quota]'
 */

/** The folders of one recording. Everything that a CLI reads and writes is below `root`. */
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

// Makes the recordings alike.
const ownArgs: Readonly<Record<CliName, readonly string[]>> = {
	claude: ['--session-id', sessionId],
	codex: [],
	gemini: ['--session-id', sessionId],
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

/** Runs one case, and keeps its output and how it ended. */
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
	const outbox = join(scratch.workspace, '.raid', 'outbox', 'spawn');
	for (const folder of [scratch.home, outbox, join(root, 'tmp')]) mkdirSync(folder, {recursive: true});
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
	{args = [], permissions = 'edit', allow = []}: Case,
	{root, workspace, out, err}: Scratch,
	env: Record<string, string>,
): ChildProcess {
	const provider = findProvider(cli) as Provider;
	const home = join(workspace, '.raid');
	const request = {
		model: 'default',
		launch: {...defaultLaunch, permissions, allow, args: [...ownArgs[cli], ...args]},
		constitution: null,
		promptFile: join(root, 'prompt'),
		cwd: workspace,
		home,
		outbox: join(home, 'outbox', 'spawn'),
		env,
		session: null,
		ordinal: 1,
		attempt: 1,
		runtime: process.execPath,
		install: '',
	};
	for (const [name, text] of Object.entries(provider.files(request))) writeFileSync(join(root, name), text);
	const files = [openSync(request.promptFile, 'r'), openSync(out, 'w'), openSync(err, 'w')];
	try {
		const invocation = provider.invocation(request);
		return spawn(program, invocation.args, {
			cwd: workspace,
			env: {...env, ...invocation.env},
			stdio: files,
			detached: true,
		});
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

/** Kills the processes that a recording left behind, because all three CLIs run tools in sessions of their own. */
function killMarked(run: string): void {
	for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
		try {
			const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
			if (environment.includes(`${mark}=${run}`)) process.kill(Number(pid), 'SIGKILL');
		} catch {
			// The process is gone, or unreadable.
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

/** A text without the paths and names of the machine that it was recorded on. */
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
