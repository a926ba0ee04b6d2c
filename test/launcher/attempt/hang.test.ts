import {statSync} from 'node:fs';
import {expect, test} from 'vitest';
import {workspaceBackend} from '../../../src/backend/workspace/backend.ts';
import {processesOf} from '../../../src/launcher/stop/kill.ts';
import {describeHang, mayHang} from '../../../src/model/hang.ts';
import {presentQuery} from '../../../src/model/query.ts';
import {minute, second} from '../../../src/model/time.ts';
import {attemptFiles} from '../../../src/workspace/paths.ts';
import {until} from '../../helpers/wait.ts';
import {aWorkspace} from '../../helpers/workspace.ts';

const untilGo = 'while [ ! -e go ]; do sleep 0.05; done';

test('an attempt that does nothing at all is killed, and tried again', async () => {
	const workspace = aWorkspace({config: {hangAfter: '500ms', graceful: '100ms'}});
	// Hangs like a CLI that waits for its standard input, but only the first time.
	workspace.registerCommand('mute', [
		'sh',
		'-c',
		'if [ -e tried ]; then echo hello; else touch tried; sleep 600; fi',
	]);
	await workspace.raid(['send', 'general', '@mute go']);
	await workspace.rest();
	const [spawn] = workspace.spawns();
	const {inspected} = workspaceBackend(workspace.opened).read({...presentQuery, inspected: spawn?.id ?? ''});

	expect(spawn).toMatchObject({status: 'completed', attempt: 2});
	expect(inspected?.attempts[0]?.failure).toMatch(/^did nothing for \ds: no output, no session, CPU 0\.\ds$/);
	expect(workspace.messages().at(-1)).toMatchObject({from: 'mute', text: 'hello'});
});

test('one that has printed anything is only warned about', async () => {
	const workspace = aWorkspace({config: {stallAfter: '50ms'}});
	workspace.registerCommand('brief', ['sh', '-c', `echo begun; ${untilGo}; echo done`]);
	await workspace.raid(['send', 'general', '@brief go']);
	const {id} = await workspace.spawnOf('brief', spawn => spawn.process !== null);
	const {output} = attemptFiles(workspace.home, id, 1);
	await until('it has printed', () => (statSync(output, {throwIfNoEntry: false})?.size ?? 0) > 0);
	await workspace.raid(['limits', 'hangAfter=50ms']);
	const backend = workspaceBackend(workspace.opened);
	await until('it is stalled', () => backend.read(presentQuery).spawns[0]?.state === 'stalled');
	workspace.go();
	await workspace.rest();

	expect(workspace.spawns()[0]).toMatchObject({status: 'completed', attempt: 1});
});

test('an attempt hangs that came to nothing in all its time, unless its processes have worked', () => {
	const signs = {silenceMs: 10 * minute, hasDoneNothing: true};

	expect(mayHang(signs, 10 * minute)).toBe(true);
	expect(mayHang({...signs, silenceMs: 10 * minute - 1}, 10 * minute)).toBe(false);
	expect(mayHang({...signs, hasDoneNothing: false}, 10 * minute)).toBe(false);
	expect(describeHang(signs, 100)).toBe('did nothing for 10m 00s: no output, no session, CPU 0.1s');
	expect(describeHang(signs, 11 * second)).toBe(null);
});

test('the CPU of a script counts its children, also those that have ended', async () => {
	const workspace = aWorkspace();
	const child = `"${process.execPath}" -e "while (process.cpuUsage().user < 300000);"`;
	workspace.registerCommand('script', ['sh', '-c', `${child}; echo worked; ${untilGo}`]);
	await workspace.raid(['send', 'general', '@script go']);
	const {id} = await workspace.spawnOf('script', spawn => spawn.process !== null);
	const {output} = attemptFiles(workspace.home, id, 1);
	await until('its child has ended', () => (statSync(output, {throwIfNoEntry: false})?.size ?? 0) > 0);
	const spawn = await workspace.spawnOf('script', ({process}) => process !== null);

	expect(processesOf(spawn).reduce((sum, {cpuMs}) => sum + cpuMs, 0)).toBeGreaterThanOrEqual(150);
	workspace.go();
	await workspace.rest();
});
