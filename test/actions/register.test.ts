import {existsSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {perform} from '../../src/actions/perform.ts';
import {findAgent} from '../../src/store/agents.ts';
import {aWorkspace} from '../helpers/workspace.ts';

const register = (identity: string, changes: object) => ({type: 'register', identity, changes}) as const;

test('a new agent gets an empty file for its instructions, which a change of anything else leaves alone', async () => {
	const {opened, home} = aWorkspace();
	const first = await perform(opened, register('reviewer', {model: 'opus'}));
	const path = join(home, first.agent.constitution ?? '');

	expect(first).toMatchObject({
		isNew: true,
		agent: {identity: 'reviewer', constitution: 'agents/reviewer.md'},
	});
	expect(readFileSync(path, 'utf8').trim()).toBe('');
	await perform(opened, register('reviewer', {constitution: 'Be strict.\n'}));
	const second = await perform(opened, register('reviewer', {role: 'reviews'}));
	expect(second).toMatchObject({isNew: false, agent: {role: 'reviews', model: 'opus'}});
	expect(readFileSync(path, 'utf8')).toBe('Be strict.\n');
	expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a registration that is refused changes neither the store nor a file', async () => {
	const {opened, home} = aWorkspace();

	await expect(perform(opened, register('x', {model: 'foo', constitution: 'text'}))).rejects.toThrow(
		'does not know which provider runs',
	);
	expect(existsSync(join(home, 'agents', 'x.md'))).toBe(false);
	expect(findAgent(opened.store, 'x')).toBeNull();
});

test('the commands that an agent may run are kept with it', async () => {
	const {opened} = aWorkspace();
	await perform(opened, register('builder', {model: 'opus', allow: ['npm test']}));

	expect(findAgent(opened.store, 'builder')?.launch?.allow).toEqual(['npm test']);
});
