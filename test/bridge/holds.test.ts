import {expect, test} from 'vitest';
import {hold, liftHold} from '../../src/bridge/holds.ts';
import {postMessage} from '../../src/bridge/post.ts';
import {listStartable} from '../../src/store/claims.ts';
import {listHolds} from '../../src/store/holds.ts';
import {listHeldMentions} from '../../src/store/mentions.ts';
import {startConditions} from '../../src/workspace/open.ts';
import {aWorkspace, type TestWorkspace} from '../helpers/workspace.ts';

const agents = {a: [[]], b: [[]], c: [[]]};

function post({opened}: TestWorkspace, from: string, text: string): readonly string[] {
	const spawnId = null;
	const {mentions} = postMessage(opened, {channel: 'general', from, text, spawnId, claim: null});
	return mentions.map(({identity, outcome, reason}) => [identity, outcome, reason].filter(Boolean).join(' '));
}

test('a hold of one agent keeps agents from starting it, and nobody else', () => {
	const workspace = aWorkspace({agents});
	const {opened} = workspace;
	post(workspace, 'a', '@b go');
	expect(listStartable(opened.store, startConditions(opened))).toHaveLength(1);
	hold(opened, {type: 'agent', agent: 'b'}, 'human');

	expect(listHolds(opened.store)).toEqual([{type: 'agent', agent: 'b'}]);
	// It was pending: it waits, until the hold ends.
	expect(listStartable(opened.store, startConditions(opened))).toEqual([]);
	expect(post(workspace, 'a', '@b and @c go')).toEqual(['b held hold', 'c launched']);
	expect(post(workspace, 'human', '@b go')).toEqual(['b merged']);
});

test('the end of a hold releases what it held, but for what another hold still holds', () => {
	const workspace = aWorkspace({agents});
	const {opened} = workspace;
	hold(opened, {type: 'agent', agent: 'b'}, 'human');
	hold(opened, {type: 'channel', channel: 'general'}, 'human');
	expect(post(workspace, 'a', '@b and @c go')).toEqual(['b held hold', 'c held hold']);
	expect(liftHold(opened, {type: 'channel', channel: 'general'}, 'human')).toMatchObject({
		wasHeld: true,
		isStillHeld: false,
		mentions: [{identity: 'c', outcome: 'launched'}],
	});
	expect(liftHold(opened, {type: 'agent', agent: 'b'}, 'human').mentions).toMatchObject([{identity: 'b'}]);
	expect(listHeldMentions(opened.store)).toEqual([]);
	expect(liftHold(opened, {type: 'all'}, 'human')).toEqual({
		wasHeld: false,
		isStillHeld: false,
		mentions: [],
	});
});

test('a channel whose own hold is lifted is still held while everything is', () => {
	const {opened} = aWorkspace();
	hold(opened, {type: 'all'}, 'human');

	expect(liftHold(opened, {type: 'channel', channel: 'general'}, 'human')).toMatchObject({
		wasHeld: false,
		isStillHeld: true,
	});
});

test('what is unknown cannot be held', () => {
	const {opened} = aWorkspace();
	expect(() => hold(opened, {type: 'agent', agent: 'nobody'}, 'human')).toThrow(/no identity "nobody"/);
	expect(() => hold(opened, {type: 'channel', channel: 'nowhere'}, 'human')).toThrow(/no channel "nowhere"/);
});
