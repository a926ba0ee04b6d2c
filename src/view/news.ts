import type {Raid} from '../model/raid.ts';
import {shortId} from '../model/spawn.ts';
import {sanitiseLine} from '../text/sanitise.ts';
import {lookOf} from '../text/theme.ts';
import {clock} from './tail.ts';

const longestLine = 160;

/** What is new since `before`, a line each: messages, and spawns that have changed. */
export function progressLines(raid: Raid, before: Raid | null): readonly string[] {
	const known = new Set(before?.messages.map(message => message.id));
	const words = new Map(before?.spawns.map(spawn => [spawn.id, lookOf(spawn).word]));
	const news = raid.messages
		.filter(message => !known.has(message.id))
		.map(({at, from, text}) => `${clock(at)}  ${from}: ${sanitiseLine(text)}`);
	const changes = raid.spawns
		.filter(spawn => words.get(spawn.id) !== lookOf(spawn).word)
		.map(spawn => {
			const {glyph, word} = lookOf(spawn);
			const reason = spawn.reason === null ? '' : `: ${sanitiseLine(spawn.reason)}`;
			return `${clock(raid.at)}  ${glyph} ${spawn.agent} #${shortId(spawn.id)} ${word}${reason}`;
		});
	return [...news, ...changes].map(line =>
		line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line,
	);
}
