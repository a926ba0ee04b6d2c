import type {Raid} from '../model/raid.ts';
import {fitRow, fitText, type Row, span} from '../text/row.ts';
import {sanitiseLine} from '../text/sanitise.ts';
import {keymap} from './keymap.ts';
import type {Mode} from './state.ts';

const twoColumnsFrom = 100;

/** The help: every key of the table. */
export function helpRows({width}: {readonly width: number}): readonly Row[] {
	const browse = sectionRows('Dashboard', 'browse');
	const others = [
		...sectionRows('Writing a message', 'compose'),
		...sectionRows('Choosing a channel', 'channels'),
	];
	if (width < twoColumnsFrom) return [...browse, ...others];
	const left = Math.floor(width * 0.6);
	const height = Math.max(browse.length, others.length);
	return Array.from({length: height}, (_, index) => [
		...fitRow(browse[index] ?? [], left),
		...(others[index] ?? []),
	]);
}

function sectionRows(title: string, mode: Mode['type']): readonly Row[] {
	const bindings = keymap.filter(binding => binding.mode === mode);
	const rows = bindings.map(({shown, help}): Row => [span(`  ${fitText(shown, 10)}`, 'accent'), span(help)]);
	return [[span(title, 'strong')], ...rows];
}

/** The channels, to choose one. */
export function channelRows(
	{channels}: Raid,
	chosen: string | null,
	{height}: {readonly height: number},
): readonly Row[] {
	const index = channels.findIndex(channel => channel.name === chosen);
	const start = Math.max(0, Math.min(index - Math.floor(height / 2), channels.length - height + 1));
	const rows = channels.slice(start, start + height - 1).map((channel): Row => {
		const text = `${channel.name === chosen ? '>' : ' '} #${fitText(sanitiseLine(channel.name), 20)} ${channel.messages} messages`;
		return [span(text, channel.name === chosen ? 'selected' : 'plain')];
	});
	return [[span('Channels', 'strong')], ...rows];
}
