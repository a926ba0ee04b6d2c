import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {expect, test} from 'vitest';
import {afterEvent, type Exit, emptySummary, judge, type ProviderEvent} from '../../src/model/attempt.ts';
import {findProvider} from '../../src/providers/index.ts';
import {type Output, type Provider, readEvents} from '../../src/providers/provider.ts';
import {plainTheme} from '../../src/text/theme.ts';
import {logWriter} from '../../src/view/log.ts';

// What the real CLIs printed, recorded by test/providers/record.ts.
const folder = resolve(import.meta.dirname, '../../fixtures/sessions');
const recordedAt = Date.UTC(2026, 10, 22, 19, 20);

interface Session {
	readonly provider: Provider;
	readonly lines: readonly (readonly [Output, string])[];
	readonly exit: {readonly exitCode: number | null; readonly signal: string | null};
}

function session(cli: string, name: string): Session {
	const provider = findProvider(cli);
	if (provider === null) throw new Error(`there is no provider ${cli}`);
	const read = (ending: string) => {
		const path = join(folder, cli, `${name}.${ending}`);
		return existsSync(path) ? readFileSync(path, 'utf8') : '';
	};
	const lines = (output: Output, text: string) => text.split('\n').map(line => [output, line] as const);
	return {
		provider,
		lines: [...lines('output', read('out.jsonl')), ...lines('errors', read('err.log'))],
		exit: JSON.parse(read('exit.json')),
	};
}

function eventsOf({provider, lines}: Session): readonly ProviderEvent[] {
	return lines.flatMap(([output, line]) =>
		readEvents(provider, line, {output, fields: null, now: recordedAt}),
	);
}

function verdictOf(recorded: Session) {
	const summary = eventsOf(recorded).reduce(afterEvent, emptySummary);
	const {exitCode, signal} = recorded.exit;
	const exit: Exit =
		exitCode !== null
			? {type: 'exited', code: exitCode}
			: signal !== null
				? {type: 'signalled', signal}
				: {type: 'unknown'};
	return {summary, verdict: judge(exit, summary, recorded.provider.hasResult)};
}

const clis = ['claude', 'codex', 'gemini'];

test.each(clis)('%s: a success reports its session, its tokens and its last text', cli => {
	const {summary, verdict} = verdictOf(session(cli, 'success'));

	expect(verdict.status).toBe('completed');
	expect(summary.sessionId).toMatch(/^[\da-f-]{36}$/);
	expect(summary.usage).toEqual(
		expect.objectContaining({input: expect.toSatisfy(n => n > 1000), output: expect.toSatisfy(n => n > 10)}),
	);
	expect(summary.usage?.costUsd).toEqual(cli === 'claude' ? expect.any(Number) : undefined);
	expect(summary.finalText).toBe('Nothing to do here: the folder is empty.');
});

test.each(clis)('%s: a tool call and its result are readable in the log', cli => {
	const writer = logWriter(plainTheme);
	const rows = eventsOf(session(cli, 'tool')).flatMap(event => writer.write(event));
	const text = [...rows, ...writer.end()].map(row => row.map(part => part.text).join(''));

	expect(text.map(line => line.replace(/[\da-f]{8}-[\da-f-]{27}/, 'ID'))).toMatchSnapshot();
});

test.each(clis)('%s: its session file is readable as a log too', cli => {
	const provider = findProvider(cli) as Provider;
	const lines = readFileSync(join(folder, cli, 'tool.transcript.jsonl'), 'utf8').split('\n');
	const events = lines.flatMap(line =>
		readEvents(provider, line, {output: 'session', fields: null, now: recordedAt}),
	);
	const said = events.flatMap(event => (event.type === 'text' ? [event.text] : []));

	expect(said).toEqual(['All done.']);
	expect(events).toContainEqual({type: 'tool', text: expect.stringContaining('printf')});
	expect(events).toContainEqual(
		expect.objectContaining({type: 'tool result', text: expect.stringMatching(/hello\\?.*you/s)}),
	);
});

test.each([
	['claude', 'quota', Date.UTC(2026, 10, 22, 22, 19, 25)],
	['codex', 'quota', new Date(recordedAt).setHours(22, 20, 0, 0)],
	['codex', 'quota-days', new Date(2026, 10, 25, 22, 20).getTime()],
	['gemini', 'quota', recordedAt + 67_392_000],
	['gemini', 'quota-daily', null],
	['gemini', 'quota-waits', recordedAt + (18 * 3600 + 43 * 60 + 12) * 1000],
])('%s %s: the spawn is parked until the reset time that the CLI gives', (cli, name, resumeAt) => {
	const {verdict} = verdictOf(session(cli, name));

	expect(verdict).toMatchObject({status: 'parked', resumeAt});
});

test.each([
	['claude', 'auth', false, /Invalid API key/],
	['codex', 'auth', false, /401/],
	['gemini', 'auth', false, /API key not valid/],
	['claude', 'unknown-model', false, /selected model/],
	['codex', 'unknown-model', false, /./],
	['gemini', 'unknown-model', false, /not found/],
	['claude', 'overload', true, /5\d\d/],
	['codex', 'overload', true, /./],
	['gemini', 'overload', true, /./],
] as const)('%s %s: may pass %s', (cli, name, canPass, failure) => {
	const {verdict} = verdictOf(session(cli, name));

	expect(verdict).toMatchObject({status: 'failed', canPass, failure: expect.stringMatching(failure)});
});

test.each(clis)('%s: a run that was killed midway is not a success, although no error was reported', cli => {
	const {verdict, summary} = verdictOf(session(cli, 'killed'));

	expect(summary.sessionId).not.toBeNull();
	expect(verdict).toMatchObject({status: 'failed', failure: 'ended by SIGKILL'});
});

test.each([
	['claude', '401', 6],
	['codex', 'We’re currently experiencing high demand, which may cause te', 4],
	['gemini', '500', 3],
])('%s: repeated failures of the API are counted: %s (%i times)', (cli, text, count) => {
	const {summary} = verdictOf(session(cli, 'retry'));

	expect(summary.retry?.text).toBe(text);
	expect(summary.retry?.count).toBeGreaterThanOrEqual(count);
});

test('a denied tool call is in the log, and the run is a success', () => {
	const recorded = session('claude', 'denied');

	expect(verdictOf(recorded).verdict.status).toBe('completed');
	expect(eventsOf(recorded)).toContainEqual({
		type: 'tool result',
		text: 'This command requires approval',
		isError: true,
	});
});

test.each(clis)('%s: a line torn anywhere is skipped or read, and never fatal', cli => {
	for (const name of readdirSync(join(folder, cli)).filter(file => file.endsWith('.exit.json'))) {
		const {provider, lines} = session(cli, name.replace('.exit.json', ''));
		for (const [output, line] of lines) {
			const cuts = Array.from({length: 40}, (_, index) => Math.floor((line.length * index) / 40));
			const torn = [...cuts.map(cut => line.slice(0, cut)), ...cuts.map(cut => line.slice(cut))];
			for (const part of [...torn, line.replace('"type"', '"kind"'), line.replaceAll('{', '[')]) {
				expect(readEvents(provider, part, {output, fields: null, now: 0})).toBeInstanceOf(Array);
			}
		}
	}
});

test.each([
	['claude', '{"type":"result","is_error":true,"result":{"x":1}}'],
	['claude', '{"type":"system","subtype":"init","session_id":7}'],
	['claude', '{"type":"assistant","message":{"content":[{"type":"text","text":{}}]}}'],
	['claude', '{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":"soon"}}'],
	['claude', '{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1e300}}'],
	['claude', '{"type":"result","is_error":false,"usage":{"input_tokens":"many"},"total_cost_usd":"much"}'],
	['codex', '{"type":"thread.started","thread_id":{}}'],
	['codex', '{"type":"turn.failed","error":{"message":[]}}'],
	['gemini', '{"type":"message","role":"assistant","content":[1]}'],
])('%s: a line of the wrong shape does no harm: %s', (cli, line) => {
	const provider = findProvider(cli) as Provider;
	const events = readEvents(provider, line, {output: 'output', fields: null, now: recordedAt});
	const summary = events.reduce(afterEvent, emptySummary);
	const writer = logWriter(plainTheme);
	for (const event of events) writer.write(event);

	expect(summary.sessionId).toBeNull();
	expect(judge({type: 'exited', code: 1}, summary, true).status).not.toBe('completed');
});

test('a line on which an adapter fails has no events, and the failure is reported', () => {
	const provider = findProvider('claude') as Provider;
	const line = '{"type":"assistant","message":{"content":[null]}}';
	const failures: string[] = [];
	const origin = {output: 'output', fields: null, now: recordedAt} as const;

	expect(readEvents(provider, line, origin, ({message}) => failures.push(message))).toEqual([]);
	expect(failures).toEqual([expect.stringMatching(/^The claude adapter failed on a line: /)]);
});

test('an agent that continues on paid extra usage has not used up its quota', () => {
	const info = {status: 'rejected', resetsAt: 1_795_385_965, isUsingOverage: true};
	const line = JSON.stringify({type: 'rate_limit_event', rate_limit_info: info});

	expect(
		readEvents(findProvider('claude') as Provider, line, {output: 'output', fields: null, now: 0}),
	).toEqual([]);
});
