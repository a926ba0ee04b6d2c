import {isLive, type SpawnId, type Status} from './spawn.ts';

/** One row of the chain, in drawing order. */
export interface ChainRow<T> {
	readonly spawn: T;
	/** Rows above it in its chain; 0 for a root. */
	readonly depth: number;
	/** For each level from the root's children down to this row: is it the last child there? Empty for a root. */
	readonly isLast: readonly boolean[];
}

interface Linked {
	readonly id: SpawnId;
	readonly parentId: SpawnId | null;
}

/**
 * The spawns as a tree, parents before children, siblings in the given order. A spawn whose parent is not among them is
 * a root, and so is one member of a cycle of parents. Each spawn comes exactly once.
 */
export function chainOf<T extends Linked>(spawns: readonly T[]): readonly ChainRow<T>[] {
	const ids = new Set(spawns.map(spawn => spawn.id));
	const children = Map.groupBy(spawns, spawn => spawn.parentId);
	const rows: ChainRow<T>[] = [];
	const seen = new Set<SpawnId>();
	const isRoot = (spawn: T) => spawn.parentId === null || !ids.has(spawn.parentId);
	for (const root of [...spawns.filter(isRoot), ...spawns]) {
		const stack: ChainRow<T>[] = [{spawn: root, depth: 0, isLast: []}];
		for (let row = stack.pop(); row !== undefined; row = stack.pop()) {
			if (seen.has(row.spawn.id)) continue;
			seen.add(row.spawn.id);
			rows.push(row);
			const next = (children.get(row.spawn.id) ?? []).filter(child => !seen.has(child.id));
			for (const [index, child] of [...next.entries()].reverse()) {
				stack.push({spawn: child, depth: row.depth + 1, isLast: [...row.isLast, index === next.length - 1]});
			}
		}
	}
	return rows;
}

/** The spawn and all it led to, parents before children. Empty when `spawns` does not contain it. */
export function descendantsOf<T extends Linked>(spawns: readonly T[], id: SpawnId): readonly T[] {
	const rows = chainOf(spawns);
	const start = rows.findIndex(row => row.spawn.id === id);
	const root = rows[start];
	if (root === undefined) return [];
	const after = rows.slice(start + 1);
	const end = after.findIndex(row => row.depth <= root.depth);
	return [root, ...(end === -1 ? after : after.slice(0, end))].map(row => row.spawn);
}

/** The live spawns and the `count` latest, with all that they descend from. */
export function recentOf<T extends Linked & {readonly status: Status}>(
	spawns: readonly T[],
	count: number,
): readonly T[] {
	const byId = new Map(spawns.map(spawn => [spawn.id, spawn]));
	const chosen = new Set<SpawnId>();
	for (const recent of [...spawns.filter(isLive), ...spawns.slice(-count)]) {
		let id: SpawnId | null = recent.id;
		while (id !== null && !chosen.has(id)) {
			chosen.add(id);
			id = byId.get(id)?.parentId ?? null;
		}
	}
	return spawns.filter(spawn => chosen.has(spawn.id));
}
