import {expect, test} from 'vitest';
import {workspaceBackend} from '../../../src/backend/workspace/backend.ts';
import {mend} from '../../../src/backend/workspace/mend.ts';
import {postMessage} from '../../../src/bridge/post.ts';
import type {Claim} from '../../../src/model/action.ts';
import {concernsOf} from '../../../src/model/past-concerns.ts';
import {everySpawn} from '../../../src/model/query.ts';
import {listAlertRecords} from '../../../src/store/alerts.ts';
import {readConcerns} from '../../../src/store/concerns.ts';
import {listEvents} from '../../../src/store/events.ts';
import {readEverything} from '../../../src/store/everything.ts';
import {reading, storeVersion} from '../../../src/store/open.ts';
import {limitsOf} from '../../../src/workspace/open.ts';
import {until} from '../../helpers/wait.ts';
import {aWorkspace, type TestWorkspace} from '../../helpers/workspace.ts';

const agents = {a: [[{hang: true}]], b: [[{hang: true}]]};

function say({opened}: TestWorkspace, from: string, text: string, claim: Claim | null = null) {
	postMessage(opened, {channel: 'general', from, spawnId: null, text, claim});
}

/** Kinds of the alerts that were opened and closed, as the log says it. */
function logged({opened}: TestWorkspace): readonly string[] {
	const kinds = new Map(listAlertRecords(opened.store).map(({id, kind}) => [id, kind]));
	return listEvents(opened.store).flatMap(event => {
		if (event.kind === 'alert-opened') return [`+${event.alert.kind}`];
		return event.kind === 'alert-closed' ? [`-${kinds.get(event.alert)}`] : [];
	});
}

const kindsOf = ({opened}: TestWorkspace) =>
	workspaceBackend(opened)
		.read(everySpawn)
		.alerts.map(({kind}) => kind);

test('a call is an alert until a human answers, and both are recorded once', async () => {
	const workspace = aWorkspace({agents});
	const {opened} = workspace;
	say(workspace, 'a', 'I need\nthe API key. @human please');
	for (let look = 0; look < 3; look += 1) await mend(opened);
	const version = storeVersion(opened.store);
	await Promise.all([mend(opened), mend(opened)]);

	expect(storeVersion(opened.store)).toBe(version);
	expect(logged(workspace)).toEqual(['+called', '+idle']);
	expect(listAlertRecords(opened.store)[0]).toMatchObject({
		severity: 'critical',
		text: 'a calls you in #general: I need the API key. @human please',
	});
	say(workspace, 'human', 'here it is');
	await mend(opened);
	expect(kindsOf(workspace)).toEqual([]);
	expect(logged(workspace)).toEqual(['+called', '+idle', '-called', '-idle']);
	expect(listEvents(opened.store).find(({kind}) => kind === 'alert-closed')).toMatchObject({
		text: 'a calls you in #general: I need the API key. @human please',
	});
});

test('a call that says done is no alert, one that says blocked is the loudest', async () => {
	const workspace = aWorkspace({agents});
	say(workspace, 'a', 'finished @human', 'done');
	expect(kindsOf(workspace)).toEqual([]);
	say(workspace, 'a', 'what now @human?');
	say(workspace, 'b', 'I cannot continue', 'blocked');
	expect(kindsOf(workspace)).toEqual(['blocked', 'called', 'idle']);
});

test('an alert is acknowledged as soon as it is shown, and what comes later is a new one', async () => {
	const workspace = aWorkspace({agents});
	const backend = workspaceBackend(workspace.opened);
	say(workspace, 'a', 'first question @human');
	const [shown] = backend.read(everySpawn).alerts;
	const acknowledged = await backend.perform({type: 'acknowledge', alerts: [shown?.id ?? '']});
	const after = backend.read(everySpawn).alerts.find(({id}) => id === shown?.id);
	await until('the clock to move on', () => Date.now() > (after?.acknowledgedAt ?? 0));
	say(workspace, 'a', 'second question @human');
	const calls = backend.read(everySpawn).alerts.filter(({kind}) => kind === 'called');

	expect(acknowledged.alerts).toEqual([shown?.id]);
	expect(after).toEqual({...shown, acknowledgedAt: expect.any(Number)});
	expect(calls.map(({text, acknowledgedAt}) => [text, acknowledgedAt !== null])).toEqual([
		['a calls you in #general: second question @human', false],
		['a calls you in #general: first question @human', true],
	]);
});

test('inside a spawn nothing is recorded', async () => {
	const workspace = aWorkspace({agents});
	say(workspace, 'a', 'help @human');
	await mend({...workspace.opened, inside: {spawnId: 'x', objection: null}});
	expect(logged(workspace)).toEqual([]);
});

test('what a supervisor leaves behind is recorded although nobody watches', async () => {
	const workspace = aWorkspace({agents: {a: [[{exit: 3}]]}, config: {retries: 0}});
	await workspace.raid(['send', 'general', '@a go']);
	await until('it is recorded', () => logged(workspace).includes('+over'));

	expect(logged(workspace).filter(kind => kind !== '-over')).toEqual(['+failed', '+over']);
});

test('a failure is an alert until the agent succeeds there, and three in a row are one of the agent', async () => {
	const workspace = aWorkspace({
		agents: {a: [[{exit: 3}], [{exit: 3}], [{exit: 3}], [{say: 'fine'}]]},
		config: {retries: 0},
	});
	const seen: string[] = [];
	for (let round = 1; round <= 4; round += 1) {
		await workspace.raid(['send', 'general', `@a round ${round}`]);
		await until('its end', () => workspace.spawns().length === round && workspace.spawns().at(-1)?.endedAt);
		seen.push(kindsOf(workspace).join());
	}
	expect(seen).toEqual(['failed,over', 'failed,over', 'failed,agent-failing,over', 'over']);
});

test('the log tells the same concerns as the store', async () => {
	const workspace = aWorkspace({
		agents: {
			a: [
				[{send: '@b look'}, {exit: 3}],
				[{blocked: 'no key @human'}, {wait: '300ms'}],
			],
			b: [[{send: '@human help'}, {exit: 1}]],
			c: [[{done: 'ready @human'}], [{exit: 2}]],
			d: [[{hang: true}]],
		},
		config: {retries: 0, maxLive: 3, breaker: 1},
	});
	const same = () => {
		const {store} = workspace.opened;
		const limits = limitsOf(workspace.opened);
		// Supervisors record alerts meanwhile: both are read in one transaction.
		const {record, stored} = reading(store, () => ({
			record: readEverything(store),
			stored: readConcerns(store, limits),
		}));
		expect(concernsOf(record, stored.freedAt, limits.leash)).toEqual({
			...stored,
			recorded: record.alerts.filter(
				({closedAt, acknowledgedAt}) => closedAt === null || acknowledgedAt !== null,
			),
		});
		expect(stored.recorded.map(({id}) => id)).toEqual(
			concernsOf(record, null, limits.leash).recorded.map(({id}) => id),
		);
		return stored;
	};
	await workspace.raid(['send', 'general', '@a @b @c @d go']);
	await until('all but one have ended', () => workspace.spawns().filter(({endedAt}) => endedAt).length >= 3);
	expect(same().failures.length).toBeGreaterThan(0);
	await workspace.raid(['stop', '--all']);
	await workspace.raid(['send', 'general', '@a @c once more']);
	await workspace.rest();
	expect(same().calls.map(({claim}) => claim)).toContain('blocked');
});
