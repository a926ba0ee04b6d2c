import {basename} from 'node:path';
import {isAllowable} from '../model/agent.ts';
import type {Request} from './provider.ts';
import {settingsFolders} from './settings-folders.ts';

/**
 * The flags by which Claude Code is held to an agent's permissions. They bind its own tools and the shell commands that it
 * can judge. A command that is allowed runs without any boundary.
 */
export function permissionFlags({launch, home}: Pick<Request, 'launch' | 'home'>): readonly string[] {
	if (launch.permissions === 'full') return ['--dangerously-skip-permissions'];
	return [
		...['--permission-mode', launch.permissions === 'edit' ? 'acceptEdits' : 'dontAsk'],
		...['--allowedTools', 'Bash(raid send:*)', ...launch.allow.filter(isAllowable).map(allowRule)],
		// A denial outranks every permission, also those in the operator's own settings.
		...['--disallowedTools', ...deniedPaths(home).map(path => `Edit(${path}/**)`)],
	];
}

function allowRule(command: string): string {
	const [, prefix] = /^(.*) \*$/.exec(command) ?? [];
	return prefix === undefined ? `Bash(${command})` : `Bash(${prefix}:*)`;
}

/** Folders that no tool may edit. Two slashes begin an absolute path; a path without one is denied at any depth. */
function deniedPaths(home: string): readonly string[] {
	const name = basename(home);
	const hidden = name.startsWith('.') ? [literal(name)] : [];
	return [`/${literal(home)}`, ...hidden, ...settingsFolders];
}

// A sign that a rule might read as its own, such as a parenthesis or a star, is matched by any sign.
function literal(path: string): string {
	return path.replace(/[^\w./-]/g, '?');
}
