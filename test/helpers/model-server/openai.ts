import {type Answer, asText, type Dialect, event, inPieces, type ToolCall, type Usage} from './dialect.ts';

interface Item {
	readonly type?: string;
	readonly role?: string;
	readonly content?: string | readonly {readonly text?: string}[];
	readonly output?: unknown;
	readonly tools?: readonly Tool[];
}

interface Tool {
	readonly type: string;
	readonly name?: string;
	readonly parameters?: {readonly properties?: Readonly<Record<string, {readonly type?: string}>>};
	readonly tools?: readonly Tool[];
}

interface Body {
	readonly model?: string;
	readonly stream?: boolean;
	readonly instructions?: string;
	readonly tools?: readonly Tool[];
	readonly input?: string | readonly Item[];
}

/** OpenAI Responses, as Codex speaks it. */
export const openai: Dialect = {
	hear(text) {
		const {model = '', stream = false, instructions = '', tools = [], input = []} = JSON.parse(text) as Body;
		const items: readonly Item[] = typeof input === 'string' ? [{role: 'user', content: input}] : input;
		// Later models get their tools as the first item of the conversation, in groups.
		const offered = flat([...tools, ...items.flatMap(item => item.tools ?? [])]);
		return {
			api: 'openai',
			text,
			model,
			system: [instructions, ...items.filter(({role}) => role !== 'user').map(contentText)]
				.join('\n\n')
				.trim(),
			prompt: items
				.filter(({role}) => role === 'user')
				.map(contentText)
				.join('\n\n'),
			toolResults: items.filter(({type}) => type?.endsWith('_call_output')).map(({output}) => asText(output)),
			hasTools: offered.length > 0,
			isStreaming: stream,
			shellCall: (command, id) => shellCall(offered, command, `call_${id}`),
		};
	},

	events(answer) {
		const item = itemOf(answer);
		const response = {...envelope(answer), status: 'in_progress', output: []};
		return [
			named('response.created', {response}),
			named('response.output_item.added', {output_index: 0, item: {...item, status: 'in_progress'}}),
			...deltas(answer),
			named('response.output_item.done', {output_index: 0, item}),
			named('response.completed', {response: this.whole(answer)}),
		];
	},

	whole(answer) {
		return {
			...envelope(answer),
			status: 'completed',
			output: [itemOf(answer)],
			usage: usageOf(answer.usage),
		};
	},

	error(status, message) {
		return {
			error: {
				type: errorTypes[status] ?? 'server_error',
				code: errorCodes[status] ?? null,
				message,
				param: null,
			},
		};
	},
};

const errorTypes: Readonly<Record<number, string>> = {
	400: 'invalid_request_error',
	401: 'invalid_request_error',
	403: 'invalid_request_error',
	404: 'invalid_request_error',
	429: 'requests',
};

const errorCodes: Readonly<Record<number, string>> = {
	401: 'invalid_api_key',
	404: 'model_not_found',
	429: 'rate_limit_exceeded',
};

function contentText({content}: Item): string {
	if (typeof content === 'string') return content;
	return (content ?? []).map(({text}) => text ?? '').join('\n\n');
}

function flat(tools: readonly Tool[]): readonly Tool[] {
	return tools.flatMap(tool => (tool.tools === undefined ? [tool] : flat(tool.tools)));
}

/** Codex has several ways to run a command, by model: the one on offer, with the arguments that it takes. */
function shellCall(tools: readonly Tool[], command: string, id: string): ToolCall {
	if (tools.some(({type, name}) => type === 'custom' && name === 'exec')) return scriptCall(command, id);
	const shells = ['exec_command', 'shell_command', 'shell'];
	const tool = tools.find(({name}) => shells.includes(name ?? ''));
	if (tool?.name === undefined)
		throw new Error(`no shell tool among ${tools.map(({name, type}) => name ?? type)}`);
	const properties = tool.parameters?.properties ?? {};
	if ('cmd' in properties) return {id, name: tool.name, input: {cmd: command}};
	const isList = properties.command?.type === 'array';
	return {id, name: tool.name, input: {command: isList ? ['bash', '-c', command] : command}};
}

/** The call of the tool that runs JavaScript, in which other tools are functions. */
function scriptCall(command: string, id: string): ToolCall {
	return {id, name: 'exec', input: `text(await tools.exec_command(${JSON.stringify({cmd: command})}));`};
}

function named(type: string, data: object): string {
	return event({type, ...data}, type);
}

function envelope({id, model}: Answer) {
	return {id: `resp_${id}`, object: 'response', created_at: 0, model, error: null};
}

function itemOf({id, said}: Answer) {
	if ('text' in said) {
		const content = [{type: 'output_text', text: said.text, annotations: []}];
		return {type: 'message', id: `msg_${id}`, role: 'assistant', status: 'completed', content};
	}
	const {id: call_id, name, input} = said.call;
	const call = {id: `call_${id}`, call_id, name, status: 'completed'};
	if (typeof input === 'string') return {type: 'custom_tool_call', ...call, input};
	return {type: 'function_call', ...call, arguments: JSON.stringify(input)};
}

function deltas({id, said}: Answer): readonly string[] {
	if (!('text' in said)) return [];
	const place = {item_id: `msg_${id}`, output_index: 0, content_index: 0};
	return inPieces(said.text).map(delta => named('response.output_text.delta', {...place, delta}));
}

function usageOf({input, output}: Usage) {
	return {
		input_tokens: input,
		input_tokens_details: {cached_tokens: 0},
		output_tokens: output,
		output_tokens_details: {reasoning_tokens: 0},
		total_tokens: input + output,
	};
}
