import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import Database from 'better-sqlite3';
import {identifyChild, ownProcess} from '../../src/process/table.ts';

// Does to a store what a supervisor of the version before did to it, in the statements of that time: claims a spawn, runs
// an agent, ends it when it is asked to or when the file `go` is there.
const [home = '', id = ''] = process.argv.slice(2);
const store = new Database(join(home, 'raid.db'), {timeout: 10_000});
const own = ownProcess();
const agent = spawn('sleep', ['600'], {
	detached: true,
	stdio: 'ignore',
	env: {...process.env, RAID_SPAWN_ID: id},
});
const agentStarted = identifyChild(agent.pid ?? 0)?.started;
store.transaction(() => {
	store.prepare(`UPDATE spawns SET status = 'running', pid = ? WHERE id = ?`).run(agent.pid, id);
	store
		.prepare(
			'UPDATE raid_spawns SET supervisor_pid = ?, supervisor_started = ?, process_started = ? WHERE spawn_id = ?',
		)
		.run(own.pid, own.started, agentStarted, id);
	store
		.prepare('INSERT INTO raid_attempts (spawn_id, attempt, pid, started_at) VALUES (?, 1, ?, ?)')
		.run(id, agent.pid, new Date().toISOString());
})();
const killedBy = store.prepare('SELECT killed_by FROM raid_spawns WHERE spawn_id = ?').pluck();
while (killedBy.get(id) === null && !existsSync(join(home, 'go'))) await delay(30);
agent.kill('SIGKILL');
store
	.prepare('UPDATE spawns SET status = ?, ended_at = ? WHERE id = ?')
	.run(killedBy.get(id) === null ? 'completed' : 'killed', new Date().toISOString(), id);
store.close();
