import {setTimeout as delay} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {workspaceBackend} from '../../../src/backend/workspace/backend.ts';
import {everySpawn} from '../../../src/model/query.ts';
import type {Raid} from '../../../src/model/raid.ts';
import {isLive} from '../../../src/model/spawn.ts';
import {states} from '../../../src/model/state.ts';
import {aWorkspace, type TestWorkspace} from '../../helpers/workspace.ts';

const everyMs = 100;

/** What one look at a raid showed. */
interface Frame {
	/** Kind and text of each alert. */
	readonly alerts: readonly string[];
	/** What is wrong with its numbers; empty when counts equal rows. */
	readonly miscounts: readonly string[];
}

/** Looks at the raid from now on every 100 ms, as a dashboard does; `stop` gives what was seen. */
function sample({opened}: TestWorkspace) {
	const backend = workspaceBackend(opened);
	const frames: Frame[] = [];
	let isOver = false;
	const sampling = (async () => {
		for (; !isOver; await delay(everyMs)) {
			frames.push(frameOf(backend.read(everySpawn)));
			if (frames.length % 10 === 0) await backend.mend();
		}
		frames.push(frameOf(backend.read(everySpawn)));
	})();
	return {
		frames,
		async stop() {
			isOver = true;
			await sampling;
			return frames;
		},
	};
}

function frameOf(raid: Raid): Frame {
	return {alerts: raid.alerts.map(({kind, text}) => `${kind}: ${text}`), miscounts: miscountsOf(raid)};
}

/** Differences between what the status line counts and the rows that are shown. */
function miscountsOf({spawns, counts, totals, hidden}: Raid): readonly string[] {
	const wrong = hidden === 0 ? [] : [`${hidden} hidden`];
	for (const state of states) {
		const rows = spawns.filter(spawn => spawn.state === state).length;
		if (rows !== counts[state]) wrong.push(`${counts[state]} ${state}, but ${rows} rows`);
	}
	for (const [status, total] of Object.entries(totals)) {
		const rows = spawns.filter(spawn => spawn.status === status).length;
		if (rows !== total) wrong.push(`${total} ${status}, but ${rows} rows`);
	}
	if (counts.starting + counts.working > 0 && spawns.filter(isLive).length === 0) wrong.push('nothing lives');
	return wrong;
}

const seenIn = (frames: readonly Frame[]) => [...new Set(frames.flatMap(frame => frame.alerts))].sort();
const miscountsIn = (frames: readonly Frame[]) => frames.flatMap(frame => frame.miscounts);

const over = 'over: The raid is over: nothing runs, and nothing waits';

test('a healthy raid raises no alert in any frame, and its counts are its rows', async () => {
	const workspace = aWorkspace({
		agents: {
			a: [[{wait: '400ms'}, {send: '@b your turn'}, {wait: '1s'}]],
			b: [[{wait: '400ms'}, {send: '@c check this'}, {wait: '300ms'}]],
			c: [[{wait: '400ms'}, {done: 'all is well @human'}]],
		},
	});
	const sampling = sample(workspace);
	await workspace.raid(['send', 'general', '@a go']);
	const checks = [];
	for (let isLast = false; !isLast; ) {
		isLast = workspace.spawns().length === 3 && !workspace.spawns().some(isLive);
		const {exitCode, stdout} = await workspace.raid(['--once', '--json', '--check']);
		const {alerts, counts, spawns} = JSON.parse(stdout);
		const live = spawns.filter((spawn: {status: string}) => spawn.status === 'running').length;
		checks.push([exitCode, alerts.map(({kind}: {kind: string}) => kind).join(), counts.live - live].join());
	}
	const frames = await sampling.stop();

	expect(miscountsIn(frames)).toEqual([]);
	expect(seenIn(frames)).toEqual([over]);
	expect(frames.at(-1)?.alerts).toEqual([over]);
	expect(checks.at(-1)).toBe('0,over,0');
	expect(checks.filter(check => check !== '0,,0' && check !== '0,over,0')).toEqual([]);
});

test('a queue of twenty in one slot raises no alert in any frame, and its counts are its rows', async () => {
	const names = Array.from({length: 20}, (_, index) => `w${index + 1}`);
	const workspace = aWorkspace({
		agents: Object.fromEntries(names.map(name => [name, [[{wait: '20ms'}, {say: 'done'}]]])),
		config: {maxLive: 1},
	});
	const sampling = sample(workspace);
	await workspace.raid(['send', 'general', names.map(name => `@${name}`).join(' ')]);
	await workspace.spawnOf('w1', spawn => spawn.status !== 'pending');
	// The others have waited for longer than an unclaimed spawn may: each hand-over could take them for lost.
	workspace.opened.store
		.prepare(`UPDATE spawns SET created_at = '2026-01-01T00:00:00.000Z' WHERE status = 'pending'`)
		.run();
	await workspace.rest();
	const frames = await sampling.stop();

	expect(miscountsIn(frames)).toEqual([]);
	expect(seenIn(frames)).toEqual([over]);
	expect(workspace.spawns().map(({status}) => status)).toEqual(names.map(() => 'completed'));
});

test('a kill raises no alert in any frame, neither before nor after', async () => {
	const workspace = aWorkspace({agents: {a: [[{spawn: '10m'}, {hang: true}]]}, config: {graceful: '500ms'}});
	const sampling = sample(workspace);
	await workspace.raid(['send', 'general', '@a go']);
	const {id} = await workspace.spawnOf('a', spawn => spawn.process !== null);
	const framesLater = async (count: number) => {
		const end = sampling.frames.length + count;
		while (sampling.frames.length < end) await delay(everyMs);
	};
	// A look at the processes while it lives, and another one some time after its end.
	await framesLater(12);
	await workspace.raid(['stop', id]);
	await framesLater(60);
	const frames = await sampling.stop();

	expect(miscountsIn(frames)).toEqual([]);
	expect(seenIn(frames)).toEqual([over]);
	expect(workspace.spawns()[0]?.status).toBe('killed');
});
