import {appendFileSync, closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {perform} from '../../src/actions/perform.ts';
import {workspaceBackend} from '../../src/backend/workspace/backend.ts';
import {lastBeat} from '../../src/launcher/supervisor/heartbeat.ts';
import {presentQuery} from '../../src/model/query.ts';
import {isAlive} from '../../src/process/table.ts';
import {listMessages} from '../../src/store/messages.ts';
import {listSpawns} from '../../src/store/spawns.ts';
import {openWorkspace} from '../../src/workspace/open.ts';
import {attemptFiles, spawnFolder} from '../../src/workspace/paths.ts';
import {until} from '../helpers/wait.ts';

// An agent that ends while the disk of its workspace is full; run on a small disk of its own. `go` is on another disk.
const [home = '', cliPath = '', go = ''] = process.argv.slice(2);
const workspace = {...openWorkspace(home, join(home, '..'), process.env), cliPath};
const {store} = workspace;
const spawnNow = () => listSpawns(store)[0];

await perform(workspace, {type: 'post', channel: 'general', text: '@w go', as: null, claim: null});
const {id, process: agent} = await until('the agent runs', () => {
	const spawn = spawnNow();
	return spawn?.process == null ? null : spawn;
});
const {output} = attemptFiles(home, id, 1);
await until('it has said something', () => readFileSync(output, 'utf8').includes('the answer'));
const log = join(spawnFolder(home, id), 'supervisor.err.log');
// So that there is room for one more line of it.
appendFileSync(log, '.\n');
await until('the write-ahead log is empty', () => {
	const [result] = store.pragma('wal_checkpoint(TRUNCATE)') as readonly [{readonly busy: number}];
	return result.busy === 0;
});
const filler = join(home, 'filler');
fill(filler);
writeFileSync(go, '');
await until('the supervisor has tried to record the end', () => readFileSync(log, 'utf8').includes('full'));
const waitsFor = await until('it says what it waits for', () => lastBeat(home, id)?.waitsFor);
const {state, reason} = workspaceBackend(workspace).read(presentQuery).spawns[0] ?? {};
const onFullDisk = {status: spawnNow()?.status, isAgentAlive: isAlive(agent), waitsFor, state, reason};
rmSync(filler);
await until('the spawn has ended', () => spawnNow()?.status !== 'running');
const {status, exitCode, failure} = spawnNow() ?? {};
const texts = listMessages(store, 'general', {limit: -1}).map(message => message.text);
console.log(JSON.stringify({onFullDisk, status, exitCode, failure, texts}));
store.close();

/** Writes until nothing fits any more. */
function fill(path: string): void {
	const file = openSync(path, 'w');
	for (const size of [65_536, 4096, 1]) {
		try {
			for (;;) writeSync(file, Buffer.alloc(size));
		} catch {
			// The disk is full for pieces of this size.
		}
	}
	closeSync(file);
}
