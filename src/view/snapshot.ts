import type {ChainRow} from '../model/chain.ts';
import type {Raid, SpawnState} from '../model/raid.ts';
import {isLive} from '../model/spawn.ts';
import {type Row, span} from '../text/row.ts';
import {sanitiseLine} from '../text/sanitise.ts';
import type {Theme} from '../text/theme.ts';
import {alertRows} from './alerts.ts';
import {chainRows} from './chain.ts';
import {statusRow} from './status.ts';
import {tailRows} from './tail.ts';
import {titleRow} from './title.ts';

/** How to draw a snapshot. */
export interface SnapshotOptions {
	readonly width: number;
	/** Every spawn that was read, or only the chains with a live spawn and the latest of the others. */
	readonly isWhole: boolean;
}

const tailHeight = 40;
const latestChains = 5;

/** The raid as text for `--once`: the status, all alerts, the chain, and the end of the channel. */
export function snapshotRows(raid: Raid, {width, isWhole}: SnapshotOptions, theme: Theme): readonly Row[] {
	const chain = isWhole ? raid.chain : currentChain(raid.chain);
	const hidden = countAllSpawns(raid) - chain.length;
	const {cut} = theme.marks;
	const title = raid.channel === null ? 'no channel' : `#${sanitiseLine(raid.channel)}`;
	return [
		statusRow(raid, width, theme),
		...alertRows(raid.alerts, raid, {width, most: Number.POSITIVE_INFINITY}, theme),
		titleRow('spawn chain', '', width, theme),
		...(chain.length === 0 ? [[span('no spawns yet', 'dim')]] : []),
		...chainRows(chain, {at: raid.at, width}, theme),
		...(hidden > 0 ? [[span(`${cut} ${hidden} more ended: --all shows them`, 'dim')]] : []),
		titleRow(title, '', width, theme),
		...tailRows(raid, null, {width, height: tailHeight}, theme),
	];
}

/** Spawns of the whole store, shown or not. */
export function countAllSpawns({totals}: Pick<Raid, 'totals'>): number {
	return Object.values(totals).reduce((sum, count) => sum + count, 0);
}

/** The chains that contain something live, and the latest others. */
function currentChain(chain: Raid['chain']): Raid['chain'] {
	const chains: ChainRow<SpawnState>[][] = [];
	for (const row of chain) {
		if (row.depth === 0) chains.push([]);
		chains.at(-1)?.push(row);
	}
	const latest = new Set(chains.slice(-latestChains));
	return chains.filter(rows => latest.has(rows) || rows.some(({spawn}) => isLive(spawn))).flat();
}
