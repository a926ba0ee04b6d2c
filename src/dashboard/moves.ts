import type {Action, HoldScope} from '../model/action.ts';
import {descendantsOf} from '../model/chain.ts';
import type {Raid} from '../model/raid.ts';
import {isLive, shortIds} from '../model/spawn.ts';
import {type Choice, type Draft, emptyDraft, selectedSpawn, type ViewState} from './state.ts';

/** What a key does besides changing what is shown. */
export type Effect =
	/** `draft` is what was written, given back when the action fails. */
	| {readonly type: 'perform'; readonly action: Action; readonly draft?: Draft}
	| {readonly type: 'show'; readonly channel: string}
	| {readonly type: 'quit'}
	| {readonly type: 'repaint'}
	| {readonly type: 'suspend'};

/** What a key leads to. */
export interface Step {
	readonly view: ViewState;
	readonly effect?: Effect;
}

/** True for the key of a pair that goes forward. */
export function isForward(key: string): boolean {
	return key === 'j' || key === 'down';
}

/** A step that only says why nothing was done. */
export function refuse(view: ViewState, text: string): Step {
	return {view: {...view, notice: {text, isProblem: true}}};
}

/** Selects the spawn so many rows on; infinitely many: the last one. */
export function select(view: ViewState, raid: Raid, by: number): Step {
	const ids = raid.chain.map(row => row.spawn.id);
	const from = ids.indexOf(selectedSpawn(raid, view)?.id ?? '');
	const to = Math.min(ids.length - 1, Math.max(0, from + by));
	return {view: {...view, selected: ids[to] ?? null}};
}

/** Scrolls back so many rows, up to a limit. */
export function scroll(view: ViewState, by: number, most: number): Step {
	return {view: {...view, scrolled: Math.min(most, Math.max(0, view.scrolled + by))}};
}

/** Begins a message to the selected agent. */
export function mention(view: ViewState, raid: Raid): Step {
	const spawn = selectedSpawn(raid, view);
	const space = view.draft.text === '' || view.draft.text.endsWith(' ') ? '' : ' ';
	const text = spawn === null ? `${view.draft.text}${space}@` : `${view.draft.text}${space}@${spawn.agent} `;
	return {view: {...view, mode: {type: 'compose'}, draft: {text, cursor: text.length}}};
}

/** Asks whether to kill the selected spawn, or its chain. */
export function askToKill(view: ViewState, raid: Raid): Step {
	const spawn = selectedSpawn(raid, view);
	if (spawn === null) return refuse(view, 'There is no spawn to kill.');
	const others = descendantsOf(raid.spawns, spawn.id).filter(other => other.id !== spawn.id && isLive(other));
	if (!isLive(spawn) && others.length === 0) {
		const why =
			spawn.state === 'waiting' ? 'Nothing of this spawn runs: it waits.' : 'This spawn has already ended.';
		return refuse(view, why);
	}
	const name = shortIds(raid.spawns.map(other => other.id)).get(spawn.id);
	const one: Choice = {
		key: 'y',
		label: 'yes',
		action: {type: 'stop', target: {type: 'spawns', ids: [spawn.id]}},
	};
	const chain: Choice = {
		key: 'a',
		label: `all of its chain (${others.length} more)`,
		action: {type: 'stop', target: {type: 'chains', ids: [spawn.id]}},
	};
	const choices = [...(isLive(spawn) ? [one] : []), ...(others.length > 0 ? [chain] : [])];
	return {view: {...view, mode: {type: 'confirm', question: `Kill ${spawn.agent} #${name}?`, choices}}};
}

/** Holds the channel, or goes on. */
export function toggleHold(view: ViewState, raid: Raid): Step {
	if (raid.channel === null) return refuse(view, 'There is no channel.');
	if (raid.holds.some(scope => scope.type === 'all'))
		return {view, effect: {type: 'perform', action: {type: 'lift', scope: {type: 'all'}}}};
	const scope: HoldScope = {type: 'channel', channel: raid.channel};
	const isHeld = raid.holds.some(held => held.type === 'channel' && held.channel === raid.channel);
	const type = isHeld ? 'lift' : 'hold';
	return {view, effect: {type: 'perform', action: {type, scope}}};
}

/** Asks what is to become of the held mentions of the channel. */
export function askToSettle(view: ViewState, raid: Raid): Step {
	const mentions = raid.messages
		.flatMap(message => message.mentions)
		.filter(({outcome}) => outcome === 'held');
	if (mentions.length === 0) return refuse(view, 'No mention is held in the messages shown.');
	const names = [...new Set(mentions.map(({identity}) => `@${identity}`))].join(' ');
	const choice = (key: string, label: string, type: 'release' | 'drop'): Choice => ({
		key,
		label,
		action: {type, mentions},
	});
	const choices = [choice('y', 'release', 'release'), choice('d', 'drop', 'drop')];
	const question = `${mentions.length} held: ${names}`;
	return {view: {...view, mode: {type: 'confirm', question, choices}}};
}

/** Answers a question. */
export function answer(key: string, view: ViewState, choices: readonly Choice[]): Step {
	const choice = choices.find(other => other.key === key);
	if (choice === undefined) return {view};
	return {view: {...view, mode: {type: 'browse'}}, effect: {type: 'perform', action: choice.action}};
}

/** Posts the draft. */
export function send(view: ViewState, raid: Raid): Step {
	const {text} = view.draft;
	if (raid.channel === null) return refuse(view, 'There is no channel. Make one: raid channels create NAME');
	if (text.trim() === '') return refuse(view, 'The message is empty.');
	const action: Action = {type: 'post', channel: raid.channel, text, as: null, claim: null};
	const sent: ViewState = {...view, mode: {type: 'browse'}, draft: emptyDraft, scrolled: 0};
	return {view: sent, effect: {type: 'perform', action, draft: view.draft}};
}

/** The view with another draft. */
export function edit(view: ViewState, draft: ViewState['draft']): Step {
	return {view: {...view, draft}};
}

/** Opens the list of channels. */
export function openChannels(view: ViewState, raid: Raid): Step {
	return {view: {...view, mode: {type: 'channels', chosen: raid.channel}}};
}

/** Chooses the channel so many rows on. */
export function choose(view: ViewState, raid: Raid, by: number): Step {
	if (view.mode.type !== 'channels') return {view};
	const names = raid.channels.map(channel => channel.name);
	const to = names.indexOf(view.mode.chosen ?? '') + by;
	const chosen = names[Math.min(names.length - 1, Math.max(0, to))] ?? null;
	return {view: {...view, mode: {type: 'channels', chosen}}};
}

/** Shows the chosen channel. */
export function showChosen(view: ViewState): Step {
	const back: ViewState = {...view, mode: {type: 'browse'}, scrolled: 0};
	if (view.mode.type !== 'channels' || view.mode.chosen === null) return {view: back};
	return {view: back, effect: {type: 'show', channel: view.mode.chosen}};
}
