import {homedir} from 'node:os';
import {join} from 'node:path';
import type {ProviderEvent} from '../model/attempt.ts';
import {permissionFlags} from './codex-profile.ts';
import {canPass, resetTimeIn, statusIn} from './failure.ts';
import {type Provider, parseObject} from './provider.ts';
import {describeCall, named} from './tool.ts';

interface Item {
	readonly id?: string;
	readonly type?: string;
	readonly status?: string;
	readonly text?: string;
	readonly command?: string;
	readonly aggregated_output?: string;
	readonly exit_code?: number | null;
	readonly changes?: readonly {readonly path?: string; readonly kind?: string}[];
	readonly server?: string;
	readonly tool?: string;
	readonly query?: string;
}

interface CodexLine {
	readonly type?: string;
	readonly thread_id?: string;
	readonly item?: Item;
	readonly usage?: {readonly input_tokens?: number; readonly output_tokens?: number};
	readonly message?: string;
	readonly error?: {readonly message?: string};
}

// One argument may have 128 KiB on Linux; quotes and escapes take up the rest.
const longestConstitution = 60 * 1024;

/** Codex, headless, as run with 0.169.0. An `error` line reports a retry by the CLI; only `turn.failed` is final. */
export const codex: Provider = {
	name: 'codex',
	gentleSignal: 'SIGINT',
	hasResult: true,
	keepsSession: true,
	countsSession: ['tokens'],
	files: () => ({}),
	checkup: {
		program: 'codex',
		verifiedVersion: '0.169.0',
		loginArgs: ['login', 'status'],
		login(answer, env) {
			if (env.CODEX_API_KEY) return {isThere: true, text: 'CODEX_API_KEY is set'};
			if (answer?.exitCode === 0) return {isThere: true, text: 'logged in'};
			return {isThere: false, text: 'not logged in: codex login, or CODEX_API_KEY'};
		},
	},
	// A resumed session keeps the instructions that it began with.
	takesConstitution: (bytes, {isResuming}) => bytes <= longestConstitution && !isResuming,
	invocation({model, launch, constitution, session, home, outbox}) {
		const args = [
			...['exec', '--json', '--skip-git-repo-check'],
			...permissionFlags({launch, home, outbox}),
			// A login shell would reset the PATH, on which our `raid` comes first.
			...['-c', 'allow_login_shell=false'],
			...['-c', 'analytics.enabled=false', '--disable', 'unbounded_connection_retries'],
			...(model === 'default' ? [] : ['-m', model]),
			// Every JSON string is a TOML string.
			...(constitution === null ? [] : ['-c', `developer_instructions=${JSON.stringify(constitution.text)}`]),
			...launch.args,
			...(session === null ? ['-'] : ['resume', session, '-']),
		];
		return {program: 'codex', args, env: {}, stdin: 'prompt'};
	},
	readLine(line, {output, now}) {
		if (output === 'errors') return refusalEvents(line);
		if (output === 'session') return sessionEvents(parseObject<CodexSessionLine>(line)?.payload ?? {});
		const parsed = parseObject<CodexLine>(line);
		switch (parsed?.type) {
			case 'thread.started':
				return parsed.thread_id === undefined ? [] : [{type: 'session', id: parsed.thread_id}];
			case 'item.started':
				return startEvents(parsed.item ?? {});
			case 'item.completed':
				return itemEvents(parsed.item ?? {});
			case 'turn.completed': {
				const {input_tokens: input = 0, output_tokens: used = 0} = parsed.usage ?? {};
				return [
					{type: 'usage', input, output: used},
					{type: 'result', isSuccess: true, text: null, isLast: true},
				];
			}
			case 'error':
				return [{type: 'retry', text: retryText(parsed.message ?? 'error')}];
			case 'turn.failed':
				return failureEvents(parsed.error?.message ?? 'turn failed', now);
			default:
				return [];
		}
	},
	sessionFile(sessionId, env) {
		const root = env.CODEX_HOME || join(env.HOME ?? homedir(), '.codex');
		return {folder: join(root, 'sessions'), ending: `${sessionId}.jsonl`};
	},
};

function startEvents(item: Item): readonly ProviderEvent[] {
	const text = callText(item);
	return text === null ? [] : [{type: 'tool', text, ...named(item.id)}];
}

function itemEvents(item: Item): readonly ProviderEvent[] {
	const {type, id, text, query, aggregated_output: printed = '', exit_code: code, status} = item;
	switch (type) {
		case 'agent_message':
			return text === undefined ? [] : [{type: 'text', text}];
		case 'web_search':
			// It may have no start, and has its query only here.
			return [{type: 'tool', text: describeCall('web search', {query})}];
		case 'command_execution':
			return [{type: 'tool result', text: printed, isError: code !== 0, ...named(id)}];
		default:
			if (callText(item) === null) return [];
			return [{type: 'tool result', text: status ?? '', isError: status === 'failed', ...named(id)}];
	}
}

/** A call of a tool that has a start and an end, in one line; null for any other item. */
function callText({type, command, changes = [], server, tool}: Item): string | null {
	switch (type) {
		case 'command_execution':
			return describeCall('shell', {command: unwrapped(command)});
		case 'file_change':
			return describeCall('edit', {path: changes.map(change => change.path).join(', ')});
		case 'mcp_tool_call':
			return `${server}.${tool}`;
		default:
			return null;
	}
}

/** A command without the shell that the CLI runs it in, unless it has quotes that it was given again. */
function unwrapped(command = ''): string {
	return /^\/\S+ -l?c '([^']*)'$/.exec(command)?.[1] ?? command;
}

const refusal = 'codex_core::tools::router: error=';

/** A refused patch, escalation or command has no item, only a line on standard error. */
function refusalEvents(line: string): readonly ProviderEvent[] {
	const at = line.indexOf(refusal);
	return at < 0 ? [] : [{type: 'denied', text: line.slice(at + refusal.length)}];
}

const longestRetryText = 60;

function retryText(message: string): string {
	const reason = /^Reconnecting\.\.\. \S+ \((.*)\)$/s.exec(message)?.[1] ?? message;
	return String(statusIn(reason) ?? reason.slice(0, longestRetryText));
}

const quotaText = /usage limit|quota|status: 429/i;

function failureEvents(text: string, now: number): readonly ProviderEvent[] {
	const result: ProviderEvent = {type: 'result', isSuccess: false, text: null, isLast: true};
	if (quotaText.test(text)) return [result, {type: 'quota', text, resumeAt: resetTimeIn(text, now)}];
	return [result, {type: 'error', text, canPass: canPass(text)}];
}

/** A line of the CLI's session file, as far as we read it. */
interface CodexSessionLine {
	readonly payload?: Payload;
}

interface Payload {
	readonly type?: string;
	readonly role?: string;
	readonly call_id?: string;
	readonly content?: readonly {readonly text?: string}[];
	readonly name?: string;
	/** The input of a call: JSON for a function. */
	readonly arguments?: string;
	/** The input of a call: text for any other tool. */
	readonly input?: string;
	readonly output?: string | readonly {readonly text?: string}[];
	readonly info?: {readonly total_token_usage?: CodexLine['usage']} | null;
}

function sessionEvents(payload: Payload): readonly ProviderEvent[] {
	const {type, role, content, output, info, call_id: id} = payload;
	switch (type) {
		case 'message':
			return role === 'assistant' ? [{type: 'text', text: textOf(content)}] : [];
		case 'function_call':
		case 'custom_tool_call':
			return [{type: 'tool', text: recordedCall(payload), ...named(id)}];
		case 'function_call_output':
		case 'custom_tool_call_output': {
			const text = textOf(output);
			const denials: readonly ProviderEvent[] = isDenied(text) ? [{type: 'denied', text, ...named(id)}] : [];
			return [...denials, {type: 'tool result', text, ...named(id)}];
		}
		case 'token_count': {
			const {input_tokens: input, output_tokens: used} = info?.total_token_usage ?? {};
			return input === undefined ? [] : [{type: 'usage', input, output: used ?? 0}];
		}
		default:
			return [];
	}
}

function textOf(parts: Payload['output'] = []): string {
	return typeof parts === 'string' ? parts : parts.map(part => part.text ?? '').join('\n');
}

const scriptCall = 'tools.exec_command(';

/** A call as one line. A command that is run by a script is shown without the script. */
function recordedCall({name = 'tool', arguments: json, input}: Payload): string {
	if (input === undefined) return describeCall(name, parseObject(json ?? ''));
	const from = input.indexOf(scriptCall);
	const to = input.lastIndexOf('})') + 1;
	const command = from < 0 ? null : parseObject<{cmd?: string}>(input.slice(from + scriptCall.length, to));
	return typeof command?.cmd === 'string'
		? describeCall('shell', {command: command.cmd})
		: describeCall(name, {command: input});
}

/**
 * True for a failure in the words that the system has for a write outside what the profile opens. Only the session file has
 * it always: the output leaves out most commands that the sandbox stopped.
 */
function isDenied(text: string): boolean {
	return /Read-only file system|Operation not permitted/.test(text) && !text.includes('"exit_code":0,');
}
