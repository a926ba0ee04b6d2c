import {homedir} from 'node:os';
import {join} from 'node:path';
import type {ProviderEvent} from '../model/attempt.ts';
import {minute} from '../model/time.ts';
import {permissionFlags} from './claude-rules.ts';
import {canPass, isPassing, resetTimeIn} from './failure.ts';
import {type Provider, parseObject} from './provider.ts';
import {describeCall, named} from './tool.ts';

interface Content {
	readonly type?: string;
	readonly id?: string;
	readonly tool_use_id?: string;
	readonly text?: string;
	readonly name?: string;
	readonly input?: unknown;
	readonly content?: string | readonly {readonly text?: string}[];
	readonly is_error?: boolean;
}

interface ClaudeUsage {
	readonly input_tokens?: number;
	readonly cache_creation_input_tokens?: number;
	readonly cache_read_input_tokens?: number;
	readonly output_tokens?: number;
}

interface ClaudeLine {
	readonly type?: string;
	readonly subtype?: string;
	readonly session_id?: string;
	readonly is_error?: boolean;
	readonly result?: string;
	readonly message?: {
		readonly id?: string;
		readonly content?: readonly Content[] | string;
		readonly usage?: ClaudeUsage;
	};
	readonly usage?: ClaudeUsage;
	/** The call of a line that is about one. */
	readonly tool_use_id?: string;
	/** One entry for each result of a tool in the line. */
	readonly tool_result_meta?: readonly {
		readonly id?: string;
		readonly permission_decision?: {readonly decision?: string};
	}[];
	/** Of a command that runs in the background, the id of its task. */
	readonly tool_use_result?: {readonly backgroundTaskId?: string} | string;
	readonly retry_delay_ms?: number;
	/** How a task ended; `output_file` is set for one in the background. */
	readonly summary?: string;
	readonly output_file?: string;
	readonly total_cost_usd?: number;
	readonly error_status?: number | null;
	readonly error?: string;
	readonly api_error_status?: number | null;
	readonly rate_limit_info?: {
		readonly status?: string;
		readonly resetsAt?: number;
		readonly rateLimitType?: string;
		readonly isUsingOverage?: boolean;
	};
}

/** Claude Code, headless, as run with 2.1.331. A run may print several `result` lines; the last one counts. */
export const claude: Provider = {
	name: 'claude',
	gentleSignal: 'SIGTERM',
	hasResult: true,
	keepsSession: true,
	countsSession: ['cost'],
	files: () => ({}),
	checkup: {
		program: 'claude',
		verifiedVersion: '2.1.331',
		loginArgs: ['auth', 'status'],
		login(answer) {
			const {loggedIn, authMethod} =
				parseObject<{loggedIn?: boolean; authMethod?: string}>(answer?.text ?? '') ?? {};
			if (loggedIn === undefined)
				return {isThere: null, text: 'claude auth status does not say whether it is logged in'};
			if (loggedIn) return {isThere: true, text: `logged in (${authMethod})`};
			return {isThere: false, text: 'not logged in: claude auth login, or ANTHROPIC_API_KEY'};
		},
	},
	takesConstitution: () => true,
	invocation({model, launch, constitution, session, home}) {
		const args = [
			...['-p', '--output-format', 'stream-json', '--verbose'],
			...permissionFlags({launch, home}),
			...(model === 'default' ? [] : ['--model', model]),
			...(constitution === null ? [] : ['--append-system-prompt-file', constitution.path]),
			// Without the snapshot of its first run, the CLI reads the instructions as they are now.
			...(session === null ? [] : ['--resume', session, '--system-prompt-snapshot', 'off']),
			...launch.args,
		];
		const env = {
			DISABLE_AUTOUPDATER: '1',
			CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
			// Otherwise an @name that is also a file name adds that file to the prompt.
			CLAUDE_CODE_DISABLE_FILE_MENTIONS: '1',
			// Otherwise the CLI itself waits for a quota, for hours; raid parks the spawn instead.
			CLAUDE_CODE_RETRY_WATCHDOG: '0',
		};
		return {program: 'claude', args, env, stdin: 'prompt'};
	},
	readLine(line, {output, now}) {
		// The session file contains the same lines, among others.
		const parsed = output === 'errors' ? null : parseObject<ClaudeLine>(line);
		switch (parsed?.type) {
			case 'system':
				return systemEvents(parsed, now);
			case 'assistant':
				// The CLI repeats its own words about an error in the result, marked as an error.
				return parsed.error === undefined
					? [...contentsOf(parsed).flatMap(assistantEvents), ...answerUsage(parsed)]
					: [];
			case 'user':
				return (
					contentsOf(parsed)
						.flatMap(content => toolResultEvents(content, parsed))
						// The session file would report each refusal a second time.
						.filter(({type}) => type !== 'denied' || output === 'output')
				);
			case 'rate_limit_event':
				return quotaEvents(parsed);
			case 'result':
				return resultEvents(parsed, now);
			default:
				return [];
		}
	},
	sessionFile(sessionId, env) {
		const root = env.CLAUDE_CONFIG_DIR || join(env.HOME ?? homedir(), '.claude');
		// Below this folder there is one for each cwd, named by a rule of the CLI's own.
		return {folder: join(root, 'projects'), ending: `${sessionId}.jsonl`};
	},
};

// A longer wait is not one for an overload.
const longestRetryDelayMs = minute;

function systemEvents(line: ClaudeLine, now: number): readonly ProviderEvent[] {
	const {subtype, session_id: session, tool_use_id: id, error_status: status, error} = line;
	switch (subtype) {
		case 'init':
			return session === undefined ? [] : [{type: 'session', id: session}];
		case 'task_notification':
			// Other tasks have a result of their own.
			return id === undefined || !line.output_file
				? []
				: [{type: 'tool result', text: line.summary ?? '', id}];
		case 'api_retry': {
			const reason = error === undefined || error === 'unknown' ? 'no connection' : error;
			const {retry_delay_ms: delay = 0} = line;
			return delay > longestRetryDelayMs
				? [{type: 'quota', text: `waits for its quota (${status ?? reason})`, resumeAt: now + delay}]
				: [{type: 'retry', text: String(status ?? reason)}];
		}
		default:
			return [];
	}
}

function contentsOf({message}: ClaudeLine): readonly Content[] {
	return Array.isArray(message?.content) ? message.content : [];
}

function assistantEvents({type, id, text, name, input}: Content): readonly ProviderEvent[] {
	if (type === 'text' && text !== undefined) return [{type: 'text', text}];
	if (type !== 'tool_use') return [];
	return [{type: 'tool', text: describeCall(name ?? 'tool', input), ...named(id)}];
}

/** The tokens of an answer, of which each block is a line. The output in a line of the stream is that of its beginning. */
function answerUsage({message}: ClaudeLine): readonly ProviderEvent[] {
	if (message?.id === undefined || message.usage === undefined) return [];
	return [{type: 'usage', ...tokensOf(message.usage), message: message.id}];
}

function toolResultEvents(
	{type, tool_use_id: id, content, is_error: isError = false}: Content,
	{tool_result_meta: meta = [], tool_use_result: result}: ClaudeLine,
): readonly ProviderEvent[] {
	if (type !== 'tool_result') return [];
	const text =
		typeof content === 'string' ? content : (content ?? []).map(part => part.text ?? '').join('\n');
	const isDenied = meta.some(entry => entry.id === id && entry.permission_decision?.decision === 'reject');
	const denials: readonly ProviderEvent[] = isDenied ? [{type: 'denied', text, ...named(id)}] : [];
	// A command in the background is open until it ends, although its call has a result at once.
	const isOpen = typeof result === 'object' && result?.backgroundTaskId !== undefined;
	return [...denials, {type: 'tool result', text, isError, ...(isOpen ? {} : named(id))}];
}

function quotaEvents({rate_limit_info: info}: ClaudeLine): readonly ProviderEvent[] {
	// Beyond its limit the CLI continues where extra usage is paid for.
	if (info?.status !== 'rejected' || info.isUsingOverage === true) return [];
	const resumeAt = info.resetsAt === undefined ? null : info.resetsAt * 1000;
	return [{type: 'quota', text: `usage limit reached (${info.rateLimitType ?? 'unnamed'})`, resumeAt}];
}

function resultEvents(line: ClaudeLine, now: number): readonly ProviderEvent[] {
	const {is_error: isError = true, result, total_cost_usd: costUsd} = line;
	const cost = costUsd === undefined ? {} : {costUsd};
	const events: ProviderEvent[] = [
		{type: 'usage', ...tokensOf(line.usage), ...cost, isAdded: true},
		{type: 'result', isSuccess: !isError, text: isError ? null : (result ?? null)},
	];
	return isError ? [...events, failureOf(line, now)] : events;
}

function tokensOf(usage: ClaudeUsage = {}): {readonly input: number; readonly output: number} {
	const {input_tokens: fresh = 0, output_tokens: output = 0} = usage;
	const {cache_creation_input_tokens: made = 0, cache_read_input_tokens: read = 0} = usage;
	return {input: fresh + made + read, output};
}

/** The final failure. The CLI gives up at once at a usage limit, and after many tries at a 429: both wait for a reset. */
function failureOf({result, subtype, api_error_status: status}: ClaudeLine, now: number): ProviderEvent {
	const text = result ?? subtype ?? 'an error without a message';
	if (status === 429) return {type: 'quota', text, resumeAt: resetTimeIn(text, now)};
	return {type: 'error', text, canPass: status == null ? canPass(text) : isPassing(status)};
}
