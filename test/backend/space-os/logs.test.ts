import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {expect, test} from 'vitest';
import {aSpaceOs, evening} from '../../helpers/space-os.ts';

const sessions = resolve(import.meta.dirname, '../../../fixtures/sessions');

/** A space-os with an ended spawn whose session file is a transcript that the real CLI wrote. */
function aTalk(agent: string, cli: string) {
	const space = aSpaceOs();
	const id = space.addSpawn({agent, at: evening, status: 'active', session: '54991b9c-linked'});
	const file = join(space.home, '.space', 'sessions', cli, '54991b9c-linked.jsonl');
	const transcript = readFileSync(join(sessions, cli, 'tool.transcript.jsonl'));
	mkdirSync(dirname(file), {recursive: true});
	writeFileSync(file, transcript);
	return {space, id, transcript};
}

test.each([
	['hailot', 'claude'],
	['auger', 'codex'],
	['sentinel', 'gemini'],
])('logs of %s shows the session file that was linked', async (agent, cli) => {
	const {space, id, transcript} = aTalk(agent, cli);
	const before = space.trace();
	const {stdout, exitCode} = await space.raid(['logs', id]);

	expect(exitCode).toBe(0);
	expect(stdout).toMatch(/▸ \w+: .*printf[\s\S]* {2}│ [\s\S]*All done\./);
	expect((await space.raid(['logs', id, '--tail', '1', '--follow'])).stdout).not.toContain('printf');
	expect((await space.raid(['logs', id, '--raw'])).stdout).toBe(transcript.toString().trimEnd());
	expect(space.trace()).toEqual(before);
});

test('a spawn without a session file, and what space-os does not keep, is told', async () => {
	const space = aSpaceOs();
	const id = space.addSpawn({agent: 'hailot'});

	expect(await space.raid(['logs', id])).toMatchObject({
		exitCode: 3,
		stderr:
			'raid: No session file of that spawn can be found. Its CLI has written none, or has written it elsewhere.',
	});
	expect(await space.raid(['logs', id, '--errors'])).toMatchObject({exitCode: 2});
	expect(await space.raid(['logs', 'nonesuch'])).toMatchObject({exitCode: 3});
});
