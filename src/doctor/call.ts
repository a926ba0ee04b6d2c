import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type Agent, defaultLaunch} from '../model/agent.ts';
import {afterEvent, emptySummary, judge, type OutputSummary} from '../model/attempt.ts';
import {type Milliseconds, minute} from '../model/time.ts';
import {type Provider, type Request, readEvents} from '../providers/provider.ts';
import type {Workspace} from '../workspace/open.ts';
import {silentFailuresIn} from './boundaries.ts';
import {type Finding, ok, problem, warning} from './finding.ts';
import {requestFor} from './request.ts';
import {type RunResult, run} from './run.ts';

const callWithinMs: Milliseconds = 3 * minute;

/** Makes the smallest call that proves that CLI, login and model work. It costs money. */
export async function callModel(
	workspace: Workspace,
	provider: Provider,
	agent: Agent,
): Promise<readonly Finding[]> {
	const folder = mkdtempSync(join(tmpdir(), 'raid-doctor-'));
	const input = join(folder, 'prompt.md');
	writeFileSync(input, 'Answer with the one word: ok\n');
	try {
		const request = requestOf(workspace, agent, folder, input);
		for (const [name, text] of Object.entries(provider.files(request)))
			writeFileSync(join(folder, name), text);
		const {program, args, env} = provider.invocation(request);
		const call = {program, args, cwd: folder, env: {...workspace.env, ...env}, input, withinMs: callWithinMs};
		const ran = await run(call);
		const verdict = judge(ran.exit, summaryOf(provider, ran, workspace), provider.hasResult);
		const model = `model ${agent.model ?? 'default'}`;
		const silent = silentFailuresIn(ran.errors).map(text =>
			warning(provider.name, text, 'Its log says more: raid doctor --roundtrip'),
		);
		if (verdict.status === 'completed') return [ok(provider.name, `${model} answers`), ...silent];
		return [problem(provider.name, `${model}: ${verdict.failure}`, 'Log in, choose another model, or wait.')];
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}

function requestOf(workspace: Workspace, agent: Agent, folder: string, promptFile: string): Request {
	const launch = {...(agent.launch ?? defaultLaunch), permissions: 'ask-nothing'} as const;
	return {...requestFor(workspace, {...agent, launch}, {promptFile, outbox: folder}), cwd: folder};
}

function summaryOf(provider: Provider, ran: RunResult, workspace: Workspace): OutputSummary {
	const eventsOf = (output: 'output' | 'errors') =>
		ran[output]
			.split('\n')
			.flatMap(line => readEvents(provider, line, {output, fields: null, now: workspace.now()}));
	return [...eventsOf('output'), ...eventsOf('errors')].reduce(afterEvent, emptySummary);
}
