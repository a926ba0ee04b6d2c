import {beginningOf} from '../../src/model/concern.ts';
import {mentionsIn} from '../../src/model/mention.ts';
import {canPass, resetTimeIn, statusIn} from '../../src/providers/failure.ts';
import {findProvider, providerNames} from '../../src/providers/index.ts';
import {type Provider, readEvents} from '../../src/providers/provider.ts';
import {span} from '../../src/text/row.ts';
import {echo, escapeJson, sanitise, sanitiseLine} from '../../src/text/sanitise.ts';
import {paint, standardTheme} from '../../src/text/theme.ts';
import {logWriter} from '../../src/view/log.ts';
import {hostileTexts} from './hostile-texts.ts';

function playLog(text: string): void {
	const writer = logWriter(standardTheme);
	writer.write({type: 'text', text, isContinued: true});
	writer.write({type: 'tool', text});
	writer.write({type: 'tool result', text});
	writer.end();
}

/** Reads a text as a line, as the text of a message and as an error, as each CLI prints them. */
function readLines(provider: Provider, text: string): void {
	const shapes = [
		text,
		{type: 'error', message: text},
		{type: 'turn.failed', error: {message: text}},
		{type: 'item.completed', item: {type: 'agent_message', text}},
		{type: 'assistant', message: {content: [{type: 'text', text}]}},
		{type: 'assistant', error: text, message: {content: [{type: 'text', text}]}},
		{type: 'result', is_error: true, subtype: text, result: text, errors: [text]},
		{type: 'result', status: 'error', error: {message: text}},
		{type: 'message', role: 'assistant', content: text},
		{type: 'tool_result', output: text, status: 'error'},
	];
	for (const shape of shapes) {
		const line = typeof shape === 'string' ? shape : JSON.stringify(shape);
		for (const output of ['output', 'errors'] as const)
			readEvents(provider, line, {output, fields: null, now: 0});
	}
}

/** Everything that reads or prepares what an agent wrote, by its name. */
export const readers: Readonly<Record<string, (text: string) => unknown>> = {
	sanitise,
	sanitiseLine,
	echo,
	escapeJson: text => escapeJson(JSON.stringify(text)),
	paint: text => paint([span(text, 'dim')], standardTheme),
	mentionsIn,
	beginningOf,
	canPass,
	statusIn,
	resetTimeIn: text => resetTimeIn(text, 0),
	'the log': playLog,
	...Object.fromEntries(
		providerNames.map(name => [
			`lines of ${name}`,
			(text: string) => readLines(findProvider(name) as Provider, text),
		]),
	),
};

// As a program of its own, because nothing else could end a reader that looks again and again.
const [reader] = process.argv.slice(2);
if (import.meta.main) for (const text of hostileTexts.values()) readers[reader ?? '']?.(text);
