import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {v7 as newId} from 'uuid';
import {onTestFinished} from 'vitest';
import {defaultLaunch, type LaunchOptions} from '../../src/model/agent.ts';
import type {Spawn} from '../../src/model/spawn.ts';
import {registerAgent} from '../../src/store/agents.ts';
import {type CliName, cliNames, scratchEnvironment} from './agent-clis.ts';
import {type ModelRequest, type Reply, startModelServer} from './model-server/server.ts';
import {until} from './wait.ts';
import {aWorkspace, processesOf} from './workspace.ts';

/** What a test needs to say of its raid. */
export interface RealSetting {
	readonly launch?: Partial<LaunchOptions>;
	readonly config?: Readonly<Record<string, unknown>>;
	readonly env?: Readonly<Record<string, string>>;
	readonly constitution?: string;
}

/** A raid whose agents `claude`, `codex` and `gemini` are the real CLIs, and whose model gives the answers of the test. */
export async function aRealRaid(answer: (request: ModelRequest) => Reply, setting: RealSetting = {}) {
	const server = await startModelServer(answer, request => {
		const reply = answer(request);
		return 'status' in reply || 'silence' in reply ? reply : 'usual';
	});
	onTestFinished(() => server.close());
	const workspace = aWorkspace({
		config: {graceful: '2s', ...setting.config},
		environment: directory => {
			const home = join(directory, 'home');
			mkdirSync(join(home, 'tmp'), {recursive: true});
			const env = {...scratchEnvironment(home, server.url), TMPDIR: join(home, 'tmp'), ...setting.env};
			return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
		},
	});
	for (const name of cliNames) {
		await workspace.raid(['register', name, '--model', 'default', '--provider', name]);
		const launch = {...defaultLaunch, ...setting.launch};
		const constitution = join('agents', `${name}.md`);
		registerAgent(
			workspace.opened.store,
			{identity: name, model: 'default', provider: name, role: 'tester', constitution, launch},
			newId(),
			Date.now(),
		);
	}
	return {
		...workspace,
		server,
		/** Waits until nothing of it runs any more; its supervisors end a moment after their spawns. */
		isEmpty: () => until('nothing is left', () => processesOf(workspace.home).length === 0),
		/** Mentions an agent; its spawn as soon as it is as wanted. */
		async mention(name: CliName, isWanted: (spawn: Spawn) => boolean, text = 'go'): Promise<Spawn> {
			await workspace.raid(['send', 'general', '-'], {input: `@${name} ${text}`});
			return workspace.spawnOf(name, isWanted);
		},
	};
}
