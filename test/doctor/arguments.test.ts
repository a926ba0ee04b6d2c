import {expect, test} from 'vitest';
import {argumentWarnings} from '../../src/doctor/arguments.ts';

test.each([
	['codex', '-s workspace-write', /takes the place of raid's permission profile/],
	['codex', '--sandbox=danger-full-access', /takes the place/],
	['codex', '--dangerously-bypass-approvals-and-sandbox', /takes the place/],
	['codex', '-c sandbox_workspace_write.network_access=true', /has no effect/],
	['codex', '-c permissions.raid.filesystem={}', /changes raid's permission profile/],
	['claude', '--dangerously-skip-permissions', /lets the agent do everything/],
	['claude', '--permission-mode bypassPermissions', /lets the agent do everything/],
	['claude', '--allowedTools Bash', /run every command/],
	['gemini', '--approval-mode=yolo', /by a redirection/],
	['gemini', '--allowed-tools run_shell_command', /run every command/],
	['gemini', '--admin-policy rules.toml', /may replace the rules/],
])('%s: the argument %s is a warning, except at level full', (provider, words, text) => {
	const args = words.split(' ');

	expect(argumentWarnings(provider, {args, permissions: 'edit'})).toMatchObject([
		{text: expect.stringMatching(text)},
	]);
	expect(argumentWarnings(provider, {args, permissions: 'full'})).toEqual([]);
});

test.each([
	['codex', '-c permissions.raid.network.enabled=true'],
	['codex', '-c model_reasoning_effort=high'],
	['claude', '--allowedTools Bash(npm test)'],
	['claude', '--max-turns 20'],
	['gemini', '--include-directories ../other'],
])('%s: the argument %s is fine', (provider, words) => {
	expect(argumentWarnings(provider, {args: words.split(' '), permissions: 'edit'})).toEqual([]);
});
