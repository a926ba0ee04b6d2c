import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {aWorkspace} from '../helpers/workspace.ts';

const broken = '{"maxLive": 4,}';

test('with a broken config.json reading commands use the defaults and say so once', async () => {
	const {home, raid} = aWorkspace();
	writeFileSync(join(home, 'config.json'), broken);

	for (const args of [['health'], ['--once'], ['spawns'], ['recv', 'general']]) {
		const {exitCode, stderr} = await raid(args);
		expect([exitCode, stderr]).toEqual([
			0,
			expect.stringMatching(/^raid: [^\n]*config\.json[^\n]* The defaults are used, [^\n]*\n$/),
		]);
	}
});

test('with a broken config.json doctor reports a problem', async () => {
	const {home, raid} = aWorkspace();
	writeFileSync(join(home, 'config.json'), broken);
	const {exitCode, stdout} = await raid(['doctor']);

	expect(exitCode).toBe(1);
	expect(stdout).toMatch(/^problem +config +.*config\.json is not valid JSON.*Mend the file\.$/m);
});

test('with a broken config.json nothing is launched, and nothing is stored of what would be', async () => {
	const {home, raid, messages, spawns} = aWorkspace({agents: {a: [[{say: 'hello'}]]}});
	const whole = readFileSync(join(home, 'config.json'), 'utf8');
	writeFileSync(join(home, 'config.json'), broken);
	const refused = await raid(['send', 'general', '@a go']);
	const released = await raid(['release']);
	const told = await raid(['send', 'general', 'nobody is mentioned']);

	expect([refused.exitCode, released.exitCode, told.exitCode]).toEqual([2, 2, 0]);
	expect(refused.stderr.trim().split('\n').at(-1)).toMatch(/config\.json/);
	expect(messages().map(({text}) => text)).toEqual(['nobody is mentioned']);
	expect(spawns()).toEqual([]);
	writeFileSync(join(home, 'config.json'), whole);
	expect((await raid(['send', 'general', '@a go'])).exitCode).toBe(0);
});

test('what waits while config.json is broken starts by itself after the repair', async () => {
	const workspace = aWorkspace({agents: {a: [[{waitFor: 'go'}], [{say: 'and this'}]]}});
	const {home, raid, opened} = workspace;
	const whole = readFileSync(join(home, 'config.json'), 'utf8');
	await raid(['send', 'general', '@a go']);
	await workspace.spawnOf('a', ({process}) => process !== null);
	await raid(['send', 'general', '@a and this']);
	writeFileSync(join(home, 'config.json'), broken);
	workspace.go();
	const {id} = await workspace.spawnOf('a', ({status, attempt}) => status === 'pending' && attempt === 0);
	writeFileSync(join(home, 'config.json'), whole);
	// Lets the 30 s pass after which an unclaimed spawn is started again.
	opened.store.prepare(`UPDATE spawns SET created_at = '2026-01-01T00:00:00.000Z' WHERE id = ?`).run(id);
	await raid(['health']);
	await workspace.spawnOf('a', spawn => spawn.id === id && spawn.status === 'completed');
});
