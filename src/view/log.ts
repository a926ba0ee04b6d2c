import {describeLeftOut, type ProviderEvent} from '../model/attempt.ts';
import {type Row, type Style, span} from '../text/row.ts';
import {sanitise, sanitiseLine} from '../text/sanitise.ts';
import type {Theme} from '../text/theme.ts';

/** Writes the output of an agent as rows for people. */
export interface LogWriter {
	/** The rows that an event completes. */
	readonly write: (event: ProviderEvent) => readonly Row[];
	/** The rows of a text that more could have followed. */
	readonly end: () => readonly Row[];
}

const resultLines = 3;
const longestLine = 400;

/** A writer for the events of one attempt: whole texts, a line for a tool's call, a few lines for its result. */
export function logWriter(theme: Theme): LogWriter {
	let open: string | null = null;
	const end = () => {
		const rows = open === null ? [] : linesOf(open.trimEnd()).map(line => [span(line)]);
		open = null;
		return rows;
	};
	return {
		end,
		write(event) {
			if (event.type !== 'text') return [...end(), ...rowsOf(event, theme)];
			const before = event.isContinued ? [] : end();
			open = (open ?? '') + event.text;
			// Whole lines are shown as soon as they are there.
			const at = event.isContinued ? open.lastIndexOf('\n') : open.length;
			if (at < 0) return before;
			const lines = linesOf(open.slice(0, at).trimEnd()).map(line => [span(line)]);
			open = event.isContinued ? open.slice(at + 1) || null : null;
			return [...before, ...lines];
		},
	};
}

function rowsOf(event: Exclude<ProviderEvent, {type: 'text'}>, theme: Theme): readonly Row[] {
	const oneLine = (text: string, style: Style) => [span(shortened(text, theme), style)];
	switch (event.type) {
		case 'session':
			return [oneLine(`session ${event.id}`, 'dim')];
		case 'tool':
			return [[span(`${theme.marks.call} `, 'accent'), ...oneLine(event.text, 'accent')]];
		case 'tool result':
			return resultRows(event.text, event.isError === true ? 'warning' : 'dim', theme);
		case 'denied':
			return [oneLine(`denied: ${event.text}`, 'warning')];
		case 'usage': {
			// A single answer's tokens are in the sum at the end.
			if (event.message !== undefined) return [];
			const cost = event.costUsd === undefined ? '' : `, $${event.costUsd.toFixed(4)} by its own estimate`;
			return [oneLine(`tokens: ${event.input} in, ${event.output} out${cost}`, 'dim')];
		}
		case 'retry':
			return [oneLine(`retrying: ${event.text}`, 'warning')];
		case 'error':
			return [oneLine(`error: ${event.text}`, 'critical')];
		case 'quota': {
			const until = event.resumeAt === null ? '' : `, until ${new Date(event.resumeAt).toISOString()}`;
			return [oneLine(`quota: ${event.text}${until}`, 'warning')];
		}
		case 'result':
			return [oneLine(event.isSuccess ? 'ended well' : 'ended without success', 'dim')];
		case 'left out':
			return [oneLine(describeLeftOut(event), 'dim')];
	}
}

/** The first lines of a tool's result, and how many more there are. */
function resultRows(text: string, style: Style, theme: Theme): readonly Row[] {
	const {quote, cut} = theme.marks;
	const lines = linesOf(text.trim()).filter(line => line.trim() !== '');
	const shown = lines.slice(0, resultLines).map(line => `  ${quote} ${line}`);
	const more = lines.length - shown.length;
	const note = more > 0 ? [`  ${quote} ${cut} ${more} more ${more === 1 ? 'line' : 'lines'}`] : [];
	return [...shown, ...note].map(line => [span(shortened(line, theme), style)]);
}

function linesOf(text: string): readonly string[] {
	return sanitise(text).split('\n');
}

function shortened(text: string, {marks}: Theme): string {
	const line = sanitiseLine(text);
	return line.length > longestLine ? `${line.slice(0, longestLine)}${marks.cut}` : line;
}
