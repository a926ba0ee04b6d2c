import {outcomes} from '../model/mention.ts';
import type {Store} from '../store/open.ts';
import {type Finding, ok, problem} from './finding.ts';

// Columns that hold JSON, beside those whose name says nothing of it.
const jsonColumns = new Set(['args', 'command', 'fields', 'allow', 'payload', 'denials', 'seen_processes']);
const mostNamed = 3;

/** Names the rows that hold a value of the wrong type, which only another program can have written. */
export function checkRows(store: Store): Finding {
	const found = tablesOf(store).flatMap(table => damagedRows(store, table));
	if (found.length === 0) return ok('rows', 'every value has its type');
	const named = found.slice(0, mostNamed).join('; ');
	const more = found.length > mostNamed ? ` and ${found.length - mostNamed} more` : '';
	return problem(
		'rows',
		`${named}${more}`,
		'Another program wrote them: restore a backup, or mend them with sqlite3.',
	);
}

function tablesOf(store: Store): readonly string[] {
	const query = `
		SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
			AND name NOT LIKE 'raid_messages_fts%' ORDER BY name`;
	return store.prepare<[], string>(query).pluck().all();
}

interface Column {
	readonly name: string;
	readonly type: string;
}

function damagedRows(store: Store, table: string): readonly string[] {
	const columns = store.prepare<[], Column>(`SELECT name, type FROM pragma_table_info('${table}')`).all();
	const wrong = columns.map(column => `(${ruleBroken(table, column)})`);
	const names = columns.map(({name}) => `'${name}'`);
	const which = wrong.map((rule, at) => `WHEN ${rule} THEN ${names[at]}`).join(' ');
	const query = `SELECT rowid AS row, CASE ${which} END AS name FROM ${table} WHERE ${wrong.join(' OR ')}`;
	return store
		.prepare<[], {row: number; name: string}>(query)
		.all()
		.map(({row, name}) => `${table}.${name} of row ${row}`);
}

/** SQL: true for a value that does not belong into the column. */
function ruleBroken(table: string, {name, type}: Column): string {
	const column = `"${name}"`;
	if (table === 'raid_mentions' && name === 'outcome')
		return `${column} NOT IN (${outcomes.map(outcome => `'${outcome}'`).join(', ')})`;
	const isJson = jsonColumns.has(name) || (table === 'raid_settings' && name === 'value');
	if (isJson) return `${column} IS NOT NULL AND (typeof(${column}) <> 'text' OR NOT json_valid(${column}))`;
	if (type === 'TEXT') return `typeof(${column}) NOT IN ('text', 'null')`;
	return `typeof(${column}) NOT IN ('integer', 'real', 'null')`;
}
