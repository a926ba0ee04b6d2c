import type {ProviderEvent} from '../model/attempt.ts';
import {type Provider, parseObject} from './provider.ts';

interface Content {
	readonly type?: string;
	readonly text?: string;
	readonly name?: string;
}

interface Line {
	readonly type?: string;
	readonly session_id?: string;
	readonly is_error?: boolean;
	readonly result?: string;
	readonly message?: {readonly content?: readonly Content[] | string};
	readonly usage?: {readonly input_tokens?: number; readonly output_tokens?: number};
}

/** Claude Code, headless. Facts: run with 2.1.330; a run may have several `result` lines, the last one counts. */
export const claude: Provider = {
	name: 'claude',
	gentleSignal: 'SIGTERM',
	hasResult: true,
	keepsSession: true,
	invocation({model}) {
		const flags = ['-p', '--output-format', 'stream-json', '--verbose', '--permission-mode', 'acceptEdits'];
		const env = {DISABLE_AUTOUPDATER: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1'};
		const tools = ['--allowedTools', 'Bash(raid send:*)'];
		return {
			program: 'claude',
			args: [...flags, ...(model === 'default' ? [] : ['--model', model]), ...tools],
			env,
		};
	},
	readLine(line) {
		const parsed = parseObject<Line>(line);
		switch (parsed?.type) {
			case 'system':
				return parsed.session_id === undefined ? [] : [{type: 'session', id: parsed.session_id}];
			case 'assistant':
				return eventsOf(parsed.message?.content);
			case 'result':
				return resultOf(parsed);
			default:
				return [];
		}
	},
};

function eventsOf(content: readonly Content[] | string | undefined): readonly ProviderEvent[] {
	if (!Array.isArray(content)) return [];
	return content.flatMap(({type, text, name}: Content): ProviderEvent[] => {
		if (type === 'text' && text !== undefined) return [{type: 'text', text}];
		return type === 'tool_use' ? [{type: 'tool', text: name ?? 'tool'}] : [];
	});
}

function resultOf({is_error: isError, result, usage}: Line): readonly ProviderEvent[] {
	const tokens: ProviderEvent = {
		type: 'usage',
		input: usage?.input_tokens ?? 0,
		output: usage?.output_tokens ?? 0,
	};
	const end: ProviderEvent = {type: 'result', isSuccess: isError === false, text: result ?? null};
	if (isError === false) return [tokens, end];
	return [
		tokens,
		end,
		{
			type: 'error',
			text: result ?? 'error without a text',
			canPass: !/log ?in|API key|401/i.test(result ?? ''),
		},
	];
}
