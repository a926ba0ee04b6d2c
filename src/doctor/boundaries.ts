import {lstatSync} from 'node:fs';
import {join} from 'node:path';
import type {Agent} from '../model/agent.ts';
import {contentOf, homeOf} from '../providers/user-files.ts';
import {homeName} from '../workspace/locate.ts';
import type {Workspace} from '../workspace/open.ts';
import {argumentWarnings} from './arguments.ts';
import {type Finding, warning} from './finding.ts';
import {findProgram} from './obstacles.ts';

/**
 * Checks what makes the boundary of an agent fail without a word: a linked workspace, a sandbox that is not installed, and
 * arguments of the operator's own.
 */
export function checkBoundary(workspace: Workspace, agent: Agent): readonly Finding[] {
	const {provider, launch, identity} = agent;
	if (launch === null || launch.permissions === 'full') return [];
	return [
		...checkLink(workspace.config.cwd, identity),
		...(provider === 'claude' ? checkClaudeSandbox(workspace, agent) : []),
		...argumentWarnings(provider, launch).map(({text, help}) => warning(identity, text, help)),
	];
}

// Whoever may write the directory may put another link in its place, whatever keeps the folder itself.
function checkLink(cwd: string, identity: string): readonly Finding[] {
	const path = join(cwd, homeName);
	if (lstatSync(path, {throwIfNoEntry: false})?.isSymbolicLink() !== true) return [];
	const text = `${path} is a symbolic link, in whose place the agent may put another one`;
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
