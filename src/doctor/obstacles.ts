import {resolveProgram} from '../launcher/attempt/wrapper.ts';
import {type Agent, isAgent} from '../model/agent.ts';
import type {MentionRecord, Outcome} from '../model/mention.ts';
import {spawnMarker} from '../process/markers.ts';
import {findProvider} from '../providers/index.ts';
import {signOfLogin} from '../providers/login.ts';
import {findAgent} from '../store/agents.ts';
import type {Workspace} from '../workspace/open.ts';

/** Why an agent cannot run here, as far as the PATH and files show. */
export interface Obstacle {
	readonly agent: string;
	readonly type: 'program' | 'login';
	readonly text: string;
	/** The remedy. */
	readonly help: string;
}

/** The parts of a workspace that decide what can run. */
type Surroundings = Pick<Workspace, 'env' | 'config'>;

/**
 * The agents that cannot run here, each with its reason. Nothing is run. Empty inside a spawn, because a sandbox may hide
 * programs and files.
 */
export function obstaclesOf(place: Surroundings, agents: readonly Agent[]): readonly Obstacle[] {
	if (place.env[spawnMarker] !== undefined) return [];
	return agents.filter(isAgent).flatMap(agent => obstacleOf(place, agent) ?? []);
}

function obstacleOf(place: Surroundings, {identity, provider, launch}: Agent): Obstacle | null {
	const checkup = provider === null ? null : (findProvider(provider)?.checkup ?? null);
	const program = checkup?.program ?? launch?.command?.[0] ?? null;
	// A word that is filled in is known only at the start.
	if (program === null || program.includes('{')) return null;
	if (findProgram(place, program) === null) {
		const text = `${program} is not on the PATH`;
		return {agent: identity, type: 'program', text, help: installHelp(program, identity)};
	}
	const login = signOfLogin(provider ?? '', {env: place.env, cwd: place.config.cwd});
	if (login.isThere !== false) return null;
	return {agent: identity, type: 'login', text: login.text, help: loginHelp(program)};
}

/** The path of a program, as an agent would find it; null when it is nowhere. */
export function findProgram({env, config}: Surroundings, program: string): string | null {
	return resolveProgram(program, config.cwd, env.PATH).path;
}

const packages: Readonly<Record<string, string>> = {
	claude: '@anthropic-ai/claude-code',
	codex: '@openai/codex',
	gemini: '@google/gemini-cli',
};

/** How a program is installed; an unknown one is the operator's own. */
export function installHelp(program: string, identity: string): string {
	const name = packages[program];
	if (name !== undefined) return `Install it (npm install -g ${name}), and log in.`;
	return `Install it, or change the agent: raid register ${identity}`;
}

const logins: Readonly<Record<string, string>> = {
	claude: 'claude auth login, or set ANTHROPIC_API_KEY',
	codex: 'codex login, or set CODEX_API_KEY',
	gemini: 'set GEMINI_API_KEY',
};

/** How one logs in to a CLI. */
export function loginHelp(program: string): string {
	return `Log in (${logins[program] ?? program}); raid doctor --live shows whether it is accepted.`;
}

/** The obstacles in a line each; agents that have the same one share it. */
export function describeObstacles(obstacles: readonly Obstacle[]): readonly string[] {
	const groups = Map.groupBy(obstacles, ({text, help}) => `${text}. ${help}`);
	return [...groups].map(([why, own]) => {
		const names = [...new Set(own.map(({agent}) => agent))].join(', ');
		return `${names} cannot run here: ${why}`;
	});
}

/** The mentioned agents that cannot run here although a spawn of theirs starts, or will. */
export function obstaclesOfMentions(
	workspace: Surroundings & Pick<Workspace, 'store'>,
	mentions: readonly MentionRecord[],
): readonly Obstacle[] {
	const wanted = mentions.filter(({outcome}) => starting.has(outcome));
	const agents = wanted.map(({identity}) => findAgent(workspace.store, identity));
	return obstaclesOf(
		workspace,
		agents.filter(agent => agent !== null),
	);
}

const starting: ReadonlySet<Outcome> = new Set(['launched', 'merged', 'queued', 'held']);
