import {type Provider, parseObject} from './provider.ts';

interface Line {
	readonly type?: string;
	readonly thread_id?: string;
	readonly item?: {readonly type?: string; readonly text?: string; readonly command?: string};
	readonly usage?: {readonly input_tokens?: number; readonly output_tokens?: number};
	readonly error?: {readonly message?: string};
}

/** Codex, headless. Facts: run with 0.169.0; an `error` line is a retry of its own, only `turn.failed` is final. */
export const codex: Provider = {
	name: 'codex',
	gentleSignal: 'SIGINT',
	hasResult: true,
	keepsSession: true,
	invocation({model}) {
		const sandbox = ['-s', 'workspace-write', '-c', 'sandbox_workspace_write.network_access=true'];
		const quiet = ['-c', 'analytics.enabled=false', '--disable', 'unbounded_connection_retries'];
		const chosen = model === 'default' ? [] : ['-m', model];
		return {
			program: 'codex',
			args: ['exec', '--json', '--skip-git-repo-check', ...sandbox, ...quiet, ...chosen, '-'],
			env: {},
		};
	},
	readLine(line) {
		const parsed = parseObject<Line>(line);
		switch (parsed?.type) {
			case 'thread.started':
				return parsed.thread_id === undefined ? [] : [{type: 'session', id: parsed.thread_id}];
			case 'item.completed': {
				const {type, text, command} = parsed.item ?? {};
				if (type === 'agent_message' && text !== undefined) return [{type: 'text', text}];
				return type === 'command_execution' ? [{type: 'tool', text: command ?? 'command'}] : [];
			}
			case 'turn.completed': {
				const {input_tokens: input = 0, output_tokens: output = 0} = parsed.usage ?? {};
				return [
					{type: 'usage', input, output},
					{type: 'result', isSuccess: true, text: null},
				];
			}
			case 'turn.failed': {
				const text = parsed.error?.message ?? 'turn failed';
				return [
					{type: 'result', isSuccess: false, text: null},
					{type: 'error', text, canPass: !/401|403|unauthorized|usage limit/i.test(text)},
				];
			}
			default:
				return [];
		}
	},
};
