import {readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import type * as v from 'valibot';
import {expect, test} from 'vitest';
import {documents, parts} from '../../src/documents/index.ts';

interface Section {
	readonly heading: string;
	/** Its rows: the first cell, and the whole row. */
	readonly rows: readonly {readonly cell: string; readonly row: string}[];
}

const page = readFileSync(resolve(import.meta.dirname, '../../docs/json.md'), 'utf8');

const sections: readonly Section[] = page
	.split(/^#{2,3} /m)
	.slice(1)
	.map(text => {
		const [heading = '', ...lines] = text.split('\n');
		const rows = lines
			.filter(line => line.startsWith('| `'))
			.map(row => ({cell: row.split('|')[1] ?? '', row}));
		return {heading, rows};
	});

const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(match => match[1] as string);

/** The section that explains a document or a part of one. */
function sectionOf(name: string, isPart: boolean): Section {
	const found = sections.filter(({heading}) =>
		isPart ? heading.toLowerCase() === name : quoted(heading).includes(name),
	);
	expect(found, name).toHaveLength(1);
	return found[0] as Section;
}

type Entries = Readonly<Record<string, v.GenericSchema>>;

/** The fields of an object, or of every object that may stand in its place. */
function entriesOf(schema: v.GenericSchema): Entries {
	if ('entries' in schema) return schema.entries as Entries;
	const options = 'options' in schema ? (schema.options as readonly v.GenericSchema[]) : [];
	return Object.assign({}, ...options.map(entriesOf));
}

/** The fixed texts that a field may have. */
function choicesOf(schema: v.GenericSchema): readonly string[] {
	if ('wrapped' in schema) return choicesOf(schema.wrapped as v.GenericSchema);
	return schema.type === 'picklist' && 'options' in schema ? (schema.options as readonly string[]) : [];
}

const named: readonly (readonly [string, v.GenericSchema, boolean])[] = [
	...Object.entries(documents).map(([name, schema]) => [name, schema, false] as const),
	...Object.entries(parts).map(([name, schema]) => [name, schema, true] as const),
];

test.each(named)('docs/json.md lists every field of %s, and no other', (name, schema, isPart) => {
	const {rows} = sectionOf(name, isPart);
	const entries = entriesOf(schema);

	expect(rows.flatMap(({cell}) => quoted(cell)).toSorted()).toEqual(Object.keys(entries).toSorted());
	for (const [field, entry] of Object.entries(entries)) {
		const row = rows.find(({cell}) => quoted(cell).includes(field))?.row ?? '';
		// A row that points at another section leaves the values to that one.
		if (row.includes('](#')) continue;
		expect(quoted(row), `${name}: ${field}`).toEqual(expect.arrayContaining([...choicesOf(entry)]));
	}
});

test('docs/json.md explains nothing that no schema describes', () => {
	const known = [...Object.keys(documents), ...Object.keys(parts)];
	const explained = sections
		.filter(({rows, heading}) => rows.length > 0 && heading !== 'A space-os')
		.flatMap(({heading}) => (heading.startsWith('`') ? quoted(heading) : [heading.toLowerCase()]));

	expect(explained.toSorted()).toEqual(known.toSorted());
});
