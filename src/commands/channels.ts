import {command} from '../cli/command.ts';
import {tableRows, textRow} from '../cli/rows.ts';
import {channelDocument} from '../documents/channel.ts';
import type {Action} from '../model/action.ts';
import {lineOf, longestTopic} from '../model/line.ts';
import {presentQuery} from '../model/query.ts';
import {formatDuration} from '../model/time.ts';
import {describeResult} from '../view/result.ts';

export const channels = command({
	name: 'channels',
	group: 'talk',
	summary: 'List the channels.',
	examples: ['raid channels'],
	async run(_, __, {openBackend}) {
		const {channels: known, at: now} = (await openBackend()).read(presentQuery);
		const age = (at: number | null) => (at === null ? '-' : `${formatDuration(now - at)} ago`);
		return {
			document: {channels: known.map(channelDocument)},
			rows: tableRows(
				['CHANNEL', 'MESSAGES', 'LATEST', 'TOPIC'],
				known.map(({name, messages, lastMessageAt, topic}) => [
					name,
					String(messages),
					age(lastMessageAt),
					lineOf(topic ?? '', longestTopic),
				]),
			),
		};
	},
});

export const createChannel = command({
	name: 'channels create',
	group: 'talk',
	summary: 'Create a channel.',
	arguments: [{name: 'name', type: 'text', help: 'how the channel is called, without #'}],
	flags: {topic: {type: 'string', value: 'TOPIC', help: 'what the channel is for; agents read it'}},
	examples: ["raid channels create review --topic 'review of the parser'"],
	inSpaceOs: 'See: bridge --help',
	async run({name}, {topic = null}, {openToChange}) {
		const action: Action & {type: 'create-channel'} = {type: 'create-channel', name, topic};
		const result = await (await openToChange()).perform(action);
		return {document: {channel: result.name}, rows: [textRow(describeResult(action, result))]};
	},
});
