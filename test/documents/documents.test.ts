import * as v from 'valibot';
import {expect, test} from 'vitest';
import {documents} from '../../src/documents/index.ts';
import {runHere} from '../helpers/cli.ts';
import {aSpaceOs} from '../helpers/space-os.ts';
import {aWorkspace, type TestWorkspace} from '../helpers/workspace.ts';

type Name = keyof typeof documents;

/** Fails unless the text is documents of this name, one a line or one at all; how many. */
function requireDocuments(name: Name, text: string): number {
	const texts = text.startsWith('{\n') ? [text] : text.trimEnd().split('\n');
	for (const one of texts) {
		const {version, ...document} = JSON.parse(one) as {version: number};
		expect(version).toBe(1);
		expect(v.safeParse(documents[name], document).issues, `${name}: ${one}`).toBeUndefined();
	}
	return texts.length;
}

/** A raid with a chain, a failure after a retry, a call, a held mention and what each of the log's events is made of. */
async function aRestedRaid(): Promise<TestWorkspace> {
	const workspace = aWorkspace({
		agents: {
			hailot: [
				[
					{say: 'I look around.'},
					{tool: 'Bash: ls'},
					{print: '{"type":"tool result","text":"a","isError":true}'},
					{usage: {input: 1200, output: 80}},
					{send: '@sonnelot @oplot please'},
				],
			],
			sonnelot: [[{exit: 3}]],
			oplot: [[{send: 'done @human, and @hailot'}]],
		},
		config: {retries: 1},
	});
	await workspace.raid(['send', 'general', '@hailot go']);
	await workspace.rest();
	return workspace;
}

test('the documents of every command that reads fit their schemas', async () => {
	const workspace = await aRestedRaid();
	const [root] = workspace.spawns();
	const reads: readonly (readonly [Name, ...string[]])[] = [
		['raid --once', '--once'],
		['raid --once', '--once', '--all', '--check'],
		['raid recv', 'recv', 'general'],
		['raid channels', 'channels'],
		['raid mentions', 'mentions'],
		['raid mentions', 'mentions', '--held'],
		['raid agents', 'agents'],
		['raid spawns', 'spawns'],
		['raid chain', 'chain'],
		['raid chain', 'chain', 'oplot'],
		['raid logs', 'logs', root?.id ?? ''],
		['raid logs --errors', 'logs', root?.id ?? '', '--raw', '--errors'],
		['raid alerts', 'alerts'],
		['raid health', 'health'],
		['raid limits', 'limits'],
		['raid completion', 'completion', 'fish'],
		['raid help', 'help', 'send'],
	];
	for (const [name, ...argv] of reads) {
		const {stdout, error} = await runHere(workspace, [...argv, '--json']);
		expect(error).toBe('');
		if (stdout !== '') expect(requireDocuments(name, stdout)).toBeGreaterThan(0);
	}
	const once = JSON.parse((await runHere(workspace, ['--once', '--json'])).stdout);

	expect(once.counts).toMatchObject({completed: 2, failed: 1, live: 0});
	expect(once.spawns.map(({state, health}: {state: string; health: null}) => [state, health])).toContainEqual(
		['failed', null],
	);
	const events = (await runHere(workspace, ['logs', root?.id ?? '', '--json'])).stdout;
	expect(events).toMatch(/"type":"tool result","text":"a","isError":true/);
});

test('the documents of every command that changes something fit their schemas', async () => {
	const workspace = aWorkspace({agents: {hailot: [[{waitFor: 'go'}]], oplot: [[{hang: true}]]}});
	await workspace.raid(['send', 'general', '@hailot go']);
	const {id} = await workspace.spawnOf('hailot', spawn => spawn.attempt === 1);
	const changes: readonly (readonly [Name, ...string[]])[] = [
		['raid send', 'send', 'general', 'hello @human and @nobody'],
		['raid channels create', 'channels', 'create', 'review', '--topic', 'reviews'],
		['raid register', 'register', 'reviewer', '--command', 'cat'],
		['raid hold', 'hold', 'review'],
		['raid hold', 'hold', '--agent', 'oplot'],
		['raid hold', 'hold'],
		['raid limits', 'limits', 'maxLive=8', 'stallAfter=5m'],
		['raid release', 'release'],
		['raid release', 'release', '--all'],
		['raid drop', 'drop', '--all'],
		['raid stop', 'stop', id],
		['raid retry', 'retry', id],
		['raid stop', 'stop', '--all'],
		['raid cleanup', 'cleanup'],
		['raid prune', 'prune', '--older-than', '1d', '--dry-run'],
		['raid backup', 'backup', 'copy.db'],
	];
	for (const [name, ...argv] of changes) {
		const {stdout, error} = await runHere(workspace, [...argv, '--json']);
		expect(error).toBe('');
		requireDocuments(name, stdout);
	}
});

test('what sets up a raid fits its schema', async () => {
	const {raid, directory} = aWorkspace({agents: {hailot: [[{done: 'ok'}]]}});

	requireDocuments('raid init', (await raid(['init', '--json', '--home', `${directory}/other`])).stdout);
	requireDocuments('raid doctor', (await raid(['doctor', '--json'])).stdout);
	const roundtrip = await raid(['doctor', '--roundtrip', '--yes', '--json']);
	requireDocuments('raid doctor --roundtrip', roundtrip.stdout);
	requireDocuments('raid demo', (await raid(['demo', 'roundtrip', '--json', '--speed', '10'])).stdout);
});

test('a space-os makes the same documents', async () => {
	const space = aSpaceOs();
	space.addMessage('kaya', '@hailot look at the store');
	space.addSpawn({status: 'paused'});
	space.addSpawn({agent: 'oplot', channel: null, pid: 9_999_999});
	const reads: readonly (readonly [Name, ...string[]])[] = [
		['raid --once', '--once', '--all'],
		['raid recv', 'recv', 'general'],
		['raid channels', 'channels'],
		['raid mentions', 'mentions'],
		['raid agents', 'agents'],
		['raid spawns', 'spawns'],
		['raid chain', 'chain'],
		['raid health', 'health'],
		['raid alerts', 'alerts'],
	];
	for (const [name, ...argv] of reads) requireDocuments(name, (await space.raid([...argv, '--json'])).stdout);
});
