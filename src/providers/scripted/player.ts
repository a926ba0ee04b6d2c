import {spawn} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import {once} from 'node:events';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import {describeError, exitCodes, UsageError} from '../../errors.ts';
import type {ProviderEvent} from '../../model/attempt.ts';
import {type AgentStep, scenarioSchema} from '../../scenario/schema.ts';
import {parseJson} from '../../validate.ts';
import {scenarioFile} from './provider.ts';

// The executable that plays one agent's part. Like a real coding-agent CLI it knows only its environment, its standard
// input, and the command `raid` on its PATH.

const fileCheckMs = 50;

interface Stage {
	readonly speed: number;
	readonly channel: string;
}

play().then(
	() => print({type: 'result', isSuccess: true, text: null}),
	error => {
		process.stderr.write(`scripted: ${describeError(error)}\n`);
		process.exitCode = exitCodes.usage;
	},
);

async function play(): Promise<void> {
	const {RAID_HOME = '', RAID_IDENTITY = '', RAID_CHANNEL = ''} = process.env;
	const {values} = parseArgs({options: {spawn: {type: 'string'}, attempt: {type: 'string'}}});
	const path = join(RAID_HOME, scenarioFile);
	const scenario = parseJson(scenarioSchema, readFileSync(path, 'utf8'), path);
	const spawns = scenario.agents[RAID_IDENTITY]?.spawns;
	if (spawns === undefined) throw new UsageError(`${path} has no part for "${RAID_IDENTITY}".`);
	const steps = spawns[Math.min(Number(values.spawn ?? 1), spawns.length) - 1] ?? [];
	print({type: 'session', id: randomUUID()});
	for (const step of steps) {
		if (step.attempt === undefined || step.attempt === Number(values.attempt ?? 1)) {
			await perform(step, {speed: scenario.speed, channel: RAID_CHANNEL});
		}
	}
}

async function perform(step: AgentStep, {speed, channel}: Stage): Promise<void> {
	if (step.wait !== undefined) await delay(step.wait / speed);
	if (step.waitFor !== undefined) while (!existsSync(step.waitFor)) await delay(fileCheckMs);
	if (step.say !== undefined) print({type: 'text', text: step.say});
	if (step.tool !== undefined) print({type: 'tool', text: step.tool});
	if (step.send !== undefined) await send(step.send, [channel]);
	if (step.done !== undefined) await send(step.done, ['--done', channel]);
	if (step.blocked !== undefined) await send(step.blocked, ['--blocked', channel]);
	if (step.print !== undefined) process.stdout.write(`${step.print}\n`);
	if (step.usage !== undefined) print({type: 'usage', ...step.usage});
	if (step.spawn !== undefined) startChild(step.spawn / speed);
	if (step.ignoreTerm !== undefined) process.on('SIGTERM', () => {});
	if (step.hang !== undefined) await new Promise(() => setInterval(() => {}, 1 << 30));
	if (step.crash !== undefined) process.kill(process.pid, 'SIGSEGV');
	if (step.exit !== undefined) process.exit(step.exit);
	if (step.quota !== undefined) {
		print({type: 'quota', text: 'usage limit reached', resumeAt: Date.now() + step.quota / speed});
		process.exit(1);
	}
}

async function send(message: string, args: readonly string[]): Promise<void> {
	print({type: 'tool', text: `raid send ${args.join(' ')}`});
	const tool = spawn('raid', ['send', ...args, '-'], {detached: true, stdio: ['pipe', 'inherit', 'inherit']});
	tool.stdin.end(message);
	const [code] = await once(tool, 'close');
	if (code !== 0) print({type: 'error', text: `raid send failed (${code})`, canPass: true});
}

function startChild(lifeMs: number): void {
	spawn('sleep', [String(lifeMs / 1000)], {detached: true, stdio: 'ignore'}).unref();
}

function print(event: ProviderEvent): void {
	process.stdout.write(`${JSON.stringify(event)}\n`);
}
