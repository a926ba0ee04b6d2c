import type {BenchCase} from '../case.ts';
import {bytes} from './bytes.ts';
import {help} from './help.ts';
import {idle} from './idle.ts';
import {key} from './key.ts';
import {latency} from './latency.ts';
import {launch} from './launch.ts';
import {live} from './live.ts';
import {memory} from './memory.ts';
import {send} from './send.ts';
import {start} from './start.ts';
import {storm} from './storm.ts';
import {supervisor} from './supervisor.ts';

/** Every case, in the order in which they run: those that change a shared raid come last. */
export const cases: readonly BenchCase[] = [
	help,
	start,
	key,
	idle,
	memory,
	bytes,
	live,
	supervisor,
	launch,
	latency,
	send,
	storm,
];
