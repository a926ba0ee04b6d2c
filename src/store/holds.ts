import type {HoldScope} from '../model/action.ts';
import type {HoldRecord} from '../model/record.ts';
import type {Instant} from '../model/time.ts';
import type {Store} from './open.ts';
import {record} from './record.ts';
import {statement} from './statements.ts';
import {instant, isoTime} from './time.ts';

/** Holds a channel, an agent, or all. False when that is on hold already. */
export function addHold(store: Store, scope: HoldScope, by: string, at: Instant): boolean {
	return record(store, {kind: 'hold-placed', at, scope, by}, sequence => {
		const query = `
			INSERT INTO raid_holds (scope, subject, sequence, held_by, held_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO NOTHING`;
		return statement(store, query).run(scope.type, subjectOf(scope), sequence, by, isoTime(at)).changes === 1;
	});
}

/** Ends the hold of a channel or an agent; every hold when the scope is all. False when there was none. */
export function removeHold(store: Store, scope: HoldScope, by: string, at: Instant): boolean {
	return record(store, {kind: 'hold-lifted', at, scope, by}, () => {
		const query = `DELETE FROM raid_holds WHERE @type = 'all' OR (scope = @type AND subject = @subject)`;
		return statement<object>(store, query).run({type: scope.type, subject: subjectOf(scope)}).changes > 0;
	});
}

function subjectOf(scope: HoldScope): string {
	switch (scope.type) {
		case 'all':
			return '';
		case 'channel':
			return scope.channel;
		case 'agent':
			return scope.agent;
	}
}

/** The scopes that are on hold, in the order in which the holds were placed. */
export function listHolds(store: Store): readonly HoldScope[] {
	return listHoldRecords(store).map(({scope}) => scope);
}

/** The holds in force, with who placed them and when. */
export function listHoldRecords(store: Store): readonly HoldRecord[] {
	const query = `
		SELECT scope AS type, subject, held_by AS by, ${instant('held_at')} AS at FROM raid_holds ORDER BY sequence`;
	const rows = statement<[], {type: HoldScope['type']; subject: string; by: string; at: Instant}>(
		store,
		query,
	);
	return rows.all().map(({type, subject, by, at}) => ({scope: scopeOf(type, subject), by, at}));
}

function scopeOf(type: HoldScope['type'], subject: string): HoldScope {
	switch (type) {
		case 'all':
			return {type};
		case 'channel':
			return {type, channel: subject};
		case 'agent':
			return {type, agent: subject};
	}
}

/** SQL: true when agents may not start an agent in a channel, both given as SQL expressions. */
export function isHeld(channel: string, agent: string): string {
	return `EXISTS (SELECT 1 FROM raid_holds WHERE scope = 'all'
		OR (scope = 'channel' AND subject = ${channel}) OR (scope = 'agent' AND subject = ${agent}))`;
}

/** True when agents may not start an agent in a channel. */
export function isOnHold(store: Store, channel: string, agent: string): boolean {
	const query = `SELECT ${isHeld('@channel', '@agent')}`;
	return statement<{channel: string; agent: string}, 0 | 1>(store, query).pluck().get({channel, agent}) === 1;
}
