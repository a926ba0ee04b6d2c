import type {Permissions} from '../../src/model/agent.ts';
import type {CliName} from '../helpers/agent-clis.ts';
import {claudeLimit, codexLimit, geminiDailyLimit, geminiLimit} from '../helpers/model-server/limits.ts';
import type {ModelRequest, Reply} from '../helpers/model-server/server.ts';

/** One run to record. */
export interface Case {
	readonly name: string;
	answer(request: ModelRequest): Reply;
	readonly args?: readonly string[];
	/** What the agent may do; `edit` without this. */
	readonly permissions?: Permissions;
	readonly allow?: readonly string[];
	readonly environment?: Readonly<Record<string, string>>;
	/** When to kill the CLI; without this, it runs to its end. */
	readonly killWhen?: (seen: Seen) => boolean;
}

/** The output of a CLI so far, and the files that it has made in its workspace. */
export interface Seen {
	readonly out: string;
	readonly err: string;
	readonly files: readonly string[];
}

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
const hour = 3_600;

/** The cases that all CLIs have: an answer, a tool call, a kill while a tool runs. */
const ordinaryCases: readonly Case[] = [
	{name: 'success', answer: () => ({text: 'Nothing to do here: the folder is empty.'})},
	{
		name: 'tool',
		answer: ({toolResults}) =>
			toolResults.length > 0 ? {text: 'The tool said hello.'} : {shell: "printf 'hello from the tool\n'"},
		allow: ['printf *'],
	},
	{
		name: 'killed',
		answer: () => ({shell: 'touch started && tail -f started'}),
		allow: ['touch *', 'tail *'],
		killWhen: ({out, files}) => files.includes('started') && out.includes('touch started'),
	},
];

const patchOutside = '*** Begin Patch\n*** Add File: /outside.txt\n+x\n*** End Patch';
const patchInside = '*** Begin Patch\n*** Add File: inside.txt\n+x\n*** End Patch';

/** The cases to record of each CLI. */
export const cases: Readonly<Record<CliName, readonly Case[]>> = {
	claude: [
		...ordinaryCases,
		{
			name: 'quota',
			answer: () => claudeLimit(inSeconds(3 * hour)),
			environment: {ANTHROPIC_API_KEY: '', CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-made-up'},
		},
		{name: 'auth', answer: () => ({status: 401, message: 'invalid x-api-key'}), environment: fewRetries()},
		{name: 'overload', answer: () => ({status: 529, message: 'Overloaded'}), environment: fewRetries()},
		{
			name: 'retry',
			answer: () => ({status: 401, message: 'invalid x-api-key'}),
			killWhen: ({out}) => countOf(out, '"api_retry"') >= 6,
		},
		{
			name: 'unknown-model',
			answer: () => ({status: 404, message: 'model: nonesuch'}),
			args: ['--model', 'nonesuch'],
		},
		{
			name: 'denied',
			answer: q => (q.toolResults.length > 0 ? {text: 'I may not do that.'} : {shell: 'node build.js'}),
		},
		{
			name: 'refused',
			answer: inTurn(
				{shell: 'npm test'},
				{tool: 'Write', input: {file_path: '.raid/config.json', content: '{}'}},
				{shell: 'npm test'},
				{tool: 'Edit', input: {file_path: 'none.txt', old_string: 'a', new_string: 'b'}},
			),
		},
		{
			name: 'background',
			answer: inTurn({tool: 'Bash', input: {command: 'sleep 2', run_in_background: true}}),
			allow: ['sleep *'],
		},
	],
	codex: [
		...ordinaryCases,
		{
			name: 'refused',
			answer: inTurn(
				{shell: 'echo x > .raid/config.json'},
				{tool: 'exec', input: `text(await tools.apply_patch(${JSON.stringify(patchOutside)}));`},
				{shell: 'ls none'},
			),
		},
		{
			name: 'patch',
			answer: inTurn({tool: 'exec', input: `text(await tools.apply_patch(${JSON.stringify(patchInside)}));`}),
		},
		{name: 'quota', answer: () => codexLimit(inSeconds(3 * hour))},
		{name: 'quota-days', answer: () => codexLimit(inSeconds(75 * hour))},
		{name: 'auth', answer: () => ({status: 401, message: 'Incorrect API key provided: sk-made-up.'})},
		{name: 'overload', answer: () => ({status: 503, message: 'Overloaded'})},
		{name: 'retry', answer: () => ({status: 500}), killWhen: ({out}) => countOf(out, 'Reconnecting') >= 4},
		{name: 'unknown-model', answer: () => unknownOpenaiModel(), args: ['-m', 'nonesuch']},
	],
	gemini: [
		...ordinaryCases,
		{
			name: 'refused',
			answer: inTurn(
				{tool: 'write_file', input: {file_path: '.raid/config.json', content: '{}'}},
				{shell: 'npm test'},
				{shell: 'raid send general hi > .raid/z'},
				{tool: 'write_file', input: {file_path: '/outside.txt', content: 'x'}},
				{tool: 'save_memory', input: {fact: 'x'}},
				{shell: 'npm test'},
				{tool: 'read_file', input: {file_path: 'none.txt'}},
			),
		},
		{name: 'quota', answer: () => geminiLimit('Resource has been exhausted (e.g. check quota).')},
		{
			name: 'quota-waits',
			answer: () =>
				geminiLimit('You have exhausted your capacity on this model. Your quota will reset after 18h43m12s.'),
			killWhen: ({err}) => err.includes('Retrying after'),
		},
		{name: 'quota-daily', answer: () => geminiDailyLimit()},
		{name: 'auth', answer: () => ({status: 401, message: 'API key not valid. Please pass a valid API key.'})},
		{
			name: 'overload',
			answer: () => ({status: 503, message: 'The model is overloaded. Please try again later.'}),
			args: ['-m', 'gemini-2.5-pro'],
		},
		{
			name: 'retry',
			answer: () => ({status: 500, message: 'Internal error'}),
			killWhen: ({err}) => countOf(err, 'Retrying with backoff') >= 3,
		},
		{
			name: 'unknown-model',
			answer: () => ({status: 404, message: 'models/nonesuch is not found for API version v1beta'}),
			args: ['-m', 'nonesuch'],
		},
	],
};

/** A model that makes these calls, one after the other, and then says so. */
function inTurn(...calls: readonly Reply[]): Case['answer'] {
	return ({toolResults}) => calls[toolResults.length] ?? {text: 'I have tried.'};
}

function fewRetries(): Readonly<Record<string, string>> {
	return {CLAUDE_CODE_MAX_RETRIES: '2'};
}

function unknownOpenaiModel(): Reply {
	const message = "The requested model 'nonesuch' does not exist.";
	return {
		status: 400,
		body: {error: {type: 'invalid_request_error', code: 'model_not_found', message, param: 'model'}},
	};
}

function countOf(text: string, part: string): number {
	return text.split(part).length - 1;
}
