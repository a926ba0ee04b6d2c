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
