import {expect, test} from 'vitest';
import {workspaceBackend} from '../../../src/backend/workspace/backend.ts';
import {postMessage} from '../../../src/bridge/post.ts';
import {everySpawn, presentQuery} from '../../../src/model/query.ts';
import {addSpawn} from '../../../src/store/life.ts';
import {until} from '../../helpers/wait.ts';
import {aWorkspace, type TestWorkspace} from '../../helpers/workspace.ts';

function say({opened}: TestWorkspace, text: string, from = 'human') {
	return postMessage(opened, {channel: 'general', from, spawnId: null, text, claim: null}).message;
}

test('messages are read page by page, from the latest back', () => {
	const workspace = aWorkspace();
	for (const number of [1, 2, 3, 4, 5]) say(workspace, `message ${number}`);
	const backend = workspaceBackend(workspace.opened);
	const page = (before: string | null) =>
		backend.read({...presentQuery, messages: {count: 2, before}}).messages;
	const last = page(null);
	const middle = page(last[0]?.id ?? null);
	const first = page(middle[0]?.id ?? null);

	expect([last, middle, first].map(messages => messages.map(({text}) => text))).toEqual([
		['message 4', 'message 5'],
		['message 2', 'message 3'],
		['message 1'],
	]);
});

test('a spawn is inspected with its attempts, the messages that it answers, and its events', async () => {
	const workspace = aWorkspace({agents: {a: [[{exit: 1, attempt: 1}, {say: 'done'}]]}});
	await workspace.raid(['send', 'general', '@a go']);
	await workspace.rest();
	const inspected = workspace.spawns()[0]?.id ?? '';
	const raid = workspaceBackend(workspace.opened).read({...presentQuery, inspected});

	expect(raid.inspected?.attempts.map(({attempt, exitCode}) => [attempt, exitCode])).toEqual([
		[1, 1],
		[2, 0],
	]);
	expect(raid.inspected?.triggers.map(({text}) => text)).toEqual(['@a go']);
	const kinds = raid.inspected?.events.map(({kind}) => kind) ?? [];
	expect([kinds[0], kinds.at(-1)]).toEqual(['spawn-created', 'spawn-ended']);
});

test('the raid is shown as it was at an instant', async () => {
	const workspace = aWorkspace({agents: {a: [[{waitFor: 'go'}, {send: 'what now @human?'}]]}});
	const backend = workspaceBackend(workspace.opened);
	await workspace.raid(['send', 'general', '@a go']);
	await workspace.spawnOf('a', spawn => spawn.process !== null && spawn.status === 'running');
	const during = Date.now();
	await until('the clock to move on', () => Date.now() > during);
	workspace.go();
	await workspace.rest();
	await backend.mend();
	const then = backend.read({...everySpawn, at: during});
	const now = backend.read({...everySpawn, at: Date.now()});

	expect(then.spawns.map(({state}) => state)).toEqual(['working']);
	expect(then.messages.map(({text}) => text)).toEqual(['@a go']);
	expect(then.alerts).toEqual([]);
	const present = backend.read(everySpawn);
	expect(now.spawns.map(({state}) => state)).toEqual(present.spawns.map(({state}) => state));
	expect(now.messages).toMatchObject(present.messages);
	expect(now.alerts).toEqual(present.alerts);
	expect(now.agents).toMatchObject(present.agents);
	expect(now.channels).toEqual(present.channels);
	expect([now.counts, now.totals, now.held]).toEqual([present.counts, present.totals, present.held]);
});

test('a name is unique among all spawns, also among those that are not shown', () => {
	const workspace = aWorkspace({agents: {a: [], b: []}});
	const {opened} = workspace;
	const {id: messageId} = say(workspace, 'hello');
	for (const [agent, id] of [
		['a', '019a0000-0000-7000-8000-00000001abcd'],
		['b', '019a0000-0000-7000-8000-00000002abcd'],
	] as const) {
		const {machine, boot, namespace} = opened;
		const origin = {agent, parentId: null, messageId, rootMessageId: messageId, retryOf: null};
		const engine = {provider: 'scripted', model: null, role: null};
		addSpawn(opened.store, {
			id,
			channel: 'general',
			createdAt: Date.now(),
			machine,
			boot,
			namespace,
			...origin,
			...engine,
		});
	}
	opened.store.prepare(`UPDATE spawns SET status = 'completed', ended_at = '2026-01-01T00:00:00.000Z'`).run();
	const raid = workspaceBackend(opened).read({...presentQuery, spawns: 1});

	expect(raid.spawns.map(({shortId}) => shortId)).toEqual(['2abcd']);
	expect(raid.hidden).toBe(1);
});
