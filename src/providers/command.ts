import type {Fields} from '../model/agent.ts';
import type {ProviderEvent} from '../model/attempt.ts';
import {canPass} from './failure.ts';
import {type Provider, parseObject, type Request} from './provider.ts';

/**
 * Any executable. The words of its command may contain `{model}`, `{prompt_file}` and `{cwd}`; without `{prompt_file}` it
 * gets the prompt on standard input. Each line that it prints is text, or JSON where fields are declared. Its exit code
 * is the result.
 */
export const command: Provider = {
	name: 'command',
	gentleSignal: 'SIGTERM',
	hasResult: false,
	keepsSession: false,
	countsSession: [],
	files: () => ({}),
	checkup: null,
	takesConstitution: () => false,
	invocation(request) {
		const words = request.launch.command ?? [];
		const [program = 'false', ...args] = words.map(word => filled(word, request));
		const isNamed = words.some(word => word.includes('{prompt_file}'));
		return {program, args: [...args, ...request.launch.args], env: {}, stdin: isNamed ? 'nothing' : 'prompt'};
	},
	readLine(line, {output, fields}) {
		if (output !== 'output') return [];
		if (fields === null) return [{type: 'text', text: `${line}\n`, isContinued: true}];
		const parsed = parseObject<object>(line);
		return parsed === null ? [] : eventsOf(parsed, fields);
	},
	sessionFile: () => null,
};

// The replacement is a function, because `$&` and the like in a replacement text would be expanded.
function filled(word: string, {model, promptFile, cwd}: Request): string {
	return word.replace(/\{(model|prompt_file|cwd)\}/g, (_, name: string) =>
		name === 'model' ? model : name === 'cwd' ? cwd : promptFile,
	);
}

function eventsOf(line: object, fields: Fields): readonly ProviderEvent[] {
	const at = (path: string | undefined) => (path === undefined ? undefined : valueAt(line, path));
	const text = (path: string | undefined) => {
		const value = at(path);
		return typeof value === 'string' && value !== '' ? value : null;
	};
	const number = (path: string | undefined) => {
		const value = at(path);
		return typeof value === 'number' && Number.isFinite(value) ? value : null;
	};
	const events: ProviderEvent[] = [];
	const session = text(fields.session);
	if (session !== null) events.push({type: 'session', id: session});
	const said = text(fields.text);
	if (said !== null) events.push({type: 'text', text: said});
	const tool = text(fields.tool);
	if (tool !== null) events.push({type: 'tool', text: tool});
	const [input, output, costUsd] = [number(fields.input), number(fields.output), number(fields.cost)];
	if (input !== null || output !== null) {
		const cost = costUsd === null ? {} : {costUsd};
		events.push({type: 'usage', input: input ?? 0, output: output ?? 0, ...cost});
	}
	const error = text(fields.error);
	if (error !== null) events.push({type: 'error', text: error, canPass: canPass(error)});
	return events;
}

function valueAt(value: unknown, path: string): unknown {
	return path.split('.').reduce<unknown>((part, key) => {
		if (typeof part !== 'object' || part === null || !Object.hasOwn(part, key)) return undefined;
		return (part as Readonly<Record<string, unknown>>)[key];
	}, value);
}
