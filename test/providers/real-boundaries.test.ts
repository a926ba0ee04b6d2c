import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {v7 as newId} from 'uuid';
import {describe, expect, onTestFinished, test} from 'vitest';
import type {Spawn} from '../../src/model/spawn.ts';
import {outboxFolder, promptPath} from '../../src/workspace/paths.ts';
import {type CliName, cliNames, findAgentClis} from '../helpers/agent-clis.ts';
import type {Reply} from '../helpers/model-server/server.ts';
import {aRealRaid} from '../helpers/real-raid.ts';

// What the real CLIs let a hostile model write: npm run test:providers.

const isWanted = process.env.RAID_REAL === '1';
const found = isWanted ? findAgentClis() : null;
const clis = cliNames.filter(name => found?.[name].path != null);

const hasEnded = ({status}: Spawn) => status !== 'pending' && status !== 'running';
const hostile = 'HOSTILE';

const levels = clis.flatMap(name => (['ask-nothing', 'edit'] as const).map(level => [name, level] as const));

describe.skipIf(!isWanted)('the sandboxes of the real CLIs', () => {
	test.each(levels)(
		'%s with %s writes nothing of .raid but its own outbox, and speaks from there',
		async (name, level) => {
			const outside = aFolderOutside();
			const [other, another] = [newId(), newId()];
			const raid = await aRealRaid(
				({toolResults}) => {
					const calls = attacks(name, {home: raid.home, outside, other, another});
					return calls[toolResults.length] ?? {text: 'I have tried.'};
				},
				{launch: {permissions: level}},
			);
			mkdirSync(outboxFolder(raid.home, other), {recursive: true});
			const spawn = await raid.mention(name, hasEnded);

			expect(spawn).toMatchObject({status: 'completed', failure: null});
			expect(raid.messages().map(({from, text}) => [from, text])).toEqual([
				['human', `@${name} go`],
				[name, 'from inside'],
			]);
			expect(existsSync(join(raid.directory, 'inside.txt'))).toBe(level === 'edit');
			for (const path of targets({home: raid.home, outside, other, another})) {
				// The store itself says which calls were refused.
				const isWritten = contentOf(path).trimEnd().endsWith(hostile);
				expect(`${path}: ${isWritten}`).toBe(`${path}: false`);
			}
			expect(contentOf(promptPath(raid.home, spawn.id))).not.toContain(hostile);
			for (const folder of ['.claude', '.codex', '.gemini']) {
				expect(contentOf(join(raid.directory, folder, 'settings.json'))).not.toContain(hostile);
			}
			await raid.isEmpty();
		},
	);

	test.each(clis)('%s: a call that is refused is in the log, and an allowed command runs', async name => {
		const calls: readonly Reply[] = [
			{shell: 'npm test'},
			name === 'codex' ? {shell: `echo ${hostile} > .raid/config.json`} : {shell: 'npm run evil'},
			{text: 'Tested.'},
		];
		const raid = await aRealRaid(({toolResults}) => calls[Math.min(2, toolResults.length)] as Reply, {
			launch: {allow: ['npm test']},
		});
		const scripts = {test: 'echo ran > tested', evil: 'echo ran > evil'};
		writeFileSync(join(raid.directory, 'package.json'), JSON.stringify({scripts}));
		const spawn = await raid.mention(name, hasEnded);
		const {stdout} = await raid.raid(['logs', spawn.id]);

		expect(spawn.status).toBe('completed');
		expect(existsSync(join(raid.directory, 'tested'))).toBe(true);
		expect(existsSync(join(raid.directory, 'evil'))).toBe(false);
		// The output of Codex leaves out what its sandbox stopped; its session file has it.
		if (name !== 'codex') expect(stdout).toMatch(/denied: /);
		const refused = {
			claude: 'Bash(npm run evil)',
			codex: `shell(echo ${hostile} > .raid/config.json)`,
			gemini: 'run_shell_command(npm run evil)',
		};
		expect(raid.spawns()[0]?.denials).toEqual([{text: refused[name], count: 1}]);
		await raid.isEmpty();
	});

	test.each(clis)('%s: its tokens are known while it works', async name => {
		const raid = await aRealRaid(({toolResults}) =>
			toolResults.length < 2 ? {shell: `raid send general '${toolResults.length}'`} : {silence: 'before'},
		);
		const spawn = await raid.mention(
			name,
			({tokensIn, tokensOut}) => (tokensIn ?? 0) > 0 && (tokensOut ?? 0) > 20,
		);
		await raid.raid(['stop', '--all']);

		expect(spawn.status).toBe('running');
		// Two answers of some 20 tokens each; that of its beginning would be 1.
		expect(spawn.tokensOut).toBeLessThan(200);
		await raid.isEmpty();
	});

	test.skipIf(!clis.includes('gemini'))(
		'gemini: a command that is hidden in an argument which its tool does not know does not run',
		async () => {
			const hidden = {command: 'touch evil', extra: {command: 'raid send x'}};
			const calls: readonly Reply[] = [{tool: 'run_shell_command', input: hidden}, {text: 'Tried.'}];
			const raid = await aRealRaid(({toolResults}) => calls[Math.min(1, toolResults.length)] as Reply);
			await raid.mention('gemini', hasEnded);

			expect(existsSync(join(raid.directory, 'evil'))).toBe(false);
		},
	);

	test.skipIf(!clis.includes('gemini'))(
		'gemini: the operator’s own policies count beside ours, except for what ours deny',
		async () => {
			const calls: readonly Reply[] = [
				{shell: 'echo mine'},
				{tool: 'write_file', input: {file_path: 'secret.txt', content: hostile}},
				{tool: 'write_file', input: {file_path: '.raid/config.json', content: hostile}},
				{text: 'Tried.'},
			];
			const raid = await aRealRaid(({toolResults}) => calls[Math.min(3, toolResults.length)] as Reply);
			const folder = join(raid.directory, 'home', '.gemini', 'policies');
			mkdirSync(folder, {recursive: true});
			writeFileSync(join(folder, 'mine.toml'), ownPolicy);
			const spawn = await raid.mention('gemini', hasEnded);
			const {stdout} = await raid.raid(['logs', spawn.id]);

			expect(stdout).toMatch(/echo mine[\s\S]*mine/);
			expect(existsSync(join(raid.directory, 'secret.txt'))).toBe(false);
			expect(contentOf(join(raid.home, 'config.json'))).not.toContain(hostile);
		},
	);

	test.skipIf(!clis.includes('codex'))(
		'codex: the network is closed, until the agent’s own arguments open it',
		async () => {
			const ask = (raid: {server: {url: string}}) =>
				`curl -s -o answer ${raid.server.url}/ && echo reached > reached`;
			const open = ['-c', 'permissions.raid.network.enabled=true'];
			for (const [args, isReached] of [
				[[], false],
				[open, true],
			] as const) {
				const raid = await aRealRaid(
					({toolResults}) => (toolResults.length === 0 ? {shell: ask(raid)} : {text: 'Asked.'}),
					{launch: {args}},
				);
				await raid.mention('codex', hasEnded);

				expect(existsSync(join(raid.directory, 'reached'))).toBe(isReached);
			}
		},
	);
});

const ownPolicy = `
[[rule]]
toolName = "run_shell_command"
commandPrefix = "echo mine"
decision = "allow"
priority = 500

[[rule]]
toolName = "write_file"
argsPattern = "secret"
decision = "deny"
priority = 500

[[rule]]
toolName = "write_file"
decision = "allow"
priority = 999
argsPattern = "config.json"
`;

interface Places {
	readonly home: string;
	readonly outside: string;
	readonly other: string;
	readonly another: string;
}

/** The files that a hostile agent tries to write; none of them is there for it. */
function targets({home, outside, other, another}: Places): readonly string[] {
	return [
		...['raid.db', 'raid.db-wal', 'config.json', 'bin/raid', 'agents/claude.md', 'new', 'logs/new'].map(
			name => join(home, name),
		),
		join(outboxFolder(home, other), 'message.json'),
		join(outboxFolder(home, another), 'message.json'),
		join(outside, 'file'),
	];
}

/** The calls of a hostile agent: it writes wherever it likes, and then speaks. */
function attacks(name: CliName, places: Places): readonly Reply[] {
	const paths = targets(places);
	const byShell = paths.map(path => `mkdir -p $(dirname ${path}) 2>&1; (echo ${hostile} >> ${path}) 2>&1`);
	const settings = ['.claude', '.codex', '.gemini'].map(folder => `${folder}/settings.json`);
	const rename = `mv .raid moved 2>&1; echo ${hostile} > inside.txt`;
	const said: Reply = {shell: `raid send general 'from inside'`};
	const tool = {claude: 'Write', gemini: 'write_file', codex: null}[name];
	if (tool === null) {
		const all = [
			...byShell,
			...settings.map(path => `mkdir -p $(dirname ${path}); echo ${hostile} > ${path}`),
			rename,
		];
		return [{shell: `${all.join('; ')}; true`}, said];
	}
	const written = [...paths, ...settings, 'inside.txt'];
	return [
		...written.map(path => ({tool, input: {file_path: path, content: hostile}})),
		...byShell.map(shell => ({shell})),
		{shell: `raid send general hidden > ${places.home}/new`},
		{shell: rename},
		said,
	];
}

/** A folder that belongs to nobody's working directory. System temp is open to Codex, as its docs say. */
function aFolderOutside(): string {
	const folder = mkdtempSync('/var/tmp/raid-outside-');
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	return folder;
}

function contentOf(path: string): string {
	return existsSync(path) ? readFileSync(path, 'latin1') : '';
}
