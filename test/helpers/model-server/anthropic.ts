import {type Answer, asText, type Dialect, event, inPieces, type Said, type Usage} from './dialect.ts';

interface Block {
	readonly type: string;
	readonly text?: string;
	readonly content?: unknown;
}

interface Body {
	readonly model?: string;
	readonly stream?: boolean;
	readonly system?: string | readonly Block[];
	readonly tools?: readonly {readonly name: string}[];
	readonly messages?: readonly {readonly role: string; readonly content: string | readonly Block[]}[];
}

/** Anthropic Messages, as Claude Code speaks it. */
export const anthropic: Dialect = {
	hear(text) {
		const {model = '', stream = false, system, tools = [], messages = []} = JSON.parse(text) as Body;
		const said = messages.filter(({role}) => role === 'user').flatMap(({content}) => blocks(content));
		return {
			api: 'anthropic',
			text,
			model,
			system: textOf(blocks(system)),
			prompt: textOf(said),
			toolResults: said.filter(({type}) => type === 'tool_result').map(resultText),
			hasTools: tools.length > 0,
			isStreaming: stream,
			shellCall: (command, id) => ({
				id: `toolu_${id}`,
				name: 'Bash',
				input: {command, description: 'Run a command'},
			}),
		};
	},

	events(answer) {
		const {said, usage} = answer;
		const first = {
			...envelope(answer),
			content: [],
			stop_reason: null,
			usage: usageOf({...usage, output: 1}),
		};
		const ending = {
			delta: {stop_reason: stopReason(said), stop_sequence: null},
			usage: {output_tokens: usage.output},
		};
		return [
			named('message_start', {message: first}),
			named('content_block_start', {index: 0, content_block: emptyBlock(said)}),
			...deltas(said).map(delta => named('content_block_delta', {index: 0, delta})),
			named('content_block_stop', {index: 0}),
			named('message_delta', ending),
			named('message_stop', {}),
		];
	},

	whole(answer) {
		const {said, usage} = answer;
		return {
			...envelope(answer),
			content: ['text' in said ? {type: 'text', text: said.text} : {type: 'tool_use', ...said.call}],
			stop_reason: stopReason(said),
			usage: usageOf(usage),
		};
	},

	error(status, message) {
		return {type: 'error', error: {type: errorTypes[status] ?? 'api_error', message}, request_id: 'req_stub'};
	},
};

const errorTypes: Readonly<Record<number, string>> = {
	400: 'invalid_request_error',
	401: 'authentication_error',
	403: 'permission_error',
	404: 'not_found_error',
	429: 'rate_limit_error',
	529: 'overloaded_error',
};

function blocks(content: string | readonly Block[] | undefined): readonly Block[] {
	return typeof content === 'string' ? [{type: 'text', text: content}] : (content ?? []);
}

function textOf(content: readonly Block[]): string {
	return content.flatMap(({text}) => (text === undefined ? [] : [text])).join('\n\n');
}

function resultText({content}: Block): string {
	return Array.isArray(content) ? textOf(content as readonly Block[]) : asText(content);
}

function named(type: string, data: object): string {
	return event({type, ...data}, type);
}

function envelope({id, model}: Answer) {
	return {id: `msg_${id}`, type: 'message', role: 'assistant', model, stop_sequence: null};
}

function usageOf({input, output}: Usage) {
	return {
		input_tokens: input,
		cache_creation_input_tokens: 0,
		cache_read_input_tokens: 0,
		output_tokens: output,
	};
}

function stopReason(said: Said): string {
	return 'text' in said ? 'end_turn' : 'tool_use';
}

function emptyBlock(said: Said): object {
	if ('text' in said) return {type: 'text', text: ''};
	return {type: 'tool_use', id: said.call.id, name: said.call.name, input: {}};
}

function deltas(said: Said): readonly object[] {
	if ('text' in said) return inPieces(said.text).map(text => ({type: 'text_delta', text}));
	const json = JSON.stringify(said.call.input);
	return inPieces(json).map(piece => ({type: 'input_json_delta', partial_json: piece}));
}
