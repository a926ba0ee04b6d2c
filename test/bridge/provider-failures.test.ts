import {expect, test} from 'vitest';
import {workspaceBackend} from '../../src/backend/workspace/backend.ts';
import {releaseMentions} from '../../src/bridge/holds.ts';
import {postMessage} from '../../src/bridge/post.ts';
import {finishSpawn} from '../../src/launcher/finish.ts';
import {defaultLaunch} from '../../src/model/agent.ts';
import {recordsFrom} from '../../src/model/history.ts';
import {presentQuery} from '../../src/model/query.ts';
import {registerAgent} from '../../src/store/agents.ts';
import {listChannels} from '../../src/store/channels.ts';
import {listEvents} from '../../src/store/events.ts';
import {readEverything} from '../../src/store/everything.ts';
import {listHeldMentions} from '../../src/store/mentions.ts';
import {aWorkspace, type TestWorkspace} from '../helpers/workspace.ts';

const breaker = 3;

/** A workspace in which `a` works, `b` and `c` share a provider, and a human has asked `a`. */
function aRaid(): TestWorkspace {
	const workspace = aWorkspace({agents: {a: [[]], d: [[]]}, config: {breaker, leash: 99, maxLive: 99}});
	const launch = {...defaultLaunch};
	for (const identity of ['b', 'c']) {
		const agent = {identity, model: 'default', provider: 'codex', role: null, constitution: null, launch};
		registerAgent(workspace.opened.store, agent, identity, Date.now());
	}
	post(workspace, 'human', '@a go');
	return workspace;
}

function post(workspace: TestWorkspace, from: string, text: string): readonly string[] {
	const spawnId =
		from === 'human' ? null : (workspace.spawns().find(({agent}) => agent === from)?.id ?? null);
	const {mentions} = postMessage(workspace.opened, {channel: 'general', from, text, spawnId, claim: null});
	return mentions.map(({identity, outcome, reason}) => [identity, outcome, reason].filter(Boolean).join(' '));
}

function fail(workspace: TestWorkspace, agent: string, failure: string | null): void {
	const spawn = workspace.spawns().findLast(other => other.agent === agent);
	if (spawn === undefined) throw new Error(`${agent} was not launched`);
	const status = failure === null ? 'completed' : 'failed';
	finishSpawn(workspace.opened, spawn, {status, failure, finalText: null});
}

const loggedOut = 'Not logged in · Please run /login (exit 1)';

function failRepeatedly(workspace: TestWorkspace, failure: string): void {
	for (let count = 0; count < breaker; count += 1) {
		expect(post(workspace, 'a', '@b try')).toEqual(['b launched']);
		fail(workspace, 'b', failure);
	}
}

test('a provider that is not logged in holds its own agents, and not those of other providers', () => {
	const workspace = aRaid();
	failRepeatedly(workspace, loggedOut);

	expect(listChannels(workspace.opened.store)[0]?.failuresInARow).toBe(0);
	expect(post(workspace, 'a', '@b @c @d try')).toEqual(['b held provider', 'c held provider', 'd launched']);
	const {alerts} = workspaceBackend(workspace.opened).read(presentQuery);
	expect(alerts.map(({kind}) => kind)).not.toContain('breaker');
	expect(alerts.find(({kind}) => kind === 'held')?.text).toBe(
		'2 mentions are held in #general because the CLI is missing or its login refused',
	);
	expect(alerts.find(({kind}) => kind === 'failed')).toMatchObject({help: {command: 'raid doctor'}});
});

test('a CLI that is missing does the same, any other failure opens the breaker for all', () => {
	const missing = aRaid();
	failRepeatedly(missing, 'codex cannot be started: no such program is on the PATH (ENOENT)');
	expect(post(missing, 'a', '@c @d try')).toEqual(['c held provider', 'd launched']);

	const broken = aRaid();
	failRepeatedly(broken, 'exit 1');
	expect(post(broken, 'a', '@c @d try')).toEqual(['c held breaker', 'd held breaker']);
});

test('a success of the provider, or a human message, lets its agents start again', () => {
	const workspace = aRaid();
	failRepeatedly(workspace, loggedOut);
	post(workspace, 'a', '@c try');
	releaseMentions(workspace.opened, listHeldMentions(workspace.opened.store), 'human');
	fail(workspace, 'c', null);
	expect(post(workspace, 'a', '@b try')).toEqual(['b launched']);

	const other = aRaid();
	failRepeatedly(other, loggedOut);
	post(other, 'human', 'logged in again');
	expect(post(other, 'a', '@b try')).toEqual(['b launched']);
});

test('the log alone rebuilds the cause of a failure, and which failures count', () => {
	const workspace = aRaid();
	failRepeatedly(workspace, loggedOut);
	post(workspace, 'a', '@d try');
	fail(workspace, 'd', 'exit 1');
	const {store} = workspace.opened;
	const rebuilt = recordsFrom(listEvents(store));

	expect(rebuilt.spawns.map(({cause}) => cause)).toEqual([null, 'login', 'login', 'login', null]);
	expect(rebuilt.channels.map(({failuresInARow}) => failuresInARow)).toEqual([1]);
	expect(rebuilt).toEqual(readEverything(store));
});
