import type {Alert, AlertKind, Help, Severity} from '../alert.ts';
import type {SpawnState} from '../raid.ts';
import type {State} from '../state.ts';
import {type AlertParts, alertSince} from './parts.ts';

/** The states of a spawn that are alerts. */
const severities = {
	orphan: 'critical',
	stray: 'critical',
	lost: 'critical',
	stuck: 'critical',
	stalled: 'warning',
	'no-session': 'warning',
	quota: 'warning',
	elsewhere: 'notice',
	overdue: 'notice',
} as const satisfies Partial<Record<State & AlertKind, Severity>>;

type SpawnAlertKind = keyof typeof severities;

/** The alerts of single spawns: each is the state of one spawn, and ends with it. */
export function spawnAlerts({spawns, system, concerns}: AlertParts): readonly Alert[] {
	return spawns.flatMap(spawn => {
		const {state, id} = spawn;
		if (!isAlertKind(state)) return [];
		const content = {
			kind: state,
			severity: severities[state],
			subject: id,
			spawn: id,
			channel: spawn.channel,
			text: describe(spawn, state),
			help: system.kind === 'space-os' ? spaceOsHelp(spawn, state) : helpFor(id, state),
		};
		return alertSince(spawn.stateSince, content, concerns);
	});
}

function isAlertKind(state: State): state is SpawnAlertKind {
	return Object.hasOwn(severities, state);
}

function describe({agent, reason}: SpawnState, kind: SpawnAlertKind): string {
	switch (kind) {
		case 'stray':
			return `${agent} ${reason}`;
		case 'quota':
			return `${agent} waits for its quota ${reason}`;
		case 'no-session':
			return `${agent} has ${reason}`;
		case 'stalled':
			return `${agent} stalled: ${reason}`;
		case 'orphan':
			return `${agent} is an orphan: ${reason}`;
		case 'stuck':
			return `${agent} is stuck: ${reason}`;
		case 'elsewhere':
			return `${agent} is ${reason}`;
		case 'lost':
		case 'overdue':
			return `${agent} is ${kind}: ${reason}`;
	}
}

function helpFor(id: string, kind: SpawnAlertKind): Help | null {
	switch (kind) {
		case 'quota':
			return null;
		case 'elsewhere':
			return {command: 'raid cleanup --elsewhere', spawn: id, binding: null};
		case 'orphan':
		case 'lost':
		case 'stuck':
		case 'stray':
			return {command: 'raid cleanup', spawn: null, binding: null};
		default:
			return {command: 'raid stop', spawn: id, binding: 'chain.kill'};
	}
}

/** Commands of space-os: its `spawn stop` takes whole ids only, and reaches no stray. */
function spaceOsHelp({id}: SpawnState, kind: SpawnAlertKind): Help | null {
	if (kind === 'quota') return null;
	if (kind === 'stray') return {command: 'kill PID', spawn: null, binding: null};
	const isGone = kind === 'orphan' || kind === 'lost';
	const command = isGone ? 'spawn cleanup' : `spawn stop ${id}`;
	return {command, spawn: null, binding: isGone ? null : 'chain.kill'};
}
