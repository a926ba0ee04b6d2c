import {expect, test} from 'vitest';
import {perform} from '../../src/actions/perform.ts';
import {postMessage} from '../../src/bridge/post.ts';
import {retrySpawn} from '../../src/bridge/retry.ts';
import {listStartable} from '../../src/store/claims.ts';
import {endSpawn, markKilled, markTombstone} from '../../src/store/life.ts';
import {listTriggers} from '../../src/store/messages.ts';
import {startConditions} from '../../src/workspace/open.ts';
import {aWorkspace} from '../helpers/workspace.ts';

const agents = {a: [[{send: 'done @human'}]], b: [[]]};

function aPost(text: string) {
	return {channel: 'general', from: 'human', spawnId: null, text, claim: null};
}

test('an ended spawn is tried again as a new one, with the same messages, whatever was killed or is on hold', async () => {
	const workspace = aWorkspace({agents});
	const {opened} = workspace;
	postMessage(opened, aPost('@a go'));
	const [first] = workspace.spawns();
	markKilled(opened.store, first?.id ?? '', 'human', Date.now());
	markTombstone(opened.store, first?.id ?? '', Date.now());
	endSpawn(opened.store, first?.id ?? '', {status: 'killed', failure: null}, Date.now());
	await perform(opened, {type: 'hold', scope: {type: 'all'}});
	const {spawn, isQueued} = retrySpawn(opened, first?.id ?? '');
	const again = workspace.spawns().find(({id}) => id === spawn);

	expect(isQueued).toBe(false);
	expect(again).toMatchObject({
		agent: 'a',
		status: 'pending',
		retryOf: first?.id,
		messageId: first?.messageId,
		rootMessageId: first?.messageId,
	});
	expect(listTriggers(opened.store, spawn).map(({text}) => text)).toEqual(['@a go']);
	expect(listStartable(opened.store, startConditions(opened))).toEqual([spawn]);
});

test('only an ended spawn is tried again, and only while its agent has no live one in the channel', () => {
	const workspace = aWorkspace({agents});
	const {opened} = workspace;
	postMessage(opened, aPost('@a go'));
	const [first] = workspace.spawns();
	const id = first?.id ?? '';
	expect(() => retrySpawn(opened, id)).toThrow(/a #\w+ has not ended/);
	endSpawn(opened.store, id, {status: 'failed', failure: 'exit 1'}, Date.now());
	postMessage(opened, aPost('@a once more'));

	expect(() => retrySpawn(opened, id)).toThrow(/a has a live spawn in #general already/);
	expect(() => retrySpawn(opened, 'nothing')).toThrow(/No spawn is called "nothing"/);
});

test('without a free slot a retry is queued, before what agents asked for', () => {
	const workspace = aWorkspace({agents, config: {maxLive: 1}});
	const {opened} = workspace;
	postMessage(opened, aPost('@a go'));
	endSpawn(opened.store, workspace.spawns()[0]?.id ?? '', {status: 'failed', failure: 'exit 1'}, Date.now());
	postMessage(opened, aPost('@b go'));

	expect(retrySpawn(opened, workspace.spawns()[0]?.id ?? '').isQueued).toBe(true);
});

test('a retry runs as any other spawn', async () => {
	const workspace = aWorkspace({agents: {a: [[{exit: 3}], [{send: 'done @human'}]]}, config: {retries: 0}});
	await workspace.raid(['send', 'general', '@a go']);
	const failed = await workspace.spawnOf('a', spawn => spawn.status === 'failed');
	await perform(workspace.opened, {type: 'retry', spawn: failed.id});
	await workspace.spawnOf('a', spawn => spawn.status === 'completed');

	expect(workspace.messages().map(({text}) => text)).toContain('done @human');
});
