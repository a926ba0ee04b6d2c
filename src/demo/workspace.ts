import {mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import ms from 'ms';
import {workspaceBackend} from '../backend/workspace/backend.ts';
import {second} from '../model/time.ts';
import {homeMarker, spawnMarker} from '../process/markers.ts';
import {signalProcess} from '../process/signals.ts';
import {findMarked, type ProcessEntry} from '../process/table.ts';
import {scenarioFile, scripted} from '../providers/scripted/provider.ts';
import type {Scenario} from '../scenario/schema.ts';
import {listLiveSpawns} from '../store/spawns.ts';
import {createWorkspace} from '../workspace/create.ts';
import {homeName} from '../workspace/locate.ts';
import {openWorkspace, platform, type Workspace} from '../workspace/open.ts';
import {demoPrefix, signDemo} from './abandoned.ts';

/** A scenario that is to be played, and how. */
export interface Play {
	readonly scenario: Scenario;
	/** The scenario as written. */
	readonly text: string;
	readonly speed: number;
	/** Completion rule, leash and breaker are on. */
	readonly isGuarded: boolean;
}

/** Opens a new temporary workspace whose agents play the scenario. */
export function openDemoWorkspace(
	{scenario, text, speed, isGuarded}: Play,
	env: NodeJS.ProcessEnv,
): Workspace {
	const directory = realpathSync(mkdtempSync(join(tmpdir(), demoPrefix)));
	try {
		signDemo(directory);
		const home = join(directory, homeName);
		const party = Object.entries(scenario.agents).map(([identity, {model, role = ''}]) => ({
			identity,
			model,
			role,
			provider: scripted.name,
			constitution: '',
		}));
		const configText = JSON.stringify({...atSpeed(scenario.config, speed), guards: isGuarded});
		const parts = {
			...platform,
			home,
			party,
			channel: scenario.channel,
			configText,
			runtime: process.execPath,
		};
		createWorkspace({...parts, at: platform.now()}).close();
		writeFileSync(join(home, scenarioFile), JSON.stringify({...JSON.parse(text), speed}));
		const {RAID_HOME, RAID_CHANNEL, RAID_IDENTITY, [spawnMarker]: _, ...outer} = env;
		return openWorkspace(home, directory, outer);
	} catch (error) {
		rmSync(directory, {recursive: true, force: true});
		throw error;
	}
}

/** Shortens the durations, which are the only texts of a configuration besides its paths. */
function atSpeed(config: Scenario['config'], speed: number): Scenario['config'] {
	const scaled = Object.entries(config).map(([key, value]) => {
		const duration =
			typeof value === 'string' ? (ms(value as ms.StringValue) as number | undefined) : undefined;
		return [key, duration === undefined ? value : `${duration / speed}ms`];
	});
	return Object.fromEntries(scaled);
}

/** Ends everything that runs in the workspace, and removes it. */
export async function removeDemoWorkspace(workspace: Workspace): Promise<void> {
	const backend = workspaceBackend(workspace);
	// A living supervisor may start what waits, so everything is ended again until no supervisor is left.
	for (const end = performance.now() + endWithinMs; performance.now() < end; await delay(pollMs)) {
		await backend.perform({type: 'stop', target: {type: 'all'}});
		await backend.perform({type: 'clean-up'});
		if (listLiveSpawns(workspace.store).length === 0 && processesOn(workspace).length === 0) break;
	}
	for (let left = processesOn(workspace); left.length > 0; left = processesOn(workspace)) {
		for (const entry of left) signalProcess(entry, 'SIGKILL');
	}
	workspace.store.close();
	rmSync(dirname(workspace.home), {recursive: true, force: true, maxRetries: 5});
}

const endWithinMs = 20 * second;
const pollMs = 50;

/** Every living process that was started in the workspace, be it a supervisor, an agent or a child of one. */
function processesOn({home}: Workspace): readonly ProcessEntry[] {
	return (findMarked(homeMarker).get(home) ?? []).filter(({pid}) => pid !== process.pid);
}
