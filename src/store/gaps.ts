import {type Gap, isKnownGap} from '../model/gap.ts';
import type {Instant} from '../model/time.ts';
import {type Store, writing} from './open.ts';
import {record} from './record.ts';
import {statement} from './statements.ts';
import {instant, isoTime} from './time.ts';

/** Records that a machine slept. False when somebody else has recorded that already: many notice the same sleep. */
export function recordGap(store: Store, gap: Gap, at: Instant): boolean {
	return writing(store, () => {
		if (isKnownGap(listGaps(store), gap)) return false;
		const {machine, from, until} = gap;
		return record(store, {kind: 'gap', at, machine, from, until}, () => {
			const query = 'INSERT INTO raid_gaps (machine, began_at, ended_at) VALUES (?, ?, ?)';
			return statement(store, query).run(machine, isoTime(from), isoTime(until));
		});
	});
}

/** The times in which machines slept, in the order in which they were noticed. */
export function listGaps(store: Store): readonly Gap[] {
	const query = `
		SELECT machine, ${instant('began_at')} AS "from", ${instant('ended_at')} AS until FROM raid_gaps ORDER BY rowid`;
	return statement<[], Gap>(store, query).all();
}
