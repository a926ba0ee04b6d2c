import {homedir} from 'node:os';
import {join} from 'node:path';
import type {Permissions} from '../model/agent.ts';
import type {ProviderEvent} from '../model/attempt.ts';
import {canPass, resetTimeIn, statusIn} from './failure.ts';
import {type Provider, parseObject} from './provider.ts';
import {describeCall} from './tool.ts';

interface Item {
	readonly type?: string;
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

/** Flags for what the agent may do. Raid's own records are always writable, because `raid send` writes them. */
function permissionFlags(permissions: Permissions, home: string): readonly string[] {
	switch (permissions) {
		case 'ask-nothing': {
			// The agent must not change what other agents run or are instructed to do.
			const readable = ['bin', 'agents', 'config.json'].map(
				name => `${JSON.stringify(join(home, name))}="read"`,
			);
			const files = [`${JSON.stringify(home)}="write"`, ...readable].join(', ');
			const profile = ['default_permissions="raid"', 'permissions.raid.extends=":read-only"'];
			return [...profile, `permissions.raid.filesystem={${files}}`].flatMap(value => ['-c', value]);
		}
		case 'edit':
			return ['-s', 'workspace-write', '--add-dir', home];
		case 'full':
			return ['--dangerously-bypass-approvals-and-sandbox'];
	}
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
	files: {},
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
	invocation({model, launch, constitution, session, home}) {
		const args = [
			...['exec', '--json', '--skip-git-repo-check'],
			...permissionFlags(launch.permissions, home),
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
		if (output === 'session') return sessionEvents(parseObject<CodexSessionLine>(line)?.payload ?? {});
		const parsed = output === 'output' ? parseObject<CodexLine>(line) : null;
		switch (parsed?.type) {
			case 'thread.started':
				return parsed.thread_id === undefined ? [] : [{type: 'session', id: parsed.thread_id}];
			case 'item.started':
				return parsed.item?.type === 'command_execution' ? callEvents(parsed.item) : [];
			case 'item.completed':
				return itemEvents(parsed.item ?? {});
			case 'turn.completed': {
				const {input_tokens: input = 0, output_tokens: used = 0} = parsed.usage ?? {};
				return [
					{type: 'usage', input, output: used},
					{type: 'result', isSuccess: true, text: null},
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

function itemEvents(item: Item): readonly ProviderEvent[] {
	if (item.type === 'agent_message') return item.text === undefined ? [] : [{type: 'text', text: item.text}];
	if (item.type !== 'command_execution') return callEvents(item);
	return [{type: 'tool result', text: item.aggregated_output ?? '', isError: item.exit_code !== 0}];
}

function callEvents({type, command, changes = [], server, tool, query}: Item): readonly ProviderEvent[] {
	switch (type) {
		case 'command_execution':
			return [{type: 'tool', text: describeCall('shell', {command})}];
		case 'file_change':
			return [
				{type: 'tool', text: describeCall('edit', {path: changes.map(change => change.path).join(', ')})},
			];
		case 'mcp_tool_call':
			return [{type: 'tool', text: `${server}.${tool}`}];
		case 'web_search':
			return [{type: 'tool', text: describeCall('web search', {query})}];
		default:
			return [];
	}
}

const longestRetryText = 60;

function retryText(message: string): string {
	const reason = /^Reconnecting\.\.\. \S+ \((.*)\)$/s.exec(message)?.[1] ?? message;
	return String(statusIn(reason) ?? reason.slice(0, longestRetryText));
}

const quotaText = /usage limit|quota|status: 429/i;

function failureEvents(text: string, now: number): readonly ProviderEvent[] {
	const result: ProviderEvent = {type: 'result', isSuccess: false, text: null};
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
	readonly content?: readonly {readonly text?: string}[];
	readonly name?: string;
	/** The input of a call: JSON for a function. */
	readonly arguments?: string;
	/** The input of a call: text for any other tool. */
	readonly input?: string;
	readonly output?: string | readonly {readonly text?: string}[];
	readonly info?: {readonly total_token_usage?: CodexLine['usage']} | null;
}

function sessionEvents({
	type,
	role,
	content,
	name,
	output,
	info,
	...call
}: Payload): readonly ProviderEvent[] {
	const textOf = (parts: Payload['output'] = []) =>
		typeof parts === 'string' ? parts : parts.map(part => part.text ?? '').join('\n');
	switch (type) {
		case 'message':
			return role === 'assistant' ? [{type: 'text', text: textOf(content)}] : [];
		case 'function_call':
			return [{type: 'tool', text: describeCall(name ?? 'tool', parseObject(call.arguments ?? ''))}];
		case 'custom_tool_call':
			return [{type: 'tool', text: describeCall(name ?? 'tool', {command: call.input})}];
		case 'function_call_output':
		case 'custom_tool_call_output':
			return [{type: 'tool result', text: textOf(output)}];
		case 'token_count': {
			const {input_tokens: input, output_tokens: used} = info?.total_token_usage ?? {};
			return input === undefined ? [] : [{type: 'usage', input, output: used ?? 0}];
		}
		default:
			return [];
	}
}
