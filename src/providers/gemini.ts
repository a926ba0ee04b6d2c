import {homedir} from 'node:os';
import {dirname, join} from 'node:path';
import type {ProviderEvent} from '../model/attempt.ts';
import {canPass, resetTimeIn} from './failure.ts';
import {guardFile, policyFile, policyFiles} from './gemini-policy.ts';
import {signOfLogin} from './login.ts';
import {type Provider, parseObject} from './provider.ts';
import {describeCall, named} from './tool.ts';

interface GeminiLine {
	readonly type?: string;
	readonly session_id?: string;
	readonly role?: string;
	readonly content?: string;
	readonly tool_name?: string;
	readonly tool_id?: string;
	readonly parameters?: unknown;
	readonly output?: string;
	readonly status?: string;
	readonly stats?: {readonly input_tokens?: number; readonly output_tokens?: number};
	readonly error?: {readonly type?: string; readonly message?: string};
}

/**
 * The prompt with each `@` escaped. The CLI takes a plain @name for a file or for an agent of its own, inserts what
 * resembles it, and loses the mention.
 */
function escapePrompt(prompt: string): string {
	return `In this text \\@ stands for a plain @ sign.\n\n${prompt.replaceAll('@', '\\@')}`;
}

/** Gemini CLI, headless, as run with 0.61.0. Relaunching is switched off because the relaunching process ignores TERM. */
export const gemini: Provider = {
	name: 'gemini',
	gentleSignal: 'SIGTERM',
	hasResult: true,
	keepsSession: true,
	countsSession: [],
	files: policyFiles,
	escapePrompt,
	checkup: {
		program: 'gemini',
		verifiedVersion: '0.61.0',
		loginArgs: null,
		// It has no command that reports its login.
		login: (_, env) => signOfLogin('gemini', {env, cwd: process.cwd()}),
	},
	takesConstitution: () => false,
	invocation({model, launch, session, promptFile, env: own}) {
		const folder = dirname(promptFile);
		// In any other mode redirection is allowed, and writes any file. Policies on the command line replace the operator's.
		const policies = [
			...['--admin-policy', join(folder, guardFile), '--policy', join(folder, policyFile)],
			...['--policy', join(rootOf(own), '.gemini', 'policies')],
		];
		const args = [
			...['--output-format', 'stream-json', '--skip-trust'],
			...(launch.permissions === 'full'
				? ['--approval-mode', 'yolo']
				: ['--approval-mode', 'default', ...policies]),
			...(model === 'default' ? [] : ['-m', model]),
			...(session === null ? [] : ['--resume', session]),
			...launch.args,
		];
		const env = {GEMINI_CLI_NO_RELAUNCH: 'true', GEMINI_TELEMETRY_ENABLED: 'false', NO_COLOR: '1'};
		return {program: 'gemini', args, env, stdin: 'prompt'};
	},
	readLine(line, {output, now}) {
		if (output === 'errors') return errorEvents(line, now);
		if (output === 'session') return sessionEvents(parseObject<GeminiSessionLine>(line) ?? {});
		const parsed = parseObject<GeminiLine>(line);
		switch (parsed?.type) {
			case 'init':
				return parsed.session_id === undefined ? [] : [{type: 'session', id: parsed.session_id}];
			case 'message':
				return parsed.role === 'assistant' && parsed.content !== undefined
					? [{type: 'text', text: parsed.content, isContinued: true}]
					: [];
			case 'tool_use':
				return [
					{
						type: 'tool',
						text: describeCall(parsed.tool_name ?? 'tool', parsed.parameters),
						...named(parsed.tool_id),
					},
				];
			case 'tool_result':
				return resultOfTool(parsed);
			case 'result':
				return resultEvents(parsed, now);
			default:
				return [];
		}
	},
	sessionFile(sessionId, env) {
		return {folder: join(rootOf(env), '.gemini', 'tmp'), ending: `-${sessionId.slice(0, 8)}.jsonl`};
	},
};

function rootOf(env: NodeJS.ProcessEnv): string {
	return env.GEMINI_CLI_HOME || (env.HOME ?? homedir());
}

function resultOfTool({output = '', status, error, tool_id: id}: GeminiLine): readonly ProviderEvent[] {
	const result: ProviderEvent = {
		type: 'tool result',
		text: output,
		isError: status !== 'success',
		...named(id),
	};
	return error !== undefined && isRefusal(error)
		? [{type: 'denied', text: error.message ?? '', ...named(id)}, result]
		: [result];
}

// The tools that a level of permissions withholds. Any other that is not found is a mistake of the model.
const withheld = /^Tool "(write_file|replace|run_shell_command|web_fetch|save_memory)" not found/;

function isRefusal({type, message = ''}: {readonly type?: string; readonly message?: string}): boolean {
	switch (type) {
		case 'policy_violation':
			return true;
		case 'unhandled_exception':
			return message.includes('requires user confirmation');
		case 'tool_not_registered':
			return withheld.test(message);
		case 'invalid_tool_params':
			return message.startsWith('Path not in workspace');
		default:
			return false;
	}
}

function resultEvents({stats, status, error}: GeminiLine, now: number): readonly ProviderEvent[] {
	const {input_tokens: input = 0, output_tokens: used = 0} = stats ?? {};
	const isSuccess = status === 'success';
	const events: ProviderEvent[] = [
		{type: 'usage', input, output: used},
		{type: 'result', isSuccess, text: null},
	];
	return isSuccess ? events : [...events, ...failureEvents(error?.message ?? 'ended without success', now)];
}

const quotaText = /quota|exhausted your capacity|RESOURCE_EXHAUSTED/i;

function failureEvents(text: string, now: number): readonly ProviderEvent[] {
	if (quotaText.test(text)) return [{type: 'quota', text, resumeAt: resetTimeIn(text, now)}];
	return [{type: 'error', text, canPass: canPass(text)}];
}

const mostOwnWaits = 3;

/** The events of standard error: the CLI reports its retries only there. At a used-up quota it would wait for hours. */
function errorEvents(line: string, now: number): readonly ProviderEvent[] {
	const failed = /^Attempt (\d+) failed(?: with status (\d+))?(?:: (.*))?/.exec(line);
	if (failed === null) return [];
	const [, attempt, status, reason = ''] = failed;
	const isQuota = quotaText.test(reason) || status === '429';
	const resumeAt = isQuota ? resetTimeIn(reason, now) : null;
	// The CLI would wait ten times, up to five minutes each time, and keep its slot.
	if (isQuota && Number(attempt) >= mostOwnWaits) {
		return [{type: 'quota', text: reason || 'rate limit (429)', resumeAt: null, hasWaited: true}];
	}
	if (resumeAt !== null) return [{type: 'quota', text: reason, resumeAt}];
	return [{type: 'retry', text: status ?? (quotaText.test(reason) ? 'quota' : 'no connection')}];
}

/** A line of the CLI's session file, as far as we read it. */
interface GeminiSessionLine {
	readonly id?: string;
	readonly type?: string;
	readonly tokens?: {readonly input?: number; readonly output?: number; readonly thoughts?: number};
	readonly content?: string | readonly SessionPart[];
	readonly toolCalls?: readonly {readonly name?: string; readonly args?: unknown}[];
}

interface SessionPart {
	readonly functionResponse?: {readonly response?: {readonly output?: string; readonly error?: string}};
}

/** The events of a session line. A message is written twice: the first line has its text, the second its tool calls. */
function sessionEvents({
	id,
	type,
	content,
	tokens,
	toolCalls = [],
}: GeminiSessionLine): readonly ProviderEvent[] {
	if (type === 'user' && Array.isArray(content)) return content.flatMap(toolResultEvents);
	if (type !== 'gemini') return [];
	const usage: readonly ProviderEvent[] =
		id === undefined || tokens === undefined
			? []
			: [
					{
						type: 'usage',
						input: tokens.input ?? 0,
						output: (tokens.output ?? 0) + (tokens.thoughts ?? 0),
						message: id,
					},
				];
	if (toolCalls.length > 0) {
		const calls = toolCalls.map(
			({name, args}) => ({type: 'tool', text: describeCall(name ?? 'tool', args)}) as const,
		);
		return [...usage, ...calls];
	}
	return typeof content === 'string' && content !== '' ? [{type: 'text', text: content}, ...usage] : usage;
}

function toolResultEvents({functionResponse}: SessionPart): readonly ProviderEvent[] {
	const {output, error} = functionResponse?.response ?? {};
	const text = output ?? error;
	return text === undefined ? [] : [{type: 'tool result', text, isError: output === undefined}];
}
