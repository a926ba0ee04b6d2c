import {basename} from 'node:path';
import {isAllowable} from '../model/agent.ts';
import type {Request} from './provider.ts';
import {settingsFolders} from './settings-folders.ts';

/** Rules that outrank the operator's own: what no agent may do. */
export const guardFile = 'gemini-guard.toml';

/** Rules beside the operator's own. */
export const policyFile = 'gemini-policy.toml';

interface Rule {
	readonly tools: readonly string[];
	/** What the call's arguments must match; null for any. */
	readonly pattern: string | null;
	readonly decision: 'allow' | 'deny';
	readonly priority: number;
	readonly message?: string;
}

const editing = ['write_file', 'replace'];
const shell = ['run_shell_command'];

/**
 * The policies by which Gemini CLI is held to an agent's permissions. They bind its own tools. A command that is allowed runs
 * without any boundary. A rule with a quantified group would be left out without a word.
 */
export function policyFiles({
	launch,
	home,
}: Pick<Request, 'launch' | 'home'>): Readonly<Record<string, string>> {
	if (launch.permissions === 'full') return {};
	const denials = [
		denial(basename(home), 'Raid keeps its own records there.'),
		...settingsFolders.map(name => denial(name, 'What agent CLIs run by themselves is kept there.')),
	];
	const commands = ['raid send *', ...launch.allow.filter(isAllowable)].map(command =>
		rule({tools: shell, pattern: commandPattern(command), decision: 'allow', priority: 950}),
	);
	const edits =
		launch.permissions === 'edit'
			? [rule({tools: editing, pattern: null, decision: 'allow', priority: 400})]
			: [];
	return {
		[guardFile]: denials.join('\n'),
		// The CLI ignores the guard where its administrator has policies, so the denials are here, too.
		[policyFile]: [...denials, ...commands, ...edits].join('\n'),
	};
}

/** A rule that keeps files below a folder of this name from being written, however their path is spelled. */
function denial(folder: string, message: string): string {
	const pattern = `\\x00"file_path":"[^\\x00]*${anyCase(inJson(folder))}/`;
	return rule({tools: editing, pattern, decision: 'deny', priority: 999, message});
}

// The arguments are JSON in which NUL characters fence each pair of the first level. Without the fence, an argument that
// the tool does not know could contain the pair, and any command would be allowed.
function commandPattern(command: string): string {
	const [, prefix] = /^(.*) \*$/.exec(command) ?? [];
	const start = `\\x00"command":"${escaped(prefix ?? command)}`;
	return prefix === undefined ? `${start}"\\x00` : `${start}[ "]`;
}

function rule({tools, pattern, decision, priority, message}: Rule): string {
	return [
		'[[rule]]',
		`toolName = ${JSON.stringify(tools)}`,
		...(pattern === null ? [] : [`argsPattern = ${JSON.stringify(pattern)}`]),
		`decision = "${decision}"`,
		`priority = ${priority}`,
		...(tools === shell ? ['allowRedirection = false'] : []),
		...(message === undefined ? [] : [`denyMessage = ${JSON.stringify(message)}`]),
		'',
	].join('\n');
}

function inJson(text: string): string {
	return JSON.stringify(text).slice(1, -1);
}

// Some file systems take `.RAID` for the same folder.
function anyCase(text: string): string {
	return [...text]
		.map(sign => (/[a-z]/i.test(sign) ? `[${sign.toLowerCase()}${sign.toUpperCase()}]` : escaped(sign)))
		.join('');
}

function escaped(text: string): string {
	return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
