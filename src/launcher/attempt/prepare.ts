import {createHash} from 'node:crypto';
import {join, resolve} from 'node:path';
import {UsageError} from '../../errors.ts';
import {readText, replaceText} from '../../files/text.ts';
import {type Agent, damageOf, defaultLaunch, isAgent} from '../../model/agent.ts';
import {promptOf} from '../../model/prompt.ts';
import type {Spawn} from '../../model/spawn.ts';
import type {Provider} from '../../providers/provider.ts';
import {findAgent, listAgents} from '../../store/agents.ts';
import {findChannel} from '../../store/channels.ts';
import {setConstitutionHash} from '../../store/life.ts';
import {listMessages, listTriggers} from '../../store/messages.ts';
import {reading} from '../../store/open.ts';
import {writeShim} from '../../workspace/create.ts';
import {makeSpawnFolder} from '../../workspace/folders.ts';
import type {Workspace} from '../../workspace/open.ts';
import {constitutionPath, promptPath} from '../../workspace/paths.ts';

const recentMessages = 50;
const longestRecent = 8000;

/** Writes a spawn's prompt and standing instructions into its folder, and the shim that it finds first on its PATH. */
export function prepareSpawn(workspace: Workspace, spawn: Spawn, provider: Provider): void {
	const {store, home} = workspace;
	const agent = findAgent(store, spawn.agent);
	const channel = findChannel(store, spawn.channel);
	if (agent === null || channel === null)
		throw new Error(`The agent or the channel of spawn ${spawn.id} is gone.`);
	requireWhole(agent);
	// Without their file, which somebody deleted, the agent works without instructions.
	const constitution = agent.constitution === null ? '' : (readText(resolve(home, agent.constitution)) ?? '');
	const isInPrompt =
		constitution.trim() === '' ||
		!provider.takesConstitution(Buffer.byteLength(constitution), agent.launch ?? defaultLaunch);
	const prompt = reading(store, () =>
		promptOf({
			agent,
			constitution: isInPrompt ? constitution : '',
			channel,
			party: listAgents(store).filter(other => isAgent(other) && other.identity !== agent.identity),
			recent: listMessages(store, channel.name, {limit: recentMessages, longestText: longestRecent}),
			triggers: listTriggers(store, spawn.id),
		}),
	);
	const folder = makeSpawnFolder(home, spawn.id);
	const escaped = provider.escapePrompt?.(prompt) ?? prompt;
	replaceText(promptPath(home, spawn.id), escaped);
	if (!isInPrompt) replaceText(constitutionPath(home, spawn.id), constitution);
	const files = provider.files({launch: agent.launch ?? defaultLaunch, home});
	for (const [name, text] of Object.entries(files)) replaceText(join(folder, name), text);
	writeShim(home, process.execPath, workspace.cliPath);
	const hash = createHash('sha256').update(constitution).digest('hex');
	setConstitutionHash(store, spawn.id, hash, workspace.now());
}

/** Throws a UsageError when the record of how the agent is launched is damaged, because it may have held a restriction. */
function requireWhole(agent: Agent): void {
	const damage = damageOf(agent);
	if (damage === null) return;
	const {identity} = agent;
	throw new UsageError(
		`The record of ${identity} is damaged: ${damage}.`,
		`Register it again: raid register ${identity}`,
	);
}
