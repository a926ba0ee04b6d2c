import {homedir} from 'node:os';
import {dirname, join} from 'node:path';
import type {Permissions} from '../model/agent.ts';
import type {ProviderEvent} from '../model/attempt.ts';
import {canPass, resetTimeIn} from './failure.ts';
import {signOfLogin} from './login.ts';
import {type Provider, parseObject} from './provider.ts';
import {describeCall} from './tool.ts';

interface GeminiLine {
	readonly type?: string;
	readonly session_id?: string;
	readonly role?: string;
	readonly content?: string;
	readonly tool_name?: string;
	readonly parameters?: unknown;
	readonly output?: string;
	readonly status?: string;
	readonly stats?: {readonly input_tokens?: number; readonly output_tokens?: number};
	readonly error?: {readonly message?: string};
}

const approvalModes: Readonly<Record<Permissions, string>> = {
	'ask-nothing': 'default',
	edit: 'auto_edit',
	full: 'yolo',
};

const policyFile = 'gemini-policy.toml';

// The only shell command that an agent may run below `full`. The rule is added to the user's own policies. Redirection is
// off because it would write any file, with text that the agent chooses.
const policy = `[[rule]]
toolName = "run_shell_command"
commandPrefix = "raid send"
decision = "allow"
priority = 500
allowRedirection = false
`;

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
	files: {[policyFile]: policy},
	escapePrompt,
	checkup: {
		program: 'gemini',
		verifiedVersion: '0.61.0',
		loginArgs: null,
		// It has no command that reports its login.
		login: (_, env) => signOfLogin('gemini', {env, cwd: process.cwd()}),
	},
	takesConstitution: () => false,
	invocation({model, launch, session, promptFile}) {
		const args = [
			...['--output-format', 'stream-json', '--skip-trust'],
			...['--approval-mode', approvalModes[launch.permissions]],
			...['--policy', join(dirname(promptFile), policyFile)],
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
				return [{type: 'tool', text: describeCall(parsed.tool_name ?? 'tool', parsed.parameters)}];
			case 'tool_result':
				return [{type: 'tool result', text: parsed.output ?? '', isError: parsed.status !== 'success'}];
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

/** The events of standard error: the CLI reports its retries only there. At a used-up quota it would wait for hours. */
function errorEvents(line: string, now: number): readonly ProviderEvent[] {
	const failed = /^Attempt \d+ failed(?: with status (\d+))?(?:: (.*))?/.exec(line);
	if (failed === null) return [];
	const [, status, reason = ''] = failed;
	const resumeAt = quotaText.test(reason) ? resetTimeIn(reason, now) : null;
	if (resumeAt !== null) return [{type: 'quota', text: reason, resumeAt}];
	return [{type: 'retry', text: status ?? (quotaText.test(reason) ? 'quota' : 'no connection')}];
}

/** A line of the CLI's session file, as far as we read it. */
interface GeminiSessionLine {
	readonly type?: string;
	readonly content?: string | readonly SessionPart[];
	readonly toolCalls?: readonly {readonly name?: string; readonly args?: unknown}[];
}

interface SessionPart {
	readonly functionResponse?: {readonly response?: {readonly output?: string; readonly error?: string}};
}

/** The events of a session line. A message is written twice: the first line has its text, the second its tool calls. */
function sessionEvents({type, content, toolCalls = []}: GeminiSessionLine): readonly ProviderEvent[] {
	if (type === 'user' && Array.isArray(content)) return content.flatMap(toolResultEvents);
	if (type !== 'gemini') return [];
	if (toolCalls.length > 0) {
		return toolCalls.map(({name, args}) => ({type: 'tool', text: describeCall(name ?? 'tool', args)}));
	}
	return typeof content === 'string' && content !== '' ? [{type: 'text', text: content}] : [];
}

function toolResultEvents({functionResponse}: SessionPart): readonly ProviderEvent[] {
	const {output, error} = functionResponse?.response ?? {};
	const text = output ?? error;
	return text === undefined ? [] : [{type: 'tool result', text, isError: output === undefined}];
}
