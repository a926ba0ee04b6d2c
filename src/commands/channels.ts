import {type Context, command} from '../cli/command.ts';
import {printJson, printTable, requireArguments} from '../cli/print.ts';
import {time} from '../documents/documents.ts';
import {UsageError} from '../errors.ts';
import {identityRule, isIdentity} from '../model/agent.ts';
import {presentQuery} from '../model/query.ts';
import {formatDuration} from '../model/time.ts';
import {createChannel} from '../store/channels.ts';

export const channels = command({
	name: 'channels',
	summary: 'List the channels, or make one.',
	usage: 'raid channels [create NAME] [--topic T]',
	flags: {topic: {type: 'string', value: 'T', help: 'what a new channel is for; agents read it'}},
	inSpaceOs: 'Its own: bridge --help',
	async run(input, {topic}, context) {
		if (input.length === 0) return list(context);
		if (input[0] !== 'create')
			throw new UsageError(`"${input[0]}" is unknown here.`, `Usage: ${channels.usage}`);
		const {NAME: name} = requireArguments(input.slice(1), ['NAME'], channels.usage);
		if (!isIdentity(name))
			throw new UsageError(`"${name}" is no channel name.`, `One is made of ${identityRule}.`);
		const {store, newId, now} = await context.openWorkspace();
		if (!createChannel(store, name, topic ?? null, newId(), now())) {
			throw new UsageError(`There is a channel "${name}" already.`);
		}
		if (context.flags.json) printJson({version: 1, channel: name}, context);
		else context.terminal.print(`Made #${name}.\n`);
	},
});

async function list(context: Context): Promise<void> {
	const {channels: known, at: now} = (await context.openBackend()).read(presentQuery);
	if (context.flags.json) {
		const documents = known.map(({createdAt, lastMessageAt, archivedAt, ...channel}) => ({
			...channel,
			createdAt: time(createdAt),
			lastMessageAt: time(lastMessageAt),
			archivedAt: time(archivedAt),
		}));
		printJson({version: 1, channels: documents}, context);
		return;
	}
	const age = (at: number | null) => (at === null ? '-' : `${formatDuration(now - at)} ago`);
	printTable(
		['CHANNEL', 'MESSAGES', 'LATEST', 'TOPIC'],
		known.map(({name, messages, lastMessageAt, topic}) => [
			name,
			String(messages),
			age(lastMessageAt),
			topic ?? '',
		]),
		context,
	);
}
