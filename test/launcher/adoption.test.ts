import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {readProcess} from '../../src/process/table.ts';
import {until} from '../helpers/wait.ts';
import {aWorkspace, isRunning, processesOf, type TestWorkspace} from '../helpers/workspace.ts';

/** Kills the supervisor of a spawn as `kill -9` does, and waits until it is gone. */
async function killSupervisor(workspace: TestWorkspace, agent: string): Promise<void> {
	const {supervisor} = await workspace.spawnOf(agent, isRunning);
	if (supervisor === null) throw new Error(`${agent} has no supervisor`);
	process.kill(supervisor.pid, 'SIGKILL');
	await until('the supervisor is gone', () => readProcess(supervisor.pid) === null);
}

test('any executable whose supervisor was killed is completed by the next one, and its answer is posted', async () => {
	const workspace = aWorkspace();
	workspace.registerCommand('w', ['sh', '-c', 'while [ ! -e go ]; do sleep 0.05; done; echo the answer']);
	await workspace.raid(['send', 'general', '@w go']);
	await killSupervisor(workspace, 'w');
	await workspace.raid(['--once']);
	workspace.go();
	await workspace.rest();

	expect(workspace.spawns()[0]).toMatchObject({status: 'completed', exitCode: 0, failure: null, attempt: 1});
	expect(workspace.messages().at(-1)).toMatchObject({from: 'w', text: 'the answer'});
});

test('an agent that ended while nobody supervised it is completed, or tried again, as it ended', async () => {
	const workspace = aWorkspace();
	const waiting = 'while [ ! -e go ]; do sleep 0.05; done';
	workspace.registerCommand('good', ['sh', '-c', `${waiting}; echo the answer`]);
	workspace.registerCommand('bad', ['sh', '-c', `${waiting}; echo reason >&2; exit 3`]);
	await workspace.raid(['send', 'general', '@good @bad go']);
	await killSupervisor(workspace, 'good');
	await killSupervisor(workspace, 'bad');
	workspace.go();
	await until('both agents have ended', () => processesOf(workspace.home).length === 0);
	expect(workspace.spawns().map(({status}) => status)).toEqual(['running', 'running']);
	await workspace.raid(['--once']);
	await workspace.rest();
	const [good, bad] = workspace.spawns();

	expect(good).toMatchObject({status: 'completed', exitCode: 0, attempt: 1});
	expect(bad).toMatchObject({status: 'failed', exitCode: 3, attempt: 2, failure: 'reason (exit 3)'});
	expect(workspace.messages().filter(({from}) => from === 'good')).toMatchObject([{text: 'the answer'}]);
});

test('supervisors killed at random: every agent that finished its work is completed, and its answer posted once', async () => {
	const rounds = 3;
	const workspace = aWorkspace({config: {maxLive: 8, breaker: 100}});
	const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
	for (const name of names) {
		const script = `sleep 0.$(($$ % 10)); echo "answer of ${name}"; echo "$RAID_SPAWN_ID" >> finished`;
		workspace.registerCommand(name, ['sh', '-c', script]);
	}
	let isOver = false;
	const killing = (async () => {
		while (!isOver) {
			const supervisors = workspace.spawns().flatMap(s => (s.status === 'running' ? [s.supervisor] : []));
			const chosen = supervisors[Math.floor(Math.random() * supervisors.length)];
			if (chosen != null) killIfThere(chosen.pid);
			await new Promise(resolve => setTimeout(resolve, 150 * Math.random()));
		}
	})();
	for (let round = 0; round < rounds; round += 1) {
		await workspace.raid(['send', 'general', `${names.map(name => `@${name}`).join(' ')} round ${round}`]);
		for (let looks = 0; looks < 4; looks += 1) await workspace.raid(['--once']);
	}
	isOver = true;
	await killing;
	const isLive = ({status}: {status: string}) => status === 'running' || status === 'pending';
	while (workspace.spawns().some(isLive)) {
		// A supervisor that was killed before it claimed its spawn is missed only after half a minute.
		const aged = `UPDATE spawns SET created_at = '2026-01-01T00:00:00.000Z' WHERE status = 'pending'`;
		workspace.opened.store.prepare(aged).run();
		await workspace.raid(['--once']);
	}

	const finished = readFileSync(join(workspace.directory, 'finished'), 'utf8').trim().split('\n');
	const spawns = workspace.spawns();
	expect(new Set(finished).size).toBe(finished.length);
	expect(finished.length).toBeGreaterThan(names.length);
	// A supervisor may be killed before it starts its agent: that one has not finished anything.
	const lost = spawns.filter(({id, status}) => finished.includes(id) !== (status === 'completed'));
	expect(lost.map(({id, failure}) => [id, failure])).toEqual([]);
	for (const name of names) {
		const own = spawns.filter(({agent, status}) => agent === name && status === 'completed');
		const answers = workspace.messages().filter(({from}) => from === name);
		expect(answers.map(({text}) => text)).toEqual(own.map(() => `answer of ${name}`));
	}
});

test('kill -9 of the recorded process ends the agent behind it, and counts as its failure', async () => {
	const workspace = aWorkspace({config: {retries: 0, graceful: '300ms'}});
	workspace.registerCommand('w', ['sh', '-c', 'echo begun; sleep 600']);
	await workspace.raid(['send', 'general', '@w go']);
	const {id, process: agent} = await workspace.spawnOf('w', isRunning);
	process.kill(agent?.pid ?? 0, 'SIGKILL');
	await workspace.rest();

	expect(workspace.spawns()[0]).toMatchObject({status: 'failed', failure: 'ended by SIGKILL'});
	await until('nothing of it is left', () => processesOf(workspace.home).length === 0);
	expect((await workspace.raid(['health'])).stdout).not.toContain(`stray ${id}`);
});

function killIfThere(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// It has ended by itself meanwhile.
	}
}
