import {expect, test} from 'vitest';
import {defaultLaunch, type LaunchOptions} from '../../src/model/agent.ts';
import {findProvider} from '../../src/providers/index.ts';
import type {Provider} from '../../src/providers/provider.ts';

const request = (launch: Partial<LaunchOptions>, home = '/project/.raid') => ({
	model: 'default',
	launch: {...defaultLaunch, ...launch},
	constitution: null,
	promptFile: `${home}/logs/spawn/prompt.md`,
	cwd: '/project',
	home,
	outbox: `${home}/outbox/spawn`,
	env: {HOME: '/home/me'},
	session: null,
	ordinal: 1,
	attempt: 1,
	runtime: 'node',
	install: '/dist',
});

const providerOf = (name: string) => findProvider(name) as Provider;
const argsOf = (name: string, launch: Partial<LaunchOptions>, home?: string) =>
	providerOf(name).invocation(request(launch, home)).args;
const after = (args: readonly string[], flag: string) => args[args.indexOf(flag) + 1];
const policiesOf = (launch: Partial<LaunchOptions>, home?: string) =>
	providerOf('gemini').files(request(launch, home));

/** The rules of a policy, as Gemini CLI reads them: their patterns are written as JSON strings. */
function rulesOf(policy: string) {
	return policy
		.split('[[rule]]')
		.slice(1)
		.map(text => ({
			text,
			pattern: new RegExp(JSON.parse(/^argsPattern = (.*)$/m.exec(text)?.[1] ?? '""')),
			isAllowed: text.includes('decision = "allow"'),
		}));
}

/** The arguments of a call, as Gemini CLI shows them to a rule. */
function fenced(args: Readonly<Record<string, unknown>>): string {
	const pairs = Object.entries(args).map(
		([key, value]) => `\0${JSON.stringify(key)}:${JSON.stringify(value)}\0`,
	);
	return `{${pairs.join(',')}}`;
}

test('codex opens the outbox of this spawn, and of the rest of .raid nothing', () => {
	expect(argsOf('codex', {permissions: 'edit'})).toEqual(
		expect.arrayContaining([
			'default_permissions="raid"',
			'permissions.raid.extends=":workspace"',
			'permissions.raid.filesystem={"/project/.raid"="read", "/project/.raid/outbox/spawn"="write", ":workspace_roots"={".claude"="read", ".codex"="read", ".gemini"="read"}}',
		]),
	);
	expect(argsOf('codex', {permissions: 'ask-nothing'})).toEqual(
		expect.arrayContaining([
			'permissions.raid.extends=":read-only"',
			'permissions.raid.filesystem={"/project/.raid"="read", "/project/.raid/outbox/spawn"="write"}',
		]),
	);
});

test.each(['ask-nothing', 'edit'] as const)(
	'codex: no flag beside the profile of %s switches it off',
	level => {
		const args = argsOf('codex', {permissions: level, allow: ['npm test']});

		for (const flag of ['-s', '--sandbox', '--add-dir', '--dangerously-bypass-approvals-and-sandbox']) {
			expect(args).not.toContain(flag);
		}
	},
);

test('codex: odd signs in a path stay within their quotes', () => {
	expect(argsOf('codex', {permissions: 'ask-nothing'}, '/a "b" = {c}\\/.raid')).toContain(
		String.raw`permissions.raid.filesystem={"/a \"b\" = {c}\\/.raid"="read", "/a \"b\" = {c}\\/.raid/outbox/spawn"="write"}`,
	);
});

test('claude may run what is allowed, and edits neither raid’s records nor what CLIs run by themselves', () => {
	const args = argsOf('claude', {permissions: 'edit', allow: ['npm test', 'npx vitest run *']});
	const from = args.indexOf('--permission-mode');

	expect(args.slice(from, from + 11)).toEqual([
		...['--permission-mode', 'acceptEdits'],
		...['--allowedTools', 'Bash(raid send:*)', 'Bash(npm test)', 'Bash(npx vitest run:*)'],
		...[
			'--disallowedTools',
			'Edit(//project/.raid/**)',
			'Edit(.raid/**)',
			'Edit(.claude/**)',
			'Edit(.codex/**)',
		],
	]);
	expect(argsOf('claude', {permissions: 'ask-nothing'})).toContain('dontAsk');
});

test('claude: a sign that its rules would read as their own is matched by any sign', () => {
	expect(argsOf('claude', {}, '/a (b)*,[c]/.raid')).toContain('Edit(//a??b????c?/.raid/**)');
});

test('claude does not wait for a quota by itself, whatever the operator’s own environment says', () => {
	const {env, args} = providerOf('claude').invocation(request({}));

	expect(env.CLAUDE_CODE_RETRY_WATCHDOG).toBe('0');
	// After INT it would believe that the operator rejected the call at which it was stopped.
	expect(providerOf('claude').gentleSignal).toBe('SIGTERM');
	expect(args).not.toContain('--dangerously-skip-permissions');
});

test.each(['claude', 'gemini'])('%s: full means full', name => {
	const args = argsOf(name, {permissions: 'full'});

	expect(args.join(' ')).toMatch(/--dangerously-skip-permissions|--approval-mode yolo/);
	expect(args.join(' ')).not.toMatch(/policy|Tools/);
	expect(providerOf(name).files(request({permissions: 'full'}))).toEqual({});
});

test('gemini stays in the mode in which no redirection passes, and keeps the operator’s own policies', () => {
	const args = argsOf('gemini', {permissions: 'edit'});

	expect(after(args, '--approval-mode')).toBe('default');
	expect(args.join(' ')).toContain(
		'--admin-policy /project/.raid/logs/spawn/gemini-guard.toml --policy /project/.raid/logs/spawn/gemini-policy.toml --policy /home/me/.gemini/policies',
	);
});

test('gemini: no spelling of a path reaches raid’s records, and nothing else is refused', () => {
	const rules = rulesOf(policiesOf({})['gemini-guard.toml'] ?? '');
	const isDenied = (path: string, content = '') =>
		rules.some(({pattern}) => pattern.test(fenced({content, file_path: path})));

	for (const path of [
		'.raid/y',
		'/project/.raid/y',
		'sub/../.raid//y',
		'a"b/../.raid/y',
		'.RAID/y',
		'.claude/settings.json',
	]) {
		expect(isDenied(path)).toBe(true);
	}
	for (const path of ['.raidx/y', 'src/raid/y', 'notes.raid', 'src/.claudex']) {
		expect(isDenied(path, '"file_path":".raid/y"')).toBe(false);
	}
	expect(rules.every(({isAllowed}) => !isAllowed)).toBe(true);
});

test.each<[string, Readonly<Record<string, unknown>>, boolean]>([
	['a message', {command: 'raid send general "hi"', description: 'x'}, true],
	['an allowed command', {command: 'npm test'}, true],
	['an allowed command with arguments', {command: 'npm test -- --x'}, false],
	['a command whose arguments are free', {command: 'npx vitest run a b'}, true],
	['the same without any', {command: 'npx vitest run'}, true],
	['a command that begins alike', {command: 'npm testevil'}, false],
	['another one', {command: 'raid stop --all'}, false],
	['a command that begins alike, with a backslash', {command: 'raid send\\evil x'}, false],
	[
		'one hidden in an argument that the tool does not know',
		{command: 'touch x', extra: {command: 'raid send x'}},
		false,
	],
	['one hidden in a description', {command: 'touch x', description: '"command":"raid send x'}, false],
	['a dot that stands for any sign', {command: 'node axjs'}, false],
])('gemini: %s', (_, args, expected) => {
	const policy =
		policiesOf({allow: ['npm test', 'npx vitest run *', 'node a.js']})['gemini-policy.toml'] ?? '';
	const allowing = rulesOf(policy).filter(
		({text, isAllowed}) => isAllowed && text.includes('run_shell_command'),
	);

	expect(allowing.some(({pattern}) => pattern.test(fenced(args)))).toBe(expected);
	expect(allowing.every(({text}) => text.includes('allowRedirection = false'))).toBe(true);
});

test('gemini may write files only with edit, and no rule is one that it leaves out in silence', () => {
	const policies = [
		policiesOf({permissions: 'edit', allow: ['npm test *']}),
		policiesOf({permissions: 'ask-nothing'}, '/a (b*)+/.ra+(i)d'),
	].flatMap(files => Object.values(files));
	const mayWrite = (policy = '') =>
		rulesOf(policy).some(({text, isAllowed}) => isAllowed && text.includes('write_file'));

	expect(mayWrite(policies[1])).toBe(true);
	expect(mayWrite(policies[3])).toBe(false);
	for (const {pattern} of policies.flatMap(rulesOf)) {
		// The CLI's own test for a pattern that it does not load.
		expect(pattern.source).not.toMatch(/\([^)]*[*+?{].*\)[*+?{]/);
		expect(pattern.source.length).toBeLessThan(2048);
	}
});

test('a command that only a forged record can hold is no rule', () => {
	const allow = ['npm test) Bash(*', '.*'];

	expect(argsOf('claude', {allow})).toEqual(argsOf('claude', {}));
	expect(policiesOf({allow})).toEqual(policiesOf({}));
});
