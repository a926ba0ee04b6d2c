import {join} from 'node:path';
import type {ProviderEvent} from '../../model/attempt.ts';
import {type Provider, parseObject} from '../provider.ts';

/** Name of the scenario's file in the workspace's home. */
export const scenarioFile = 'scenario.json';

/** A real executable that plays its agent's part of a scenario, and prints provider-neutral events as JSON lines. */
export const scripted: Provider = {
	name: 'scripted',
	gentleSignal: 'SIGTERM',
	hasResult: true,
	keepsSession: true,
	countsSession: [],
	files: () => ({}),
	checkup: null,
	takesConstitution: () => false,
	invocation({runtime, install, ordinal, attempt}) {
		const args = [join(install, 'scripted.mjs'), '--spawn', String(ordinal), '--attempt', String(attempt)];
		return {program: runtime, args, env: {}, stdin: 'prompt'};
	},
	readLine(line, {output}) {
		if (output !== 'output') return [];
		const event = parseObject<ProviderEvent>(line);
		return event === null ? [] : [event];
	},
	sessionFile: () => null,
};
