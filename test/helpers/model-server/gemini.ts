import {type Answer, asText, type Dialect, event, inPieces, type ToolCall} from './dialect.ts';

interface Part {
	readonly text?: string;
	readonly functionResponse?: {readonly response?: unknown};
}

interface Content {
	readonly role?: string;
	readonly parts?: readonly Part[];
}

interface Schema {
	readonly type?: string;
	readonly enum?: readonly string[];
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly items?: Schema;
}

interface Body {
	readonly contents?: readonly Content[];
	readonly systemInstruction?: Content;
	readonly tools?: readonly {readonly functionDeclarations?: readonly {readonly name: string}[]}[];
	readonly generationConfig?: {readonly responseJsonSchema?: Schema; readonly responseSchema?: Schema};
}

/** Gemini, as Gemini CLI speaks it. */
export const gemini: Dialect = {
	hear(text, path) {
		const {contents = [], systemInstruction, tools = [], generationConfig} = JSON.parse(text) as Body;
		const parts = contents.filter(({role}) => role !== 'model').flatMap(content => content.parts ?? []);
		const schema = generationConfig?.responseJsonSchema ?? generationConfig?.responseSchema;
		return {
			api: 'gemini',
			text,
			model: /models\/([^:]+):/.exec(path)?.[1] ?? '',
			system: textOf(systemInstruction?.parts ?? []),
			prompt: textOf(parts),
			toolResults: parts.flatMap(({functionResponse: result}) =>
				result === undefined ? [] : [asText(result.response)],
			),
			hasTools: tools.some(({functionDeclarations = []}) => functionDeclarations.length > 0),
			isStreaming: path.includes(':streamGenerateContent'),
			shellCall: (command, id) => ({
				id: `call_${id}`,
				name: 'run_shell_command',
				input: {command, description: 'Run a command'},
			}),
			...(schema === undefined ? {} : {sideAnswer: JSON.stringify(sampleOf(schema))}),
		};
	},

	events(answer) {
		const {said} = answer;
		const pieces = 'text' in said ? inPieces(said.text).map(text => ({text})) : [said];
		return pieces.map((piece, index) => {
			const part = {...answer, said: piece};
			return event(index === pieces.length - 1 ? this.whole(part) : chunk(part));
		});
	},

	whole(answer) {
		const {input, output} = answer.usage;
		return {
			...chunk(answer, {finishReason: 'STOP'}),
			usageMetadata: {
				promptTokenCount: input,
				candidatesTokenCount: output,
				totalTokenCount: input + output,
			},
		};
	},

	error(status, message) {
		return {error: {code: status, message, status: statusNames[status] ?? 'INTERNAL'}};
	},
};

const statusNames: Readonly<Record<number, string>> = {
	400: 'INVALID_ARGUMENT',
	401: 'UNAUTHENTICATED',
	403: 'PERMISSION_DENIED',
	404: 'NOT_FOUND',
	429: 'RESOURCE_EXHAUSTED',
	503: 'UNAVAILABLE',
};

function textOf(parts: readonly Part[]): string {
	return parts.flatMap(({text}) => (text === undefined ? [] : [text])).join('\n\n');
}

/** The smallest value of a schema: the CLI's side calls want an object of their own form. */
function sampleOf(schema: Schema): unknown {
	if (schema.enum !== undefined) return schema.enum[0];
	switch (schema.type?.toLowerCase()) {
		case 'object':
			return Object.fromEntries(
				Object.entries(schema.properties ?? {}).map(([name, property]) => [name, sampleOf(property)]),
			);
		case 'array':
			return [];
		case 'integer':
		case 'number':
			return 50;
		case 'boolean':
			return false;
		default:
			return 'stub';
	}
}

function chunk({id, model, said}: Answer, ending: object = {}) {
	const part = 'text' in said ? said : {functionCall: functionCall(said.call)};
	return {
		candidates: [{content: {role: 'model', parts: [part]}, index: 0, ...ending}],
		modelVersion: model,
		responseId: `response_${id}`,
	};
}

function functionCall({id, name, input}: ToolCall) {
	return {id, name, args: input};
}
