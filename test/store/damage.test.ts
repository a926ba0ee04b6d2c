import {expect, test} from 'vitest';
import {perform} from '../../src/actions/perform.ts';
import {limitsOf} from '../../src/workspace/open.ts';
import {runHere} from '../helpers/cli.ts';
import {openTerminal} from '../helpers/terminal.ts';
import {aWorkspace} from '../helpers/workspace.ts';

const agents = {hailot: [[{send: 'fine'}]], oplot: [[{send: 'fine'}]]};

/** A workspace with one value of a wrong type in each table. */
async function aDamagedWorkspace() {
	const workspace = aWorkspace({agents});
	const {opened, raid} = workspace;
	await raid(['send', 'general', '@hailot go']);
	await workspace.rest();
	await raid(['send', 'general', 'hit me']);
	opened.store.exec(`
		UPDATE messages SET content = x'00ff1b5b' WHERE content = 'hit me';
		UPDATE agents SET role = x'ff' WHERE identity = 'hailot';
		UPDATE raid_agents SET command = 'no JSON' WHERE agent_id = (SELECT agent_id FROM agents WHERE identity = 'oplot');
		UPDATE raid_spawns SET failure = x'01', cost_usd = 'dear', tokens_in = x'02', supervisor_pid = '../../etc';
		UPDATE spawns SET pid = 'many', session_id = x'03';
		UPDATE raid_attempts SET cost_usd = 'dear', signal = x'04';
		UPDATE raid_mentions SET outcome = 'pardoned';
		INSERT INTO raid_settings (name, value) VALUES ('maxLive', '{'), ('retries', '"x"'), ('nonsense', '1'), ('graceful', x'05');
		INSERT INTO raid_settings (name, value) VALUES ('maxDepth', '7');
		INSERT INTO raid_events (at, kind, payload) VALUES ('2026-01-01T12:00:00.000Z', 'spawn-ended', 'no JSON'), ('x', x'06', x'07');
		INSERT INTO raid_holds (scope, subject, sequence, held_by, held_at) VALUES ('agent', x'08', 1, x'09', 'never');
		INSERT INTO raid_alerts (alert_id, sequence, kind, severity, subject, text, since, opened_at)
			VALUES (x'0a', 1, 'gloom', 'dire', x'0b', x'0c', 'x', 'x');
		INSERT INTO channels (channel_id, name, topic, created_at) VALUES ('c', x'0d', x'0e', 'x');
		INSERT INTO raid_channels (channel_id, sequence, failures_in_a_row) VALUES ('c', 9, x'0f');
	`);
	return workspace;
}

test('a row of a wrong type shows as damaged, and every command runs on', async () => {
	const workspace = await aDamagedWorkspace();
	const shown = async (...args: readonly string[]) => (await runHere(workspace, args)).stdout;

	expect(await shown('recv', 'general')).toMatch(/human: \[damaged: 4 bytes in place of a text\]/);
	expect(await shown('recv', 'general')).toMatch(/→ @hailot ignored \(\[damaged: the outcome "pardoned"\]\)/);
	expect(await shown('--once', '--all')).toMatch(/\[damaged: 4 bytes in place of a text\]/);
	expect(await shown('agents')).toMatch(/^oplot .*\[damaged: no JSON is not what belongs here\]/m);
	expect(await shown('agents')).toMatch(/^hailot .*\[damaged: 1 bytes in place of a text\]/m);
	for (const args of [['spawns'], ['mentions'], ['channels'], ['health'], ['alerts'], ['chain'], ['limits']])
		expect(await shown(...args), args.join(' ')).not.toBe('');
	expect(limitsOf(workspace.opened)).toMatchObject({maxLive: 4, maxDepth: 7, retries: 1});
});

test('spawns go on beside a damaged row, and only a damaged agent is not launched', async () => {
	const workspace = await aDamagedWorkspace();
	workspace.opened.store.exec('DELETE FROM raid_holds');
	await workspace.raid(['send', 'general', '@hailot again, @oplot too']);
	await workspace.rest();
	const last = (agent: string) => workspace.spawns().findLast(spawn => spawn.agent === agent);

	expect(last('hailot')?.status).toBe('completed');
	expect(last('oplot')).toMatchObject({
		status: 'failed',
		failure: expect.stringMatching(/record of oplot is damaged/),
	});
	await perform(workspace.opened, {type: 'register', identity: 'oplot', changes: {args: []}});
	await workspace.raid(['send', 'general', '@oplot now']);
	await workspace.rest();
	expect(last('oplot')?.status).toBe('completed');
});

test('doctor names the rows that are damaged', async () => {
	const {stdout, exitCode} = await runHere(await aDamagedWorkspace(), ['doctor', '--json']);
	const {findings} = JSON.parse(stdout) as {findings: {subject: string; level: string; text: string}[]};

	expect(findings).toContainEqual(
		expect.objectContaining({
			subject: 'rows',
			level: 'problem',
			text: expect.stringMatching(/agents\.role of row \d+; .* and \d+ more/),
		}),
	);
	expect(exitCode).toBe(1);
});

test('the dashboard shows what is damaged, and its keys work', async () => {
	const {directory, env} = await aDamagedWorkspace();
	const terminal = openTerminal(['--channel', 'general'], {cwd: directory, env});
	await terminal.shows('[damaged: 4 bytes in place of a text]');
	terminal.press('?');
	await terminal.shows('select the next spawn');
	terminal.press('\u001b');
	await terminal.shows('q quit');
	terminal.press('q');

	expect(await terminal.ended()).toEqual({exitCode: 0, signal: 0});
});
