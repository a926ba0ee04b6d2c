import {command} from '../cli/command.ts';
import {readInput} from '../cli/input.ts';
import {textRow} from '../cli/rows.ts';
import {misuse} from '../cli/usage.ts';
import {describeObstacles, obstaclesOfMentions} from '../doctor/obstacles.ts';
import {mentionDocument} from '../documents/mention.ts';
import {obstacleDocument} from '../documents/obstacle.ts';
import type {Claim} from '../model/action.ts';
import {describeAccepted, describeMention} from '../view/result.ts';

export const send = command({
	name: 'send',
	group: 'talk',
	summary: 'Post a message, and launch each agent that it mentions.',
	arguments: [
		{name: 'channel', type: 'channel'},
		{
			name: 'message',
			type: 'text',
			help: '"-" reads it from standard input; write -- before one that begins with a dash',
		},
	],
	flags: {
		as: {
			type: 'string',
			value: 'ID',
			help: 'post as this identity (default: human; inside a spawn, its agent)',
		},
		done: {type: 'boolean', help: 'say that your task is done (inside a spawn)'},
		blocked: {type: 'boolean', help: 'say that you cannot continue without an answer (inside a spawn)'},
	},
	examples: ['raid send general "@hailot say hello, then @human"', 'raid send general - < plan.md'],
	inSpaceOs: 'See: bridge send CHANNEL MESSAGE --as HUMAN',
	async run({channel, message}, {as = null, done = false, blocked = false}, {openToPost}) {
		if (done && blocked) throw misuse(send, '--done and --blocked exclude each other.');
		const claim: Claim | null = done ? 'done' : blocked ? 'blocked' : null;
		const text = message === '-' ? await readInput() : message;
		const {post, workspace} = await openToPost();
		const result = await post({type: 'post', channel, text, as, claim});
		const {messageId: id, isPosted, mentions} = result;
		const obstacles = workspace === null ? [] : obstaclesOfMentions(workspace, mentions);
		const told = [...mentions.map(mention => describeMention(mention)), ...describeObstacles(obstacles)];
		return {
			document: {
				message: id,
				channel,
				isPosted,
				mentions: mentions.map(mentionDocument),
				cannotRun: obstacles.map(obstacleDocument),
			},
			rows: (isPosted ? [`Posted to #${channel}.`, ...told] : [describeAccepted(result)]).map(textRow),
		};
	},
});
