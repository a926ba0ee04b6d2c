import {recordStart, startAttempt} from '../../src/launcher/attempt.ts';
import {prepareSpawn} from '../../src/launcher/prepare.ts';
import {ownProcess} from '../../src/process/table.ts';
import {findProvider} from '../../src/providers/index.ts';
import {beginAttempt} from '../../src/store/attempts.ts';
import {claimSpawn} from '../../src/store/claims.ts';
import {findSpawn} from '../../src/store/spawns.ts';
import {openWorld, startConditions} from '../../src/world.ts';

// A supervisor that takes the real steps up to a window, and dies there as by kill -9.
const [home = '', id = '', window = '', program = ''] = process.argv.slice(2);
const world = {...openWorld(home, home, process.env), program};
const own = ownProcess();
const dieAt = (name: string) => {
	if (window === name) process.kill(process.pid, 'SIGKILL');
};

claimSpawn(world.store, id, own, startConditions(world));
dieAt('between claim and start');
const spawn = findSpawn(world.store, id);
const provider = findProvider(spawn?.provider ?? '');
if (spawn === null || provider === null) throw new Error(`there is no spawn ${id}`);
prepareSpawn(world, spawn, provider);
beginAttempt(world.store, id, 1, own, world.now());
dieAt('between the attempt and its start');
const running = await startAttempt(world, spawn, 1, provider);
dieAt('between start and PID record');
recordStart(world, spawn, 1, running);
await running.exit;
dieAt('between exit and record');
