import type {Raid} from '../model/raid.ts';
import {shorten} from '../text/row.ts';
import {sanitiseLine} from '../text/sanitise.ts';
import type {Theme} from '../text/theme.ts';
import {clock} from '../text/time.ts';
import {spawnName} from './names.ts';

const longestLine = 160;

/** The changes of the raid since `before`, a line each: new messages, and spawns whose state has changed. */
export function newsLines(raid: Raid, before: Raid | null, theme: Theme): readonly string[] {
	const known = new Set(before?.messages.map(message => message.id));
	const states = new Map(before?.spawns.map(spawn => [spawn.id, spawn.state]));
	const messages = raid.messages
		.filter(message => !known.has(message.id))
		.map(({at, from, text}) => `${clock(at)}  ${sanitiseLine(from)}: ${sanitiseLine(text)}`);
	const changes = raid.spawns
		.filter(spawn => states.get(spawn.id) !== spawn.state)
		.map(spawn => {
			const {glyph, word} = theme.states[spawn.state];
			const reason = spawn.reason === null ? '' : `: ${sanitiseLine(spawn.reason)}`;
			return `${clock(raid.at)}  ${glyph} ${spawnName(spawn)} ${word}${reason}`;
		});
	return [...messages, ...changes].map(line => shorten(line, longestLine, theme.marks.cut));
}
