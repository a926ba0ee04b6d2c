import type {Raid} from '../../model/raid.ts';
import {fitText, type Row, span} from '../../text/row.ts';
import {sanitiseLine} from '../../text/sanitise.ts';
import {type Binding, neverRefused} from '../binding.ts';
import {changeDialog, closeDialog, type Dialog, type ViewState, withPane} from '../state.ts';
import type {DialogKind} from './dialog.ts';

type ChannelsDialog = Extract<Dialog, {type: 'channels'}>;

const nameWidth = 20;

/** The list of channels, to show another one. */
export const channelsKind: DialogKind<ChannelsDialog> = {
	title: 'Channels',
	bindings: ({chosen}) => [
		choosing('next', ['j', 'down'], 'choose the next channel', chosen, 1),
		choosing('previous', ['k', 'up'], 'choose the previous channel', chosen, -1),
		{
			id: 'channels.show',
			keys: ['return'],
			label: 'show',
			help: 'show the chosen channel',
			footer: 'always',
			refusal: () => (chosen === null ? 'There is no channel.' : null),
			press: view => ({view: show(closeDialog(view), chosen)}),
		},
		{
			id: 'channels.back',
			keys: ['escape', 'c', 'q', 'ctrl-c'],
			label: 'back',
			help: 'back to the channel that was shown',
			footer: 'always',
			refusal: neverRefused,
			press: view => ({view: closeDialog(view)}),
		},
	],
	rows({chosen}, {channels}, _view, {height}, theme) {
		const {chosen: mark, cut} = theme.marks;
		const index = channels.findIndex(({name}) => name === chosen);
		const start = Math.max(0, Math.min(index - Math.floor(height / 2), channels.length - height + 1));
		const rows = channels.slice(start, start + height - 1).map(({name, messages}): Row => {
			const isChosen = name === chosen;
			const count = `${messages} ${messages === 1 ? 'message' : 'messages'}`;
			const text = `${isChosen ? mark : ' '} #${fitText(sanitiseLine(name), nameWidth, cut)} ${count}`;
			return [span(text, isChosen ? 'selected' : 'plain')];
		});
		return [[span('Channels', 'strong')], ...rows];
	},
	line: () => null,
};

function choosing(
	name: string,
	keys: readonly string[],
	help: string,
	chosen: string | null,
	by: number,
): Binding {
	return {
		id: `channels.${name}`,
		keys,
		label: 'choose',
		help,
		footer: 'always',
		refusal: ({channels}) => (channels.length === 0 ? 'There is no channel.' : null),
		press: (view, raid) => ({
			view: changeDialog(view, {type: 'channels', chosen: neighbourOf(chosen, raid, by)}),
		}),
	};
}

function neighbourOf(chosen: string | null, {channels}: Raid, by: number): string | null {
	const index = channels.findIndex(({name}) => name === chosen) + by;
	return channels[Math.min(channels.length - 1, Math.max(0, index))]?.name ?? null;
}

function show(view: ViewState, channel: string | null): ViewState {
	return withPane({...view, channel}, 'tail', {type: 'following'});
}
