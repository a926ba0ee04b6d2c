import {StoreError, UsageError} from '../../errors.ts';
import type {Foreign} from './open.ts';

/** The columns of a space-os database. Its schema was changed in place for weeks, so its version does not name them. */
export interface Columns {
	/** True when the table has the column. */
	readonly has: (table: string, column: string) => boolean;
	/** The column for a query, `table.column`; `NULL` where an older space-os does not have it. */
	readonly of: (table: string, column: string) => string;
}

/** Without these columns nothing can be shown. */
const needed = {
	agents: ['agent_id', 'identity'],
	channels: ['channel_id', 'name'],
	messages: ['message_id', 'channel_id', 'agent_id', 'content'],
	spawns: ['id', 'agent_id', 'status'],
};

const mark = 'raid_migrations';

/**
 * The columns of a space-os. Throws a StoreError that names what is missing when the database is not one, and a UsageError
 * when it is a raidwatch store, which belongs in a workspace.
 */
export function spaceOsColumns(db: Foreign, path: string): Columns {
	const columns = columnsOf(db);
	if (columns.has(mark, 'name')) {
		throw new UsageError(
			`${path} is a raidwatch store, but it is not in a workspace.`,
			"A workspace's store is .raid/raid.db: name the workspace with --home.",
		);
	}
	const missing = Object.entries(needed).flatMap(([table, names]) =>
		names.filter(name => !columns.has(table, name)).map(name => `${table}.${name}`),
	);
	if (missing.length === 0) return columns;
	const more = missing.length > 4 ? ` and ${missing.length - 4} more` : '';
	throw new StoreError(
		`${path} is not a store that raid knows.`,
		`A raidwatch store has the table ${mark}; a space-os has ${Object.keys(needed).join(', ')}, but this file lacks ${missing.slice(0, 4).join(', ')}${more}.`,
	);
}

function columnsOf(db: Foreign): Columns {
	const tables = new Map<string, ReadonlySet<string>>();
	const query = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck();
	const namesOf = (table: string) => {
		const names = tables.get(table) ?? new Set(query.all(table));
		tables.set(table, names);
		return names;
	};
	const has = (table: string, column: string) => namesOf(table).has(column);
	return {has, of: (table, column) => (has(table, column) ? `${table}.${column}` : 'NULL')};
}
