import {type ChildProcess, spawn as startProcess} from 'node:child_process';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import type {Spawn} from '../../src/model/spawn.ts';
import {readProcess} from '../../src/process/table.ts';
import {type CliName, cliNames, findAgentClis} from '../helpers/agent-clis.ts';
import {claudeLimit, codexLimit, geminiLimit} from '../helpers/model-server/limits.ts';
import type {ModelRequest, Reply} from '../helpers/model-server/server.ts';
import {aRealRaid} from '../helpers/real-raid.ts';
import {openTerminal} from '../helpers/terminal.ts';
import {until} from '../helpers/wait.ts';
import {processesOf} from '../helpers/workspace.ts';

// The real CLIs against a stub model on loopback: npm run test:providers.

const isWanted = process.env.RAID_REAL === '1';
const found = isWanted ? findAgentClis() : null;
const missing = cliNames.filter(name => found?.[name].path == null);
if (found !== null) {
	for (const name of cliNames) {
		const cli = found[name];
		console.log(cli.path === null ? `${name}: skipped, ${cli.reason}` : `${name} ${cli.version}`);
	}
}

const clis = cliNames.filter(name => !missing.includes(name));
const apis = {claude: 'anthropic', codex: 'openai', gemini: 'gemini'} as const;
const cliOf = ({api}: ModelRequest) => cliNames.find(name => apis[name] === api) as CliName;

const hasEnded = ({status}: Spawn) => status !== 'pending' && status !== 'running';

describe.skipIf(!isWanted)('the real CLIs', () => {
	test.skipIf(missing.length > 0).each([
		['claude', 'codex'],
		['codex', 'gemini'],
		['gemini', 'claude'],
	] as const)('a mention runs %s, whose tool mentions %s, which calls the human', async (first, second) => {
		const says = {
			[first]: `raid send general 'your turn @${second}'`,
			[second]: `raid send general 'done @human'`,
		};
		const raid = await aRealRaid(request =>
			request.toolResults.length === 0 ? {shell: says[cliOf(request)] ?? 'true'} : {text: 'Sent.'},
		);
		const spawn = await raid.mention(first, hasEnded);
		await raid.rest();
		const [one, two] = raid.spawns();

		expect(spawn).toMatchObject({status: 'completed', attempt: 1, failure: null});
		expect(two).toMatchObject({agent: second, status: 'completed', parentId: one?.id});
		expect(raid.messages().map(({from, text}) => [from, text])).toEqual([
			['human', `@${first} go`],
			[first, `your turn @${second}`],
			[second, 'done @human'],
		]);
		for (const ended of [one, two]) {
			expect(ended?.tokensIn).toBeGreaterThan(1000);
			expect(ended?.costUsd === null).toBe(ended?.provider !== 'claude');
			expect(existsSync(ended?.sessionFile ?? '')).toBe(true);
			expect(ended?.sessionFile).toContain(ended?.sessionId?.slice(0, 8));
			expect((await raid.raid(['logs', ended?.id ?? ''])).stdout).toMatch(/raid send general[\s\S]*Sent\./);
		}
		await raid.isEmpty();
	});

	test.each(clis)('%s: prompt and constitution of 300 KB of odd characters arrive unchanged', async name => {
		const odd = `'"\`\`\`$(touch owned)\`touch owned\` \\ %s !! ~ é漢 --flag # / @nobody\n`.repeat(5000);
		const raid = await aRealRaid(() => ({text: 'Read.'}));
		const file = join(raid.home, 'agents', `${name}.md`);
		writeFileSync(file, `BEGIN ${odd} END`);
		const spawn = await raid.mention(name, hasEnded, `MESSAGE ${odd} END`);
		const heard = raid.server.requests.filter(request => request.hasTools).map(heardBy);

		expect(spawn.failure).toBeNull();
		expect(heard.some(text => text.includes(`BEGIN ${odd} END`))).toBe(true);
		expect(heard.some(text => text.includes(`MESSAGE ${odd} END`.replace(/\n/g, '\n> ')))).toBe(true);
		expect(existsSync(join(raid.directory, 'owned'))).toBe(false);
	});

	test.each(clis)('%s: a 401 is final after one attempt, and the failure says so', async name => {
		const raid = await aRealRaid(() => ({status: 401, message: 'invalid key'}), {
			env: {CLAUDE_CODE_MAX_RETRIES: '2'},
		});
		const spawn = await raid.mention(name, hasEnded);

		expect(spawn).toMatchObject({status: 'failed', attempt: 1});
		expect(spawn.failure).toMatch(/401|invalid/i);
	});

	test.each(clis)('%s: a used-up quota parks the spawn until the time that the API gives', async name => {
		const resetsAt = Math.floor(Date.now() / 1000) + 3 * 3600;
		const limits = {
			claude: claudeLimit(resetsAt),
			codex: codexLimit(resetsAt),
			gemini: geminiLimit(
				'You have exhausted your capacity on this model. Your quota will reset after 3h0m0s.',
				10_800,
			),
		};
		const raid = await aRealRaid(request => limits[cliOf(request)], {
			env: {ANTHROPIC_API_KEY: '', CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-made-up'},
		});
		const spawn = await raid.mention(name, ({isParked, resumeAt}) => isParked && resumeAt !== null);

		expect(Math.abs((spawn.resumeAt ?? 0) - resetsAt * 1000)).toBeLessThan(90_000);
		expect((await raid.raid(['--once'])).stdout).toMatch(/quota +.* until 20/);
	});

	test.each(clis)(
		'%s: repeated 500s are shown as a stall with its reason, and stopping leaves nothing behind',
		async name => {
			const raid = await aRealRaid(() => ({status: 500, message: 'broken'}), {config: {stallAfter: '2s'}});
			await raid.mention(name, ({retry}) => (retry?.count ?? 0) >= 2);
			let health = '';
			while (!health.includes('retrying')) ({stdout: health} = await raid.raid(['health']));
			await raid.raid(['stop', '--all']);

			expect(health).toMatch(/stalled: retrying: .+ \(\d+ times\) for \d+s/);
			expect(raid.spawns()[0]?.status).toBe('killed');
			await raid.isEmpty();
		},
	);

	test.each(clis)('%s: an unreachable server is reported as one', async name => {
		const raid = await aRealRaid(() => ({text: ''}), {config: {stallAfter: '2s'}});
		await raid.server.close();
		const spawn = await raid.mention(name, ({retry}) => (retry?.count ?? 0) >= 1);
		await raid.raid(['stop', '--all']);

		expect(spawn.retry?.text).toMatch(/connect|Connection/);
		await raid.isEmpty();
	});

	test.each(clis)('%s: a stalled stream is shown, and x kills everything', async name => {
		const raid = await aRealRaid(() => ({silence: 'midway'}), {config: {stallAfter: '4s'}});
		const terminal = openTerminal([], {cwd: raid.directory, env: raid.env});
		await terminal.shows('no spawns yet');
		await raid.mention(name, ({process}) => process !== null);
		await terminal.shows(/stalled: no output for/);
		terminal.press('xy');
		await terminal.shows(/was killed \(pid/);
		await until('it is killed', () => raid.spawns()[0]?.status === 'killed');
		terminal.press('q');
		await terminal.ended();
		await raid.isEmpty();
	});

	test.each(clis)('%s: stopping also ends tools, which run in sessions of their own', async name => {
		const raid = await aRealRaid(() => ({shell: 'setsid sleep 4321 & sleep 4321'}), {
			launch: {permissions: 'full'},
		});
		await raid.mention(name, ({process}) => process !== null);
		const tools = () => processesOf(raid.home).filter(({pid}) => isSleep(pid));
		await until('both tools run', () => tools().length >= 2);
		const {exitCode} = await raid.raid(['stop', '--all']);

		expect(exitCode).toBe(0);
		expect(raid.spawns()[0]?.status).toBe('killed');
		await raid.isEmpty();
	});

	test.each(clis)('%s: an agent at level ask-nothing can post, but changes nothing', async name => {
		const raid = await aRealRaid(
			({toolResults}) =>
				[
					{shell: 'touch evil'},
					{shell: 'raid send general hi > evil'},
					{shell: 'echo evil >> .raid/bin/raid'},
					{shell: `raid send general 'may I? @human'`},
					{text: 'Asked.'},
				][Math.min(4, toolResults.length)] as Reply,
			{launch: {permissions: 'ask-nothing'}},
		);
		const spawn = await raid.mention(name, hasEnded);

		expect(spawn.status).toBe('completed');
		// What the sandbox of Codex refuses is in its session file, as far as the command says so.
		expect(spawn.denials.length).toBeGreaterThan(0);
		expect(raid.messages().map(({from, text}) => [from, text])).toContainEqual([name, 'may I? @human']);
		expect(existsSync(join(raid.directory, 'evil'))).toBe(false);
		expect(readFileSync(join(raid.home, 'bin', 'raid'), 'utf8')).not.toContain('evil');
	});

	test.skipIf(missing.includes('claude'))(
		'claude: an agent at level edit changes the project, but not the records of raid',
		async () => {
			const steps: readonly Reply[] = [{shell: 'touch fine'}, {shell: 'touch .raid/evil'}, {text: 'Tried.'}];
			const raid = await aRealRaid(({toolResults}) => steps[Math.min(2, toolResults.length)] as Reply);
			await raid.mention('claude', hasEnded);

			expect(existsSync(join(raid.directory, 'fine'))).toBe(true);
			expect(existsSync(join(raid.home, 'evil'))).toBe(false);
			expect(raid.messages().at(-1)).toMatchObject({from: 'claude', text: 'Tried.'});
		},
	);

	test.each(clis)(
		'%s: a resumed session continues the conversation, and counts only its new tokens',
		async name => {
			const raid = await aRealRaid(() => ({text: 'The word is Wolkenkuckucksheim.'}), {
				launch: {isResuming: true},
			});
			const first = await raid.mention(name, hasEnded);
			await raid.raid(['send', 'general', `@${name} which word?`]);
			const second = await raid.spawnOf(name, spawn => spawn.id !== first.id && hasEnded(spawn));
			const heard = raid.server.requests.findLast(request => request.hasTools)?.text ?? '';

			expect(second).toMatchObject({status: 'completed', sessionId: first.sessionId});
			// Once as the answer of the session, once as a message of the channel.
			expect(heard.split('Wolkenkuckucksheim').length - 1).toBeGreaterThanOrEqual(2);
			expect(second.tokensIn).toBeLessThan(2.5 * (first.tokensIn ?? 0));
			if (name === 'claude') expect(second.costUsd).toBeLessThan(1.8 * (first.costUsd ?? 0));
		},
	);

	test.skipIf(missing.length > 0)(
		'doctor --live makes one call with each CLI, and reports which of them fail',
		async () => {
			const raid = await aRealRaid(request =>
				request.api === 'openai' ? {status: 401, message: 'invalid key'} : {text: 'ok'},
			);
			const {stdout, exitCode} = await raid.raid(['doctor', '--live', '--json']);
			const {findings} = JSON.parse(stdout) as {findings: {subject: string; level: string; text: string}[]};
			const about = (subject: string) => findings.filter(finding => finding.subject === subject);

			expect(exitCode).toBe(1);
			expect(about('claude').at(-1)).toMatchObject({level: 'ok', text: 'model default answers'});
			expect(about('gemini').at(-1)).toMatchObject({level: 'ok', text: 'model default answers'});
			expect(about('codex').at(-1)).toMatchObject({level: 'problem', text: expect.stringContaining('401')});
			// A version that nobody has run yet is a warning.
			expect(about('claude')[0]?.level).not.toBe('problem');
			expect(about('claude')[0]?.text).toContain(found?.claude.path ?? '');
			expect(raid.spawns()).toEqual([]);
			await raid.isEmpty();
		},
	);

	test.skipIf(missing.length > 0)(
		'doctor --roundtrip lets each CLI answer from inside its sandbox by raid send',
		async () => {
			const raid = await aRealRaid(({toolResults}) =>
				toolResults.length === 0 ? {shell: 'raid send --done doctor ok'} : {text: 'Sent.'},
			);
			const {stdout, exitCode} = await raid.raid(['doctor', '--roundtrip', '--yes', '--json']);
			const {roundtrips} = JSON.parse(stdout) as {
				roundtrips: {agent: string; isOk: boolean; reason: string}[];
			};

			expect(roundtrips.map(({agent, isOk, reason}) => [agent, isOk, reason])).toEqual(
				cliNames.map(name => [name, true, null]),
			);
			expect(exitCode).toBe(0);
			await raid.isEmpty();
		},
	);

	test.skipIf(missing.includes('codex'))(
		'doctor runs the sandbox of Codex, and says when the system does not let it',
		async () => {
			const raid = await aRealRaid(() => ({text: ''}));
			const {stdout} = await raid.raid(['doctor', 'codex', '--json']);
			const {findings} = JSON.parse(stdout) as {findings: {subject: string; text: string; level: string}[]};

			expect(findings.filter(({subject}) => subject === 'codex').at(-1)).toMatchObject({
				level: 'ok',
				text: 'the sandbox of Codex runs, and closes what it must',
			});
		},
	);

	test.skipIf(missing.includes('codex'))(
		'codex hangs forever on a standard input that never ends, but not when raid starts it',
		async () => {
			const raid = await aRealRaid(() => ({text: 'Hello.'}));
			const args = ['exec', '--json', '--skip-git-repo-check', '-c', 'analytics.enabled=false', 'Say hello.'];
			const hanging = startProcess(found?.codex.path ?? '', args, {
				cwd: raid.directory,
				env: {...raid.env, RAID_HOME: raid.home},
				stdio: ['pipe', 'pipe', 'pipe'],
			});
			const printed = collect(hanging);
			await until('it waits for its standard input', () => printed().includes('Reading additional input'));
			const ours = await raid.mention('codex', hasEnded);

			expect(ours).toMatchObject({status: 'completed', failure: null});
			expect(hanging.exitCode).toBeNull();
			expect(printed()).not.toContain('thread.started');
			expect(raid.server.requests.filter(request => request.prompt.includes('Say hello.'))).toEqual([]);
			hanging.stdin?.end();
			await until('it continues as soon as that ends', () => printed().includes('thread.started'));
			await until('it ends', () => hanging.exitCode !== null);
		},
	);
});

/** Everything that the model was sent, with Gemini's escapes removed. */
function heardBy({api, system, prompt}: ModelRequest): string {
	const text = `${system}\n${prompt}`;
	return api === 'gemini' ? text.replaceAll('\\@', '@') : text;
}

function isSleep(pid: number): boolean {
	try {
		return readProcess(pid) !== null && readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('sleep\0');
	} catch {
		return false;
	}
}

function collect(child: ChildProcess): () => string {
	let text = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream?.on('data', data => {
			text += data;
		});
	}
	return () => text;
}
