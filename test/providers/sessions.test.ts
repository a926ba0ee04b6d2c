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
	expect(events).toContainEqual(
		expect.objectContaining({type: 'tool', text: expect.stringContaining('printf')}),
	);
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
	expect(eventsOf(recorded)).toContainEqual(
		expect.objectContaining({type: 'tool result', text: 'This command requires approval', isError: true}),
	);
});

test.each([
	[
		'claude',
		[
			{text: 'Bash(npm test)', count: 2},
			{text: 'Write(.raid/config.json)', count: 1},
		],
	],
	[
		'codex',
		[{text: 'patch rejected: writing outside of the project; rejected by user approval settings', count: 1}],
	],
	[
		'gemini',
		[
			{text: 'write_file(.raid/config.json)', count: 1},
			{text: 'run_shell_command(npm test)', count: 2},
			{text: 'run_shell_command(raid send general hi > .raid/z)', count: 1},
			{text: 'write_file(/outside.txt)', count: 1},
			{text: 'save_memory(x)', count: 1},
		],
	],
])('%s: each call that was refused is known once, and one that failed is not among them', (cli, expected) => {
	const {summary, verdict} = verdictOf(session(cli, 'refused'));

	expect(summary.denials.map(({text, count}) => ({text: text.replace('{"fact":"x"}', 'x'), count}))).toEqual(
		expected,
	);
	expect(verdict.status).toBe('completed');
	expect(summary.openCalls).toEqual([]);
});

test('codex: its session file also has the commands that its sandbox stopped', () => {
	const provider = findProvider('codex') as Provider;
	const lines = readFileSync(join(folder, 'codex', 'refused.transcript.jsonl'), 'utf8').split('\n');
	const summary = lines
		.flatMap(line => readEvents(provider, line, {output: 'session', fields: null, now: recordedAt}))
		.reduce(afterEvent, emptySummary);

	expect(summary.denials).toEqual([
		{text: 'shell(echo x > .raid/config.json)', count: 1},
		{text: 'shell(touch .raid/x)', count: 1},
	]);
	expect(summary.usage).toEqual({input: 106_333, output: 212});
});

test.each([
	['claude', 'Bash: touch started && tail -f started'],
	['codex', 'shell: touch started && tail -f started'],
	['gemini', 'run_shell_command: touch started && tail -f started'],
])('%s: a call that has no result is open', (cli, text) => {
	expect(verdictOf(session(cli, 'killed')).summary.openCalls).toEqual([{id: expect.any(String), text}]);
	expect(verdictOf(session(cli, 'tool')).summary.openCalls).toEqual([]);
});

test('claude: a command in the background is open until it ends, beyond the first result', () => {
	const {provider, lines} = session('claude', 'background');
	const openAfter = (isLast: (line: string) => boolean) => {
		const until = lines.findIndex(([, line]) => isLast(line));
		return eventsOf({provider, lines: lines.slice(0, until + 1), exit: {exitCode: 0, signal: null}}).reduce(
			afterEvent,
			emptySummary,
		);
	};

	expect(openAfter(line => line.includes('"type":"result"')).openCalls).toEqual([
		{id: expect.any(String), text: 'Bash: sleep 2'},
	]);
	expect(openAfter(line => line.includes('"task_notification"')).openCalls).toEqual([]);
});

test('codex: a patch is one call, from its start to its end', () => {
	const events = eventsOf(session('codex', 'patch'));

	expect(events).toContainEqual({type: 'tool', id: 'item_0', text: 'edit: /scratch/workspace/inside.txt'});
	expect(events).toContainEqual({type: 'tool result', id: 'item_0', text: 'completed', isError: false});
	expect(events.filter(({type}) => type === 'tool')).toHaveLength(1);
});

test('claude: each answer counts once, and its final report is what counts in the end', () => {
	const {provider, lines} = session('claude', 'refused');
	const before = lines.filter(([, line]) => !line.includes('"type":"result"'));
	const live = eventsOf({provider, lines: [...before, ...before], exit: {exitCode: 0, signal: null}}).reduce(
		afterEvent,
		emptySummary,
	);
	const {summary} = verdictOf(session('claude', 'refused'));

	expect(live.usage?.input).toBe(summary.usage?.input);
	expect(summary.usage?.output).toBeGreaterThan(live.usage?.output ?? 0);
});

test('claude: a long wait for its next try is a quota, a short one is a retry', () => {
	const read = (delay: number) =>
		readEvents(
			findProvider('claude') as Provider,
			JSON.stringify({type: 'system', subtype: 'api_retry', error_status: 429, retry_delay_ms: delay}),
			{output: 'output', fields: null, now: recordedAt},
		);

	expect(read(39_000)).toEqual([{type: 'retry', text: '429'}]);
	expect(read(7_160_288)).toEqual([
		{type: 'quota', text: 'waits for its quota (429)', resumeAt: recordedAt + 7_160_288},
	]);
});

test('gemini: after three waits for a quota the spawn is parked, instead of seven more waits', () => {
	const read = (attempt: number) =>
		readEvents(
			findProvider('gemini') as Provider,
			`Attempt ${attempt} failed: You have exhausted your capacity on this model.. Retrying after 46647ms...`,
			{output: 'errors', fields: null, now: recordedAt},
		);
	const summary = [1, 2, 3].flatMap(read).reduce(afterEvent, emptySummary);

	expect(read(1)).toEqual([{type: 'quota', text: expect.any(String), resumeAt: recordedAt + 46_647}]);
	expect(summary.quota).toMatchObject({resumeAt: null, hasWaited: true});
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
