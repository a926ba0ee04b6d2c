import type {HoldScope} from '../model/action.ts';
import type {MentionRecord} from '../model/mention.ts';
import type {Raid} from '../model/raid.ts';
import {isChannelHeld} from '../view/status.ts';
import {
	askFor,
	type Binding,
	neverRefused,
	noChannel,
	refusalOfWish,
	refusalToWrite,
	type Section,
	type Step,
} from './binding.ts';
import {messagesOf} from './panes/tail.ts';
import {type Answer, openDialog, type QuestionDialog, type ViewState, withPane} from './state.ts';

/** Above so many mentions, dropping them is confirmed by a second question. */
const mostDroppedAtOnce = 10;

/** The keys that mean the same in every pane. */
export const everywhereSection: Section = {
	title: 'Everywhere',
	bindings: [
		{
			id: 'channel.message',
			keys: ['m', 'return'],
			label: 'message',
			help: 'write a message to the channel',
			footer: 'room',
			refusal: refusalToWrite,
			press: view => ({view: {...view, focus: 'composer'}}),
		},
		{
			id: 'channel.choose',
			keys: ['c'],
			label: 'channel',
			help: 'show another channel',
			footer: 'room',
			refusal: ({channels}) => (channels.length === 0 ? noChannel : null),
			press: view => ({view: openDialog(view, {type: 'channels', chosen: view.channel})}),
		},
		{
			id: 'channel.hold',
			keys: ['h'],
			label: 'hold',
			help: 'hold the channel (agents start nothing new), or lift the hold',
			footer: 'room',
			refusal: (raid, {channel}) => refusalOfWish(raid, 'hold') ?? (channel === null ? noChannel : null),
			press: toggleHold,
		},
		{
			id: 'channel.release',
			keys: ['r'],
			label: 'release',
			help: 'release, or drop, the mentions that are held in the channel',
			footer: 'never',
			refusal: refusalToSettle,
			press: (view, raid) => ({view: openDialog(view, heldQuestion(heldIn(raid, view), view))}),
		},
		{
			id: 'raid.newest',
			keys: ['escape'],
			label: 'newest',
			help: 'back to the newest message, and to the latest live spawn',
			footer: 'never',
			refusal: neverRefused,
			press: view => ({
				view: withPane(withPane(view, 'chain', {selected: null}), 'tail', {type: 'following'}),
			}),
		},
		always('raid.redraw', ['ctrl-l'], 'redraw', 'redraw the screen', 'repaint'),
		always('raid.suspend', ['ctrl-z'], 'suspend', 'suspend; fg comes back', 'suspend'),
		{
			id: 'raid.help',
			keys: ['?'],
			label: 'help',
			help: 'this help',
			footer: 'always',
			refusal: neverRefused,
			press: view => ({view: openDialog(view, {type: 'help', scrolled: 0})}),
		},
		{...always('raid.quit', ['q', 'ctrl-c'], 'quit', 'quit (agents keep running)', 'quit'), footer: 'always'},
	],
};

function always(
	id: string,
	keys: readonly string[],
	label: string,
	help: string,
	type: 'repaint' | 'suspend' | 'quit',
): Binding {
	return {
		id,
		keys,
		label,
		help,
		footer: 'never',
		refusal: neverRefused,
		press: view => ({view, effect: {type}}),
	};
}

function toggleHold(view: ViewState, raid: Raid): Step {
	const {channel} = view;
	if (channel === null) return {view};
	const isWhole = raid.holds.some(scope => scope.type === 'all');
	const scope: HoldScope = isWhole ? {type: 'all'} : {type: 'channel', channel};
	return askFor(view, {type: isChannelHeld(raid, channel) ? 'lift' : 'hold', scope});
}

function refusalToSettle(raid: Raid, view: ViewState): string | null {
	const refusal = refusalOfWish(raid, 'hold');
	if (refusal !== null || heldIn(raid, view).length > 0) return refusal;
	return raid.held === 0
		? 'No mention is held.'
		: `No mention is held in the messages shown; ${raid.held} elsewhere. List them: raid mentions --held`;
}

function heldIn(raid: Raid, view: ViewState): readonly MentionRecord[] {
	return messagesOf(raid, view)
		.flatMap(({mentions}) => mentions)
		.filter(({outcome}) => outcome === 'held');
}

function heldQuestion(mentions: readonly MentionRecord[], {channel}: ViewState): QuestionDialog {
	const names = [...new Set(mentions.map(({identity}) => `@${identity}`))].join(' ');
	const drop: Answer['leadsTo'] = {type: 'action', action: {type: 'drop', mentions}};
	return {
		type: 'question',
		text: `${mentions.length} held in #${channel}: ${names}`,
		answers: [
			{
				id: 'release',
				key: 'y',
				label: 'release',
				leadsTo: {type: 'action', action: {type: 'release', mentions}},
			},
			{
				id: 'drop',
				key: 'd',
				label: 'drop',
				leadsTo: mentions.length > mostDroppedAtOnce ? dropQuestion(mentions.length, drop) : drop,
			},
		],
	};
}

function dropQuestion(count: number, drop: Answer['leadsTo']): QuestionDialog {
	return {
		type: 'question',
		text: `Drop all ${count} mentions? Nobody will answer them.`,
		answers: [{id: 'drop-many', key: 'y', label: `drop ${count}`, leadsTo: drop}],
	};
}
