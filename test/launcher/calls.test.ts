import {execa} from 'execa';
import {expect, onTestFinished, test} from 'vitest';
import {workspaceBackend} from '../../src/backend/workspace/backend.ts';
import {recordsFrom} from '../../src/model/history.ts';
import {presentQuery} from '../../src/model/query.ts';
import {listEvents} from '../../src/store/events.ts';
import {readEverything} from '../../src/store/everything.ts';
import {until} from '../helpers/wait.ts';
import {aWorkspace, type Step, type TestWorkspace} from '../helpers/workspace.ts';

const printed = (event: object): Step => ({print: JSON.stringify(event)});
const call = printed({type: 'tool', id: 'call-1', text: 'Bash: cargo test'});
const denied = printed({type: 'denied', text: 'Bash(npm test)'});

/** The state of the one spawn at present, and how long it has printed nothing. */
function look({opened}: TestWorkspace): {readonly state: string; readonly silenceMs: number} {
	const {spawns, at} = workspaceBackend(opened).read(presentQuery);
	const [spawn] = spawns;
	return {state: spawn?.state ?? '', silenceMs: at - (spawn?.lastOutputAt ?? at)};
}

test('a silent agent whose open call uses CPU time works, and stalls when that ends', async () => {
	const workspace = aWorkspace({
		agents: {hailot: [[call, {waitFor: 'go'}, printed({type: 'tool result', id: 'call-1', text: 'ok'})]]},
		config: {stallAfter: '3s'},
	});
	await workspace.raid(['send', 'general', '@hailot test it']);
	const {id} = await workspace.spawnOf('hailot', ({openCall}) => openCall !== null);
	// A tool of the agent: all that an agent starts carries its marker.
	const env = {RAID_HOME: workspace.home, RAID_SPAWN_ID: id};
	const tool = execa(process.execPath, ['-e', 'for (;;);'], {env, reject: false});
	onTestFinished(() => void tool.kill('SIGKILL'));

	await until('it works although it is silent', () => {
		const {state, silenceMs} = look(workspace);
		return state === 'working' && silenceMs > 5000;
	});
	const [busy] = workspace.spawns();
	expect(busy?.openCall?.text).toBe('Bash: cargo test');
	expect(busy?.lastCpuAt).toBeGreaterThan(busy?.openCall?.since ?? 0);
	tool.kill('SIGKILL');
	await until('it has stalled', () => look(workspace).state === 'stalled');

	workspace.go();
	await workspace.rest();
	expect(workspace.spawns()[0]).toMatchObject({status: 'completed', openCall: null});
	const {store} = workspace.opened;
	expect(recordsFrom(listEvents(store)).spawns).toEqual(readEverything(store).spawns);
});

test('what a CLI refuses is on the record of the spawn, in its document and in its log, and an alert', async () => {
	const workspace = aWorkspace({agents: {hailot: [[denied, denied, denied, {say: 'I could not.'}]]}});
	await workspace.raid(['send', 'general', '@hailot test it']);
	await workspace.rest();
	const denials = [{text: 'Bash(npm test)', count: 3}];

	expect(workspace.spawns()[0]).toMatchObject({status: 'completed', denials});
	const {spawns} = JSON.parse((await workspace.raid(['spawns', '--json'])).stdout);
	expect(spawns[0].denials).toEqual(denials);
	expect((await workspace.raid(['logs', workspace.spawns()[0]?.id ?? ''])).stdout).toContain(
		'denied: Bash(npm test)',
	);
	expect((await workspace.raid(['alerts'])).stdout).toMatch(
		/hailot was refused Bash\(npm test\) 3× .*raid register hailot --allow 'npm test'/,
	);
});

test('what two attempts were refused is counted together', async () => {
	const steps = [denied, {attempt: 1, exit: 1}, {say: 'done'}];
	const workspace = aWorkspace({agents: {hailot: [steps]}});
	await workspace.raid(['send', 'general', '@hailot test it']);
	await workspace.rest();

	expect(workspace.spawns()[0]).toMatchObject({
		attempt: 2,
		denials: [{text: 'Bash(npm test)', count: 2}],
	});
	const {store} = workspace.opened;
	expect(recordsFrom(listEvents(store)).spawns).toEqual(readEverything(store).spawns);
});
