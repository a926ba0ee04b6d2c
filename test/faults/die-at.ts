import {recordStart, startAttempt} from '../../src/launcher/attempt/attempt.ts';
import {prepareSpawn} from '../../src/launcher/attempt/prepare.ts';
import {ownProcess} from '../../src/process/table.ts';
import {findProvider} from '../../src/providers/index.ts';
import {beginAttempt} from '../../src/store/attempts.ts';
import {claimSpawn} from '../../src/store/claims.ts';
import {findSpawn} from '../../src/store/spawns.ts';
import {openWorkspace, startConditions} from '../../src/workspace/open.ts';

// A supervisor that takes the real steps up to a window, and dies there as by kill -9.
const [home = '', id = '', window = '', cliPath = ''] = process.argv.slice(2);
const opened = {...openWorkspace(home, home, process.env), cliPath};
const own = ownProcess();
const dieAt = (name: string) => {
	if (window === name) process.kill(process.pid, 'SIGKILL');
};

claimSpawn(opened.store, id, own, startConditions(opened));
dieAt('between claim and start');
const spawn = findSpawn(opened.store, id);
const provider = findProvider(spawn?.provider ?? '');
if (spawn === null || provider === null) throw new Error(`there is no spawn ${id}`);
prepareSpawn(opened, spawn, provider);
beginAttempt(opened.store, {spawn: id, attempt: 1}, own, opened.now());
dieAt('between the attempt and its start');
const running = await startAttempt(opened, spawn, 1, provider);
dieAt('between start and PID record');
recordStart(opened, spawn, 1, running);
await running.exit;
dieAt('between exit and record');
