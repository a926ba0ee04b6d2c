import {appendFileSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {SessionReader} from '../../../src/launcher/attempt/session-reader.ts';
import {findProvider} from '../../../src/providers/index.ts';
import type {Provider} from '../../../src/providers/provider.ts';

const start = Date.UTC(2026, 10, 24, 3);

function aSessionFile(): string {
	const folder = mkdtempSync(join(tmpdir(), 'raid-session-'));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	const path = join(folder, 'session.jsonl');
	writeFileSync(path, '');
	return path;
}

const answer = (at: number, id: string, output: number) =>
	`${JSON.stringify({
		type: 'assistant',
		timestamp: new Date(at).toISOString(),
		message: {id, content: [{type: 'text', text: 'hi'}], usage: {input_tokens: 10, output_tokens: output}},
	})}\n`;

test('the tokens of an agent are known while it works, without those of the session before', () => {
	const path = aSessionFile();
	appendFileSync(path, answer(start - 1000, 'before', 7));
	const reader = new SessionReader(path, findProvider('claude') as Provider, start);

	expect(reader.read().usage).toBeNull();
	appendFileSync(path, answer(start + 1000, 'a', 34) + answer(start + 1000, 'a', 34));
	appendFileSync(path, answer(start + 2000, 'b', 5));
	expect(reader.read().usage).toEqual({input: 20, output: 39});
	expect(reader.read().usage).toEqual({input: 20, output: 39});
});

test('a command that the sandbox of Codex stopped is known while it works', () => {
	const path = aSessionFile();
	const line = (payload: object) =>
		`${JSON.stringify({timestamp: new Date(start).toISOString(), type: 'response_item', payload})}\n`;
	const input = 'text(await tools.exec_command({"cmd":"touch .raid/x"}));';
	const output = '{"exit_code":1,"output":"touch: .raid/x: Read-only file system"}';
	appendFileSync(path, line({type: 'custom_tool_call', call_id: 'c', name: 'exec', input}));
	appendFileSync(path, line({type: 'custom_tool_call_output', call_id: 'c', output}));
	const reader = new SessionReader(path, findProvider('codex') as Provider, start);

	expect(reader.read().denials).toEqual([{text: 'shell(touch .raid/x)', count: 1}]);
});

test('lines that are torn, odd or of no time are left out', () => {
	const path = aSessionFile();
	appendFileSync(
		path,
		'no json\n{"timestamp":7}\n{"timestamp":"soon"}\n[]\n{"timestamp":"2026-11-24T03:00:01Z","type":\n',
	);
	const reader = new SessionReader(path, findProvider('claude') as Provider, start);

	expect(reader.read().usage).toBeNull();
});
