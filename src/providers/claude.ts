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

interface Line {
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

/** Claude Code, headless. Facts: run with 2.1.330; a run may have several `result` lines, the last one counts. */
export const claude: Provider = {
	name: 'claude',
	gentleSignal: 'SIGTERM',
	hasResult: true,
	keepsSession: true,
	countsSession: ['cost'],
	files: {},
	checkup: {
		program: 'claude',
		verifiedVersion: '2.1.330',
		loginArgs: ['auth', 'status'],
		login(answer) {
			const {loggedIn, authMethod} =
				parseObject<{loggedIn?: boolean; authMethod?: string}>(answer?.text ?? '') ?? {};
			if (loggedIn === undefined) return {isThere: null, text: 'claude auth status tells nothing of a login'};
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
			// Without the snapshot of its first run it takes the instructions of today.
			...(session === null ? [] : ['--resume', session, '--system-prompt-snapshot', 'off']),
			...launch.args,
		];
		const env = {
			DISABLE_AUTOUPDATER: '1',
			CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
			// Else an @name that is also a file's brings in what that holds.
			CLAUDE_CODE_DISABLE_FILE_MENTIONS: '1',
		};
		return {program: 'claude', args, env, stdin: 'prompt'};
	},
	readLine(line, {output, now}) {
		// Its session file has the same lines, among others.
		const parsed = output === 'errors' ? null : parseObject<Line>(line);
		switch (parsed?.type) {
			case 'system':
				return systemEvents(parsed);
			case 'assistant':
				// What it says itself of an error comes again in the result, as what it is.
				return parsed.error === undefined ? contentsOf(parsed).flatMap(saidOrCalled) : [];
			case 'user':
				return contentsOf(parsed).flatMap(givenBack);
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
		// Below it a folder for each cwd, named by a rule of its own.
		return {folder: join(root, 'projects'), ending: `${sessionId}.jsonl`};
	},
};

/** Raid's own files are not the agent's to edit; its `raid send` still writes what it must. */
function protect(cwd: string, home: string): readonly string[] {
	const path = relative(cwd, home);
	return path.startsWith('..') || path === '' ? [] : ['--disallowedTools', `Edit(${path}/**)`];
}

function systemEvents({
	subtype,
	session_id: id,
	error_status: status,
	error,
}: Line): readonly ProviderEvent[] {
	if (subtype === 'init' && id !== undefined) return [{type: 'session', id}];
	if (subtype !== 'api_retry') return [];
	const reason = error === undefined || error === 'unknown' ? 'no connection' : error;
	return [{type: 'retry', text: String(status ?? reason)}];
}

function contentsOf({message}: Line): readonly Content[] {
	return Array.isArray(message?.content) ? message.content : [];
}

function saidOrCalled({type, text, name, input}: Content): readonly ProviderEvent[] {
	if (type === 'text' && text !== undefined) return [{type: 'text', text}];
	return type === 'tool_use' ? [{type: 'tool', text: describeCall(name ?? 'tool', input)}] : [];
}

function givenBack({type, content, is_error: isError = false}: Content): readonly ProviderEvent[] {
	if (type !== 'tool_result') return [];
	const text =
		typeof content === 'string' ? content : (content ?? []).map(part => part.text ?? '').join('\n');
	return [{type: 'tool result', text, isError}];
}

function quotaEvents({rate_limit_info: info}: Line): readonly ProviderEvent[] {
	// Beyond its limit it goes on where more was paid for.
	if (info?.status !== 'rejected' || info.isUsingOverage === true) return [];
	const resumeAt = info.resetsAt === undefined ? null : info.resetsAt * 1000;
	return [{type: 'quota', text: `usage limit reached (${info.rateLimitType ?? 'unnamed'})`, resumeAt}];
}

function resultEvents(line: Line, now: number): readonly ProviderEvent[] {
	const {is_error: isError = true, result, total_cost_usd: costUsd} = line;
	const cost = costUsd === undefined ? {} : {costUsd};
	const events: ProviderEvent[] = [
		{type: 'usage', ...tokensOf(line), ...cost, isAdded: true},
		{type: 'result', isSuccess: !isError, text: isError ? null : (result ?? null)},
	];
	return isError ? [...events, failureOf(line, now)] : events;
}

function tokensOf({usage = {}}: Line): {readonly input: number; readonly output: number} {
	const {input_tokens: fresh = 0, output_tokens: output = 0} = usage;
	const {cache_creation_input_tokens: made = 0, cache_read_input_tokens: read = 0} = usage;
	return {input: fresh + made + read, output};
}

/** It gives up at once when a limit of use is reached, and on 429 after many tries: both wait for their time. */
function failureOf({result, subtype, api_error_status: status}: Line, now: number): ProviderEvent {
	const text = result ?? subtype ?? 'error without a text';
	if (status === 429) return {type: 'quota', text, resumeAt: resetTimeIn(text, now)};
	return {type: 'error', text, canPass: status == null ? canPass(text) : isPassing(status)};
}
