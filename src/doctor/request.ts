import {dirname} from 'node:path';
import {type Agent, defaultLaunch} from '../model/agent.ts';
import type {Request} from '../providers/provider.ts';
import type {Workspace} from '../workspace/open.ts';

/** A run of an agent's CLI as a spawn would ask for it, whose prompt and outbox are in a folder of their own. */
export function requestFor(
	{home, config, cliPath, env}: Workspace,
	{model, launch}: Agent,
	folder: {readonly promptFile: string; readonly outbox: string},
): Request {
	return {
		model: model ?? 'default',
		launch: launch ?? defaultLaunch,
		constitution: null,
		...folder,
		cwd: config.cwd,
		home,
		env,
		session: null,
		ordinal: 1,
		attempt: 1,
		runtime: process.execPath,
		install: dirname(cliPath),
	};
}
