import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import type {Agent} from '../model/agent.ts';
import {type Milliseconds, second} from '../model/time.ts';
import {codex} from '../providers/codex.ts';
import type {Workspace} from '../workspace/open.ts';
import {type Finding, ok, problem, warning} from './finding.ts';
import {requestFor} from './request.ts';
import {run} from './run.ts';

const probeWithinMs: Milliseconds = 30 * second;

/**
 * Runs one command in the sandbox that Codex would run the tools of this agent in: without user namespaces each command
 * fails, and the turn still ends well. The command tries to write where it must not. `path` is that of the CLI.
 */
export async function checkCodexSandbox(workspace: Workspace, agent: Agent, path: string): Promise<Finding> {
	const {identity, launch} = agent;
	if (launch?.permissions === 'full') return ok(identity, 'has no sandbox, as registered');
	mkdirSync(join(workspace.home, 'outbox'), {recursive: true, mode: 0o700});
	const outbox = mkdtempSync(join(workspace.home, 'outbox', 'doctor-'));
	try {
		const request = requestFor(workspace, agent, {promptFile: '/dev/null', outbox});
		const profile = settingsOf(codex.invocation(request).args);
		const hasProfile = profile.some(value => value.startsWith('default_permissions='));
		const named = hasProfile ? ['-P', 'raid'] : [];
		const settings = profile.flatMap(value => ['-c', value]);
		const args = ['sandbox', ...settings, ...named, '--', 'sh', '-c', probe, 'sh', outbox, workspace.home];
		const call = {program: path, args, cwd: workspace.config.cwd, env: workspace.env, input: null};
		const {exit, output, errors} = await run({...call, withinMs: probeWithinMs});
		const code = exit.type === 'exited' ? exit.code : null;
		return findingOf(identity, hasProfile, {code, output, errors});
	} finally {
		rmSync(outbox, {recursive: true, force: true});
	}
}

// Writes into the outbox, and beside the records, where it removes what it wrote.
const probe = `echo ran; touch "$1/probe" && echo outbox
touch "$2/doctor-probe" 2>/dev/null && rm -f "$2/doctor-probe" && echo records`;

/** The settings of a command line that make up the permission profile. */
function settingsOf(args: readonly string[]): readonly string[] {
	return args.filter(
		(value, index) => args[index - 1] === '-c' && /^(?:default_permissions|permissions)\b/.test(value),
	);
}

/** What became of the probe. */
interface Probed {
	/** Null when it did not end by itself. */
	readonly code: number | null;
	readonly output: string;
	readonly errors: string;
}

/** Without a profile of ours the command shows only that the sandbox runs. */
function findingOf(identity: string, hasProfile: boolean, {code, output, errors}: Probed): Finding {
	const done = output.split('\n');
	const reason = errors.trim().split('\n').at(-1) ?? '';
	if (!done.includes('ran')) {
		if (/unrecognized subcommand|unexpected argument/.test(errors))
			return warning(
				identity,
				'this Codex has no command that checks its sandbox',
				'raid doctor --roundtrip',
			);
		const text = `every command of the agent fails in the sandbox of Codex (${code === null ? 'it does not end' : `exit ${code}`}): ${reason}`;
		return problem(identity, text, 'Allow unprivileged user namespaces, or run raid outside a container.');
	}
	if (!hasProfile) return ok(identity, 'the sandbox of Codex runs');
	if (done.includes('records'))
		return warning(
			identity,
			"the sandbox of Codex lets the agent write raid's records",
			'Look at its --args, and at the profiles in config.toml.',
		);
	if (!done.includes('outbox'))
		return problem(
			identity,
			`the sandbox of Codex closes the outbox, so that the agent cannot post: ${reason}`,
			'Look at its --args, and at the profiles in config.toml.',
		);
	return ok(identity, 'the sandbox of Codex runs, and closes what it must');
}
