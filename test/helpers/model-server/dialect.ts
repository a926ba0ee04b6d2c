/** The model API that a request speaks. */
export type Api = 'anthropic' | 'openai' | 'gemini';

/** One request of a CLI to its model, as a test sees it. */
export interface ModelRequest {
	readonly api: Api;
	/** The whole body as it came. */
	readonly text: string;
	/** The model that is asked for; '' when the request does not say. */
	readonly model: string;
	/** The instructions above the conversation, decoded. */
	readonly system: string;
	/** All that was said as user, decoded and joined by blank lines: the prompt, next to what the CLI adds. */
	readonly prompt: string;
	/** The results of tool calls so far in this conversation, oldest first, as the model gets them. */
	readonly toolResults: readonly string[];
	/** False for side calls of the CLI's own: titles, routing, probes. */
	readonly hasTools: boolean;
}

/** What the stub model does with a request. */
export type Reply =
	| {readonly text: string}
	/** A call of the CLI's own shell tool. */
	| {readonly shell: string}
	/** A call of any other tool, by the name that the CLI gives it. */
	| {readonly tool: string; readonly input: ToolCall['input']}
	/** An error of the API; `body` replaces the error object in the API's own form. */
	| {
			readonly status: number;
			readonly headers?: Readonly<Record<string, string>>;
			readonly message?: string;
			readonly body?: object;
	  }
	/** No answer at all, or half of one; then nothing more. */
	| {readonly silence: 'before' | 'midway'};

/** What a model says in a good answer. */
export type Said = {readonly text: string} | {readonly call: ToolCall};

/** A call of a tool that the request offered; a tool without named arguments takes a text. */
export interface ToolCall {
	readonly id: string;
	readonly name: string;
	readonly input: Readonly<Record<string, unknown>> | string;
}

/** The tokens that an answer is said to have used. */
export interface Usage {
	readonly input: number;
	readonly output: number;
}

/** One good answer, before it is put into an API's form. */
export interface Answer {
	/** Never given twice: CLIs count the usage of a message once. */
	readonly id: string;
	readonly model: string;
	readonly said: Said;
	readonly usage: Usage;
}

/** A request, read. */
export interface Heard extends ModelRequest {
	/** Whether the answer is to come as server-sent events. */
	readonly isStreaming: boolean;
	/** The call by which this CLI runs a shell command, from the tools that it offered. */
	shellCall(command: string, id: string): ToolCall;
	/** The answer to a side call that anything but a text would not do for; undefined where any text will do. */
	readonly sideAnswer?: string;
}

/** How one API speaks. */
export interface Dialect {
	/** A conversation's request, read. */
	hear(text: string, path: string): Heard;
	/** An answer as server-sent events, in order. */
	events(answer: Answer): readonly string[];
	/** An answer as one object. */
	whole(answer: Answer): object;
	/** An error in the API's own form. */
	error(status: number, message: string): object;
}

/** One server-sent event. */
export function event(data: object, name?: string): string {
	return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/** A text in pieces, as a model streams it. */
export function inPieces(text: string): readonly string[] {
	return text.match(/[\s\S]{1,64}/gu) ?? [''];
}

/** A value of a request as text: what is a text already, as it is. */
export function asText(value: unknown): string {
	return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}
