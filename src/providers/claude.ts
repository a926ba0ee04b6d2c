import {homedir} from 'node:os';
import {join} from 'node:path';
import type {Permissions} from '../model/agent.ts';
import type {ProviderEvent} from '../model/attempt.ts';
import {canPass, resetTimeIn} from './failure.ts';
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
	readonly rate_limit_info?: {
		readonly status?: string;
		readonly resetsAt?: number;
		readonly rateLimitType?: string;
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
	longestConstitution: Number.POSITIVE_INFINITY,
	checkup: null,
	invocation({model, launch, constitution, session}) {
		const args = [
			...['-p', '--output-format', 'stream-json', '--verbose'],
			...permissionFlags[launch.permissions],
			...(launch.permissions === 'full' ? [] : ['--allowedTools', 'Bash(raid send:*)']),
			...(model === 'default' ? [] : ['--model', model]),
			...(constitution === null ? [] : ['--append-system-prompt-file', constitution.path]),
			...(session === null ? [] : ['--resume', session]),
			...launch.args,
		];
		const env = {DISABLE_AUTOUPDATER: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1'};
		return {program: 'claude', args, env, stdin: 'prompt'};
	},
	readLine(line, {output, now}) {
		const parsed = output === 'output' ? parseObject<Line>(line) : null;
		switch (parsed?.type) {
			case 'system':
				return systemEvents(parsed);
			case 'assistant':
				return contentsOf(parsed).flatMap(saidOrCalled);
			case 'user':
				return contentsOf(parsed).flatMap(givenBack);
			case 'rate_limit_event':
				return quotaEvents(parsed, now);
			case 'result':
				return resultEvents(parsed, now);
			default:
				return [];
		}
	},
	transcript(sessionId, workspace, env) {
		const root = env.CLAUDE_CONFIG_DIR || join(env.HOME ?? homedir(), '.claude');
		return {
			folder: join(root, 'projects', workspace.replace(/[^a-zA-Z0-9]/g, '-')),
			ending: `${sessionId}.jsonl`,
		};
	},
};

function systemEvents({
	subtype,
	session_id: id,
	error_status: status,
	error,
}: Line): readonly ProviderEvent[] {
	if (subtype === 'init' && id !== undefined) return [{type: 'session', id}];
	return subtype === 'api_retry' ? [{type: 'retry', text: String(status ?? error ?? 'no answer')}] : [];
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

function quotaEvents({rate_limit_info: info}: Line, now: number): readonly ProviderEvent[] {
	if (info?.status !== 'rejected') return [];
	const resumeAt = info.resetsAt === undefined ? null : info.resetsAt * 1000;
	return [
		{
			type: 'quota',
			text: `usage limit reached (${info.rateLimitType ?? 'unknown'})`,
			resumeAt: resumeAt ?? now,
		},
	];
}

const quotaText = /(usage|session|weekly|opus|sonnet|5-hour) limit|hit your .{0,20}limit|limit reached\|/i;

function resultEvents(line: Line, now: number): readonly ProviderEvent[] {
	const {is_error: isError = true, subtype, result, usage, total_cost_usd: costUsd} = line;
	const {
		input_tokens: fresh = 0,
		cache_creation_input_tokens: made = 0,
		cache_read_input_tokens: read = 0,
	} = usage ?? {};
	const events: ProviderEvent[] = [
		{
			type: 'usage',
			input: fresh + made + read,
			output: usage?.output_tokens ?? 0,
			...(costUsd === undefined ? {} : {costUsd}),
			isAdded: true,
		},
		{type: 'result', isSuccess: !isError, text: isError ? null : (result ?? null)},
	];
	if (!isError) return events;
	const text = result ?? subtype ?? 'error without a text';
	if (quotaText.test(text)) return [...events, {type: 'quota', text, resumeAt: resetTimeIn(text, now)}];
	return [...events, {type: 'error', text, canPass: canPass(text)}];
}
