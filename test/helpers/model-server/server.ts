import {randomUUID} from 'node:crypto';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {anthropic} from './anthropic.ts';
import type {Answer, Api, Dialect, Heard, ModelRequest, Reply, Said} from './dialect.ts';
import {gemini} from './gemini.ts';
import {openai} from './openai.ts';

export type {Api, ModelRequest, Reply} from './dialect.ts';

/** A stub model that listens on loopback only. */
export interface ModelServer {
	/** Its address, without a path: the base URL of all three APIs. */
	readonly url: string;
	/** The latest requests, oldest first; side calls included. */
	readonly requests: readonly ModelRequest[];
	/** Stops it; ends also what it left silent. */
	close(): Promise<void>;
}

/** How the stub treats a CLI's side calls (no tools: titles, routing). By default it answers them well. */
export type SideAnswer = (request: ModelRequest) => Reply | 'usual';

type ErrorReply = Extract<Reply, {status: number}>;
type GoodReply = Exclude<Reply, ErrorReply>;

const mostRequests = 200;
const largestBody = 32 * 1024 * 1024;

const dialects: Readonly<Record<Api, Dialect>> = {anthropic, openai, gemini};

/** Starts a stub model that speaks Anthropic Messages, OpenAI Responses and Gemini, and answers as `answer` says. */
export async function startModelServer(
	answer: (request: ModelRequest) => Reply,
	answerSideCall: SideAnswer = () => 'usual',
): Promise<ModelServer> {
	const requests: ModelRequest[] = [];

	const server = createServer((request, response) => {
		// A CLI that is killed midway tears its connection; this is not a failure of the stub.
		respond(request, response).catch(error => {
			if (!response.headersSent) sendJson(response, 500, {error: {message: String(error)}});
			else response.destroy();
		});
	});
	// Codex tries a WebSocket first; this refusal makes it speak HTTP, as older servers did.
	server.on('upgrade', (_, socket) => {
		socket.end('HTTP/1.1 426 Upgrade Required\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));

	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests,
		async close() {
			const closed = new Promise<void>(resolve => server.close(() => resolve()));
			server.closeAllConnections();
			await closed;
		},
	};

	async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const path = request.url ?? '';
		const text = await bodyOf(request);
		const api = apiOf(path);
		if (request.method !== 'POST' || api === undefined) {
			sendAside(response, path);
			return;
		}
		const dialect = dialects[api];
		const heard = dialect.hear(text, path);
		requests.push(heard);
		requests.splice(0, requests.length - mostRequests);
		const reply = heard.hasTools ? answer(heard) : answerSideCall(heard);
		sendReply(response, dialect, heard, reply === 'usual' ? usualAnswer(heard) : reply);
	}
}

/** The API of a conversation's path; undefined for all else that a CLI asks for. */
function apiOf(path: string): Api | undefined {
	if (/\/messages(\?|$)/.test(path)) return 'anthropic';
	if (/\/responses(\?|$)/.test(path)) return 'openai';
	return /:(streamG|g)enerateContent(\?|$)/.test(path) ? 'gemini' : undefined;
}

/** Answers requests outside a conversation, of which only the counting of tokens is known. */
function sendAside(response: ServerResponse, path: string): void {
	if (path.includes('count_tokens')) sendJson(response, 200, {input_tokens: 1_000});
	else if (path.includes(':countTokens')) sendJson(response, 200, {totalTokens: 1_000});
	else sendJson(response, 404, {error: {message: `the stub has no ${path}`, code: 404, status: 'NOT_FOUND'}});
}

function usualAnswer({sideAnswer}: Heard): Reply {
	return {text: sideAnswer ?? 'A stub answer'};
}

function sendReply(response: ServerResponse, dialect: Dialect, heard: Heard, reply: Reply): void {
	if ('status' in reply) sendError(response, dialect, reply);
	else if (!('silence' in reply) || reply.silence === 'midway') sendAnswer(response, dialect, heard, reply);
}

function sendAnswer(response: ServerResponse, dialect: Dialect, heard: Heard, reply: GoodReply): void {
	const answer = answerOf(reply, heard);
	if (heard.isStreaming) {
		const events = dialect.events(answer);
		response.writeHead(200, {'content-type': 'text/event-stream', 'cache-control': 'no-cache'});
		if ('silence' in reply) response.write(events.slice(0, Math.ceil(events.length / 2)).join(''));
		else response.end(events.join(''));
	} else if (!('silence' in reply)) sendJson(response, 200, dialect.whole(answer));
}

function answerOf(reply: GoodReply, heard: Heard): Answer {
	const id = randomUUID();
	const said = saidIn(reply, heard, id);
	const usage = {input: Math.ceil(heard.text.length / 4), output: Math.ceil(JSON.stringify(said).length / 4)};
	return {id, model: heard.model, said, usage};
}

function sendError(response: ServerResponse, dialect: Dialect, reply: ErrorReply): void {
	const {status, headers = {}, message = `the stub answers ${status}`} = reply;
	sendJson(response, status, reply.body ?? dialect.error(status, message), headers);
}

function saidIn(reply: GoodReply, heard: Heard, id: string): Said {
	if ('text' in reply) return reply;
	if ('shell' in reply) return {call: heard.shellCall(reply.shell, id)};
	if ('tool' in reply) return {call: {id: `toolu_${id}`, name: reply.tool, input: reply.input}};
	return {text: 'This answer stops midway, and what would follow here never comes. '.repeat(8)};
}

function sendJson(response: ServerResponse, status: number, body: object, headers: object = {}): void {
	const bytes = Buffer.from(JSON.stringify(body));
	response.writeHead(status, {
		'content-type': 'application/json',
		'content-length': bytes.length,
		...headers,
	});
	response.end(bytes);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > largestBody) throw new Error(`a request of more than ${largestBody} bytes`);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}
