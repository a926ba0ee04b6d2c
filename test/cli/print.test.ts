import {expect, test} from 'vitest';
import type {Piece, Stream} from '../../src/cli/command.ts';
import {printResult} from '../../src/cli/print.ts';
import {tableRows} from '../../src/cli/rows.ts';
import {lastPieces} from '../../src/cli/tail.ts';
import {span} from '../../src/text/row.ts';
import {aTerminal} from '../helpers/cli.ts';

/** Prints a result, and gives what came out. */
async function printed(
	result: Parameters<typeof printResult>[0],
	{json = false, hasColor = false} = {},
): Promise<readonly [string, number]> {
	let text = '';
	const terminal = aTerminal(
		part => {
			text += part;
		},
		{color: hasColor},
	);
	const code = await printResult(result, {terminal, flags: {json}});
	return [text, code];
}

const answer = {document: {names: ['a']}, rows: [[span('a', 'good'), span('  ')]]};

test('an answer is printed as rows, in colour or bare, or as an indented document', async () => {
	expect(await printed(answer)).toEqual(['a\n', 0]);
	expect(await printed(answer, {hasColor: true})).toEqual(['\u001b[32ma\u001b[39m  \n', 0]);
	expect(await printed({...answer, code: 1}, {json: true})).toEqual([
		'{\n\t"version": 1,\n\t"names": [\n\t\t"a"\n\t]\n}\n',
		1,
	]);
	expect(await printed({document: null, rows: []})).toEqual(['', 0]);
	expect(await printed({shown: 130})).toEqual(['', 130]);
});

async function* stream(): Stream {
	yield {document: null, rows: [[span('heading')]]};
	yield {document: {n: 1}, rows: [[span('one')], [span('more')]]};
	yield {document: {n: 2}, rows: []};
	yield {bytes: new Uint8Array([0x62, 0x0a])};
	return 3;
}

test('a stream is printed as it comes, each document as one line', async () => {
	expect(await printed(stream())).toEqual(['heading\none\nmore\nb\n', 3]);
	expect(await printed(stream(), {json: true})).toEqual(['{"version":1,"n":1}\n{"version":1,"n":2}\nb\n', 3]);
});

test('a stream whose output fails still cleans up', async () => {
	let isClean = false;
	async function* careful(): Stream {
		try {
			yield answer;
			return undefined;
		} finally {
			isClean = true;
		}
	}
	const failing = {
		hasColor: false,
		print: () => {
			throw new Error('no room');
		},
	};

	await expect(printResult(careful(), {terminal: failing as never, flags: {}})).rejects.toThrow('no room');
	expect(isClean).toBe(true);
});

test('the end of a stream counts rows and documents apart', () => {
	const pieces: readonly Piece[] = [
		{document: {n: 1}, rows: [[span('1a')], [span('1b')]]},
		{document: {n: 2}, rows: []},
		{document: null, rows: [[span('heading')]]},
		{document: {n: 3}, rows: [[span('3')]]},
	];
	const end = lastPieces(pieces, 3).filter(piece => 'rows' in piece);

	expect(end.flatMap(({document}) => document ?? [])).toEqual([{n: 1}, {n: 2}, {n: 3}]);
	expect(end.flatMap(({rows}) => rows).map(row => row[0]?.text)).toEqual(['1b', 'heading', '3']);
	expect(lastPieces(pieces, 0)).toEqual([]);
});

test('a table is aligned, and no cell of it reaches the terminal as it is', () => {
	const rows = tableRows(
		['A', 'B'],
		[
			['\u001b[31mred\u202e', 'x'],
			['宽', 'two\nlines'],
		],
	);

	expect(rows.map(row => row.map(({text}) => text).join(''))).toEqual(['A    B', 'red  x', '宽   two lines']);
});
