import {existsSync, lstatSync, readdirSync, readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import type {Agent} from '../model/agent.ts';
import type {Workspace} from '../workspace/open.ts';
import {argumentWarnings} from './arguments.ts';
import {type Finding, warning} from './finding.ts';
import {findProgram} from './obstacles.ts';

/**
 * Checks what makes the boundary of an agent fail without a word: a linked workspace, a sandbox that is not installed,
 * policies that do not hold, and arguments of the operator's own. `args` are those that its CLI would be started with.
 */
export function checkBoundary(
	workspace: Workspace,
	agent: Agent,
	args: readonly string[],
): readonly Finding[] {
	const {provider, launch, identity} = agent;
	if (launch === null || launch.permissions === 'full') return [];
	const found = [
		...checkLink(workspace.home, identity),
		...(provider === 'claude' ? checkClaudeSandbox(workspace, agent) : []),
		...(provider === 'gemini' ? checkGeminiPolicies(workspace, agent, args) : []),
		...argumentWarnings(provider, launch).map(({text, help}) => warning(identity, text, help)),
	];
	return found;
}

// The agent may put another link in its place, and Codex refuses every command then.
function checkLink(home: string, identity: string): readonly Finding[] {
	if (!lstatSync(home).isSymbolicLink()) return [];
	const text = `${home} is a symbolic link, which the sandbox of a CLI cannot protect`;
	return [warning(identity, text, 'Put the folder itself in its place.')];
}

function checkClaudeSandbox(workspace: Workspace, {identity, launch}: Agent): readonly Finding[] {
	const {env, config} = workspace;
	const folder = env.CLAUDE_CONFIG_DIR || join(homeOf(env), '.claude');
	const files = [
		join(folder, 'settings.json'),
		join(config.cwd, '.claude', 'settings.json'),
		join(config.cwd, '.claude', 'settings.local.json'),
	];
	const sources = [
		...files.map(path => ({name: path, text: contentOf(path)})),
		...(launch?.args ?? []).map(text => ({name: 'its --args', text})),
	];
	const source = sources.find(({text}) => hasSandbox(text));
	if (source === undefined || process.platform === 'darwin') return [];
	const missing = ['bwrap', 'socat'].filter(program => findProgram(workspace, program) === null);
	if (missing.length === 0) return [];
	const text = `${source.name} switches on the sandbox of Claude Code, which runs commands WITHOUT it where ${missing.join(' and ')} cannot be found`;
	return [warning(identity, text, 'Install bubblewrap and socat.')];
}

function hasSandbox(text: string): boolean {
	try {
		const settings = JSON.parse(text) as {readonly sandbox?: {readonly enabled?: unknown}} | null;
		return settings?.sandbox?.enabled === true;
	} catch {
		return false;
	}
}

// A policy on the command line replaces the user's own ones, it does not add to them.
function checkGeminiPolicies(
	{env}: Workspace,
	{identity}: Agent,
	args: readonly string[],
): readonly Finding[] {
	const folder = join(env.GEMINI_CLI_HOME || homeOf(env), '.gemini', 'policies');
	const hasPolicies = existsSync(folder) && readdirSync(folder).some(name => name.endsWith('.toml'));
	const isReplaced = args.includes('--policy') && !args.includes(folder);
	if (!hasPolicies || !isReplaced) return [];
	const text = `your policies in ${folder} do not hold for spawns, because a policy on the command line replaces them`;
	return [warning(identity, text, `raid register ${identity} --args='--policy ${folder}'`)];
}

const silentFailures: readonly (readonly [RegExp, string])[] = [
	[/Unsafe regex pattern/, 'Gemini CLI left out a rule of a policy, because it distrusts its pattern'],
	[/bwrap: No permissions to create a new namespace/, 'the sandbox of Codex cannot be set up here'],
	[/error building bubblewrap command/, 'the sandbox of Codex cannot be set up for these paths'],
	[/Commands will run WITHOUT sandboxing/, 'Claude Code runs commands without its sandbox'],
];

/** What a CLI reports about its boundary in passing, in a run that ends well. */
export function silentFailuresIn(printed: string): readonly string[] {
	return silentFailures.filter(([pattern]) => pattern.test(printed)).map(([, text]) => text);
}

function homeOf(env: NodeJS.ProcessEnv): string {
	return env.HOME ?? homedir();
}

function contentOf(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return '';
	}
}
