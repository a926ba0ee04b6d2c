import {homedir} from 'node:os';
import {join, relative} from 'node:path';
import type {Permissions} from '../model/agent.ts';
import type {ProviderEvent} from '../model/attempt.ts';
import {canPass, isPassing, resetTimeIn} from './failure.ts';
import {type Provider, parseObject} from './provider.ts';
import {describeCall} from './tool.ts';

interface Content {
	readonly type?: string;
	readonly text?: string;
	readonly name?: string;
	readonly input?: unknown;
	readonly content?: string | readonly {readonly text?: string}[];
	readonly is_error?: boolean;
}

interface ClaudeLine {
	readonly type?: string;
	readonly subtype?: string;
	readonly session_id?: string;
	readonly is_error?: boolean;
	readonly result?: string;
	readonly message?: {readonly content?: readonly Content[] | string};
	readonly usage?: {
		readonly input_tokens?: number;
		readonly cache_creation_input_tokens?: number;
		readonly cache_read_input_tokens?: number;
		readonly output_tokens?: number;
	};
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

const permissionFlags: Readonly<Record<Permissions, readonly string[]>> = {
	'ask-nothing': ['--permission-mode', 'dontAsk'],
	edit: ['--permission-mode', 'acceptEdits'],
	full: ['--dangerously-skip-permissions'],
};

/** Claude Code, headless, as run with 2.1.331. A run may print several `result` lines; the last one counts. */
export const claude: Provider = {
	name: 'claude',
	gentleSignal: 'SIGTERM',
	hasResult: true,
	keepsSession: true,
	countsSession: ['cost'],
	files: {},
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
	invocation({model, launch, constitution, session, cwd, home}) {
		const args = [
			...['-p', '--output-format', 'stream-json', '--verbose'],
			...permissionFlags[launch.permissions],
			...(launch.permissions === 'full'
				? []
				: ['--allowedTools', 'Bash(raid send:*)', ...protect(cwd, home)]),
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
		};
		return {program: 'claude', args, env, stdin: 'prompt'};
	},
	readLine(line, {output, now}) {
		// The session file contains the same lines, among others.
		const parsed = output === 'errors' ? null : parseObject<ClaudeLine>(line);
		switch (parsed?.type) {
			case 'system':
				return systemEvents(parsed);
			case 'assistant':
				// The CLI repeats its own words about an error in the result, marked as an error.
				return parsed.error === undefined ? contentsOf(parsed).flatMap(assistantEvents) : [];
			case 'user':
				return contentsOf(parsed).flatMap(toolResultEvents);
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

/** Flags that keep the agent from editing raid's own files. Its `raid send` still writes to the database. */
function protect(cwd: string, home: string): readonly string[] {
	const path = relative(cwd, home);
	return path.startsWith('..') || path === '' ? [] : ['--disallowedTools', `Edit(${path}/**)`];
}

function systemEvents({
	subtype,
	session_id: id,
	error_status: status,
	error,
}: ClaudeLine): readonly ProviderEvent[] {
	if (subtype === 'init' && id !== undefined) return [{type: 'session', id}];
	if (subtype !== 'api_retry') return [];
	const reason = error === undefined || error === 'unknown' ? 'no connection' : error;
	return [{type: 'retry', text: String(status ?? reason)}];
}

function contentsOf({message}: ClaudeLine): readonly Content[] {
	return Array.isArray(message?.content) ? message.content : [];
}

function assistantEvents({type, text, name, input}: Content): readonly ProviderEvent[] {
	if (type === 'text' && text !== undefined) return [{type: 'text', text}];
	return type === 'tool_use' ? [{type: 'tool', text: describeCall(name ?? 'tool', input)}] : [];
}

function toolResultEvents({type, content, is_error: isError = false}: Content): readonly ProviderEvent[] {
	if (type !== 'tool_result') return [];
	const text =
		typeof content === 'string' ? content : (content ?? []).map(part => part.text ?? '').join('\n');
	return [{type: 'tool result', text, isError}];
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
		{type: 'usage', ...tokensOf(line), ...cost, isAdded: true},
		{type: 'result', isSuccess: !isError, text: isError ? null : (result ?? null)},
	];
	return isError ? [...events, failureOf(line, now)] : events;
}

function tokensOf({usage = {}}: ClaudeLine): {readonly input: number; readonly output: number} {
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
