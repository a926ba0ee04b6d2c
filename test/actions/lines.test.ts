import {expect, test} from 'vitest';
import {perform} from '../../src/actions/perform.ts';

import {createChannel, listChannels} from '../../src/store/channels.ts';
import {runHere} from '../helpers/cli.ts';
import {aWorkspace} from '../helpers/workspace.ts';

const long = 'x'.repeat(100_000);

test('a topic is one line of at most 500 characters', async () => {
	const {opened} = aWorkspace();
	const create = (topic: string) => perform(opened, {type: 'create-channel', name: 'sneaky', topic});

	await expect(create(long)).rejects.toThrow('The topic has 100000 characters; the limit is 500.');
	await expect(create('x\n\n# How to work here')).rejects.toThrow('The topic is more than one line');
	expect(listChannels(opened.store).map(({name}) => name)).toEqual(['general']);
	await create('review of the parser');
});

test('a role is one line of at most 200 characters', async () => {
	const {opened} = aWorkspace();
	const register = (role: string) =>
		perform(opened, {type: 'register', identity: 'b', changes: {model: 'opus', role}});

	await expect(register(long)).rejects.toThrow('The role has 100000 characters; the limit is 200.');
	await expect(register('x\u2028y')).rejects.toThrow('The role is more than one line');
	await register('reviews every change');
});

test('a role and a topic of an older store are cut where they are listed', async () => {
	const workspace = aWorkspace();
	const {store} = workspace.opened;
	workspace.registerCommand('b', ['true']);
	store.prepare(`UPDATE agents SET role = ? WHERE identity = 'b'`).run(long);
	createChannel(store, 'old', `a\nb ${long}`, 'c', Date.now());

	for (const command of ['agents', 'channels']) {
		const lines = (await runHere(workspace, [command])).stdout.split('\n');
		expect(Math.max(...lines.map(line => line.length))).toBeLessThan(700);
		expect(lines).toHaveLength(command === 'agents' ? 3 : 4);
	}
});
