import {type Provider, parseObject} from './provider.ts';

interface Line {
	readonly type?: string;
	readonly session_id?: string;
	readonly role?: string;
	readonly content?: string;
	readonly tool_name?: string;
	readonly status?: string;
	readonly stats?: {readonly input_tokens?: number; readonly output_tokens?: number};
	readonly error?: {readonly message?: string};
}

/** Gemini CLI, headless. Facts: run with 0.61.0; without the relaunch switch the process that we start ignores TERM. */
export const gemini: Provider = {
	name: 'gemini',
	gentleSignal: 'SIGTERM',
	hasResult: true,
	keepsSession: true,
	invocation({model}) {
		const args = ['--output-format', 'stream-json', '--approval-mode', 'yolo', '--skip-trust'];
		const env = {GEMINI_CLI_NO_RELAUNCH: 'true', NO_COLOR: '1'};
		return {program: 'gemini', args: [...args, ...(model === 'default' ? [] : ['-m', model])], env};
	},
	readLine(line) {
		const parsed = parseObject<Line>(line);
		switch (parsed?.type) {
			case 'init':
				return parsed.session_id === undefined ? [] : [{type: 'session', id: parsed.session_id}];
			case 'message':
				return parsed.role === 'assistant' && parsed.content !== undefined
					? [{type: 'text', text: parsed.content, isContinued: true}]
					: [];
			case 'tool_use':
				return [{type: 'tool', text: parsed.tool_name ?? 'tool'}];
			case 'result': {
				const {input_tokens: input = 0, output_tokens: output = 0} = parsed.stats ?? {};
				const isSuccess = parsed.status === 'success';
				const text = parsed.error?.message ?? 'ended without success';
				return [
					{type: 'usage', input, output},
					{type: 'result', isSuccess, text: null},
					...(isSuccess ? [] : [{type: 'error', text, canPass: !/401|403|API key/i.test(text)} as const]),
				];
			}
			default:
				return [];
		}
	},
};
