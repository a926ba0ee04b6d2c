import type {Provider} from './provider.ts';

/** Any executable: the prompt is its standard input, each line it prints is text, its exit code is the result. */
export const command: Provider = {
	name: 'command',
	gentleSignal: 'SIGTERM',
	hasResult: false,
	keepsSession: false,
	invocation({command: words}) {
		const [program = 'false', ...args] = words ?? [];
		return {program, args, env: {}};
	},
	readLine(line) {
		return [{type: 'text', text: `${line}\n`, isContinued: true}];
	},
};
