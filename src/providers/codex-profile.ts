import type {LaunchOptions} from '../model/agent.ts';
import type {Request} from './provider.ts';
import {settingsFolders} from './settings-folders.ts';

/**
 * The flags by which Codex is held to an agent's permissions: a profile that the operating system enforces for every
 * program that it runs. Of raid's own records only this spawn's outbox can be written.
 */
export function permissionFlags({
	launch,
	home,
	outbox,
}: Pick<Request, 'launch' | 'home' | 'outbox'>): readonly string[] {
	const {permissions} = launch;
	if (permissions === 'full') return ['--dangerously-bypass-approvals-and-sandbox'];
	const isEditing = permissions === 'edit';
	// The deeper path wins. Codex itself protects `.git`, `.codex` and `.agents` in a workspace.
	const settings = isEditing
		? [[':workspace_roots', table(settingsFolders.map(name => [name, '"read"']))]]
		: [];
	const files = [[home, '"read"'], [outbox, '"write"'], ...settings] as const;
	return [
		'default_permissions="raid"',
		`permissions.raid.extends="${isEditing ? ':workspace' : ':read-only'}"`,
		`permissions.raid.filesystem=${table(files)}`,
	].flatMap(setting => ['-c', setting]);
}

// Every JSON string is a TOML string.
function table(entries: readonly (readonly string[])[]): string {
	return `{${entries.map(([key = '', value = '']) => `${JSON.stringify(key)}=${value}`).join(', ')}}`;
}

const replacing = /^(-s|--sandbox|--full-auto|--dangerously-bypass-approvals-and-sandbox|--yolo)(=|$)/;

/** Warns of arguments that silently switch the profile off, and of those that it makes void. */
export function permissionWarnings({permissions, args}: LaunchOptions): readonly string[] {
	if (permissions === 'full') return [];
	const voiding = args.filter(arg => replacing.test(arg) || /^-s./.test(arg));
	const isVoid = args.some(arg => arg.includes('sandbox_workspace_write'));
	return [
		...voiding.map(
			arg =>
				`${arg} in --args switches off the profile that keeps the agent out of raid's records; use --permissions instead`,
		),
		...(isVoid
			? [
					"sandbox_workspace_write in --args has no effect; the network is opened with --args='-c permissions.raid.network.enabled=true'",
				]
			: []),
	];
}
