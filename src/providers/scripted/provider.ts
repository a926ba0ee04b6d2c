import {join} from 'node:path';
import type {ProviderEvent} from '../../model/attempt.ts';
import {type Provider, parseObject} from '../provider.ts';

/** File, in the workspace's home, of the scenario that scripted agents play. */
export const scenarioFile = 'scenario.json';

/** A real executable that plays its agent's part of a scenario. It prints provider-neutral events as JSON lines. */
export const scripted: Provider = {
	name: 'scripted',
	gentleSignal: 'SIGTERM',
	hasResult: true,
	keepsSession: true,
	countsSession: [],
	files: {},
	checkup: null,
	takesConstitution: () => false,
	invocation({runtime, install, ordinal, attempt}) {
		const args = [join(install, 'scripted.mjs'), '--spawn', String(ordinal), '--attempt', String(attempt)];
		return {program: runtime, args, env: {}, stdin: 'prompt'};
	},
	readLine(line, {output}) {
		if (output !== 'output') return [];
		const event = parseObject<ProviderEvent>(line);
		return event !== null && isEvent(event) ? [event] : [];
	},
	transcript: () => null,
};

// The output is a program's: what has not the right shape is no event.
function isEvent(event: ProviderEvent): boolean {
	switch (event.type) {
		case 'session':
			return typeof event.id === 'string';
		case 'text':
		case 'tool':
		case 'tool result':
		case 'retry':
			return typeof event.text === 'string';
		case 'usage':
			return Number.isFinite(event.input) && Number.isFinite(event.output);
		case 'error':
			return typeof event.text === 'string' && typeof event.canPass === 'boolean';
		case 'quota':
			return typeof event.text === 'string' && (event.resumeAt === null || Number.isFinite(event.resumeAt));
		case 'result':
			return typeof event.isSuccess === 'boolean' && (event.text === null || typeof event.text === 'string');
		default:
			return false;
	}
}
