import {descendantsOf} from '../../model/chain.ts';
import type {Raid, SpawnState} from '../../model/raid.ts';
import {isLive} from '../../model/spawn.ts';
import {type Row, span} from '../../text/row.ts';
import type {Size} from '../../text/size.ts';
import type {Theme} from '../../text/theme.ts';
import {chainRows} from '../../view/chain.ts';
import {spawnName} from '../../view/names.ts';
import {countAllSpawns} from '../../view/snapshot.ts';
import {type Binding, refusalOfWish, refusalToWrite, type Section, type Step} from '../binding.ts';
import {write} from '../composer/composer.ts';
import {type Answer, draftOf, openDialog, type QuestionDialog, type ViewState, withPane} from '../state.ts';

/** The keys of the chain. */
export const chainSection: Section = {
	title: 'Spawn chain',
	bindings: [
		selecting('next', ['j', 'down'], 'select the next spawn', 'room', index => index + 1),
		selecting('previous', ['k', 'up'], 'select the previous spawn', 'room', index => index - 1),
		selecting('first', ['g', 'home'], 'select the first spawn', 'never', () => 0),
		selecting('last', ['G', 'end'], 'select the last spawn', 'never', (_index, last) => last),
		{
			id: 'chain.mention',
			keys: ['@'],
			label: 'mention',
			help: 'write a message to the selected agent',
			footer: 'room',
			refusal: refusalToWrite,
			press: mention,
		},
		{
			id: 'chain.kill',
			keys: ['x'],
			label: 'kill',
			help: 'kill the selected spawn, or its chain',
			footer: 'room',
			refusal: refusalToKill,
			press: askToKill,
		},
	],
};

function selecting(
	name: string,
	keys: readonly string[],
	help: string,
	footer: Binding['footer'],
	move: (index: number, last: number) => number,
): Binding {
	return {
		id: `chain.${name}`,
		keys,
		label: 'select',
		help,
		footer,
		refusal: ({chain}) => (chain.length === 0 ? 'There are no spawns yet.' : null),
		press(view, raid) {
			const ids = raid.chain.map(row => row.spawn.id);
			const last = ids.length - 1;
			const to = move(ids.indexOf(selectedSpawn(raid, view)?.id ?? ''), last);
			return {
				view: withPane(view, 'chain', {selected: ids[Math.min(last, Math.max(0, to))] ?? null}),
			};
		},
	};
}

/** The spawn on which keys act; null when there is none at all. */
export function selectedSpawn({spawns}: Pick<Raid, 'spawns'>, {panes}: ViewState): SpawnState | null {
	const {selected} = panes.chain;
	const chosen = spawns.find(spawn => spawn.id === selected);
	return chosen ?? spawns.findLast(isLive) ?? spawns.at(-1) ?? null;
}

function mention(view: ViewState, raid: Raid): Step {
	const spawn = selectedSpawn(raid, view);
	const {text, cursor} = draftOf(view);
	const blank = /(^|\s)$/.test(text.slice(0, cursor)) ? '' : ' ';
	return write(spawn === null ? `${blank}@` : `${blank}@${spawn.agent} `, view);
}

function refusalToKill(raid: Raid, view: ViewState): string | null {
	const refusal = refusalOfWish(raid, 'stop');
	if (refusal !== null) return refusal;
	const spawn = selectedSpawn(raid, view);
	if (spawn === null) return 'There is no spawn to kill.';
	if (isLive(spawn) || liveBelow(raid, spawn).length > 0) return null;
	return spawn.state === 'waiting'
		? 'No process of this spawn runs: it waits.'
		: 'This spawn has already ended.';
}

function askToKill(view: ViewState, raid: Raid): Step {
	const spawn = selectedSpawn(raid, view);
	return spawn === null ? {view} : {view: openDialog(view, killQuestion(raid, spawn))};
}

function killQuestion(raid: Raid, spawn: SpawnState): QuestionDialog {
	const below = liveBelow(raid, spawn).length;
	const answer = (id: string, key: string, label: string, type: 'spawns' | 'chains'): Answer => ({
		id,
		key,
		label,
		leadsTo: {type: 'action', action: {type: 'stop', target: {type, ids: [spawn.id]}}},
	});
	return {
		type: 'question',
		text: `Kill ${spawnName(spawn)}?`,
		answers: [
			...(isLive(spawn) ? [answer('kill', 'y', 'yes', 'spawns')] : []),
			...(below > 0 ? [answer('kill-chain', 'a', `its chain (${below} more)`, 'chains')] : []),
		],
	};
}

function liveBelow({spawns}: Raid, {id}: SpawnState): readonly SpawnState[] {
	return descendantsOf(spawns, id).filter(spawn => spawn.id !== id && isLive(spawn));
}

/** The part of the chain around the selected spawn; `hint` says how to start when there is none. */
export function chainPane(
	raid: Raid,
	view: ViewState,
	{width, height}: Size,
	hint: string,
	theme: Theme,
): readonly Row[] {
	if (raid.chain.length === 0) return [[span(hint, 'dim')]];
	const selected = selectedSpawn(raid, view)?.id ?? null;
	const index = raid.chain.findIndex(({spawn}) => spawn.id === selected);
	const start = Math.max(0, Math.min(index - Math.floor(height / 2), raid.chain.length - height));
	return chainRows(raid.chain.slice(start, start + height), {at: raid.at, width, selected}, theme);
}

/** How many of all spawns the chain contains; empty when it contains all. */
export function chainMark(raid: Raid): string {
	const total = countAllSpawns(raid);
	return total > raid.chain.length ? `${raid.chain.length} of ${total}` : '';
}
