import type {ProviderEvent} from '../model/attempt.ts';
import {type Row, type Style, span} from '../text/row.ts';
import {sanitise, sanitiseLine} from '../text/sanitise.ts';

/** A log that is being written: what an agent printed, as rows for people. */
export interface LogWriter {
	/** The rows that an event completes. */
	readonly write: (event: ProviderEvent) => readonly Row[];
	/** What is left: a text that may still go on. */
	readonly end: () => readonly Row[];
}

const resultLines = 3;
const longestLine = 400;

/** Writes the events of one attempt: texts whole, a tool's call in one line, what it gave back in a few. */
export function logWriter(): LogWriter {
	let open: string | null = null;
	const end = () => {
		const rows = open === null ? [] : linesOf(open.trimEnd()).map(line => [span(line)]);
		open = null;
		return rows;
	};
	return {
		end,
		write(event) {
			if (event.type !== 'text') return [...end(), ...rowsOf(event)];
			const before = event.isContinued ? [] : end();
			open = (open ?? '') + event.text;
			// Whole lines are shown as they come.
			const at = event.isContinued ? open.lastIndexOf('\n') : open.length;
			if (at < 0) return before;
			const lines = linesOf(open.slice(0, at).trimEnd()).map(line => [span(line)]);
			open = event.isContinued ? open.slice(at + 1) || null : null;
			return [...before, ...lines];
		},
	};
}

function rowsOf(event: Exclude<ProviderEvent, {type: 'text'}>): readonly Row[] {
	switch (event.type) {
		case 'session':
			return [oneLine(`session ${event.id}`, 'dim')];
		case 'tool':
			return [[span('▸ ', 'accent'), ...oneLine(event.text, 'accent')]];
		case 'tool result':
			return resultRows(event.text, event.isError === true ? 'warning' : 'dim');
		case 'usage': {
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
	}
}

/** The first lines of what a tool gave back, and how many more there are. */
function resultRows(text: string, style: Style): readonly Row[] {
	const lines = linesOf(text.trim()).filter(line => line.trim() !== '');
	const shown = lines.slice(0, resultLines).map(line => oneLine(`  │ ${line}`, style));
	const more = lines.length - shown.length;
	return more > 0 ? [...shown, oneLine(`  │ … ${more} more ${more === 1 ? 'line' : 'lines'}`, style)] : shown;
}

function linesOf(text: string): readonly string[] {
	return sanitise(text).split('\n');
}

function oneLine(text: string, style: Style): Row {
	const line = sanitiseLine(text);
	return [span(line.length > longestLine ? `${line.slice(0, longestLine)}…` : line, style)];
}
