import type {NewEvent} from '../model/event.ts';
import {type Store, writing} from './open.ts';
import {statement} from './statements.ts';
import {isoTime} from './time.ts';

/** Thrown to undo a change that changed nothing, together with its event. */
const nothingChanged = new Error('nothing changed');

const recording = new WeakMap<Store, number>();

/**
 * Makes a change together with its line of the log, in one transaction or, inside another, as a part of it. `change` gets
 * the sequence of the event; when it returns false, both are undone. False then.
 */
export function record(store: Store, event: NewEvent, change: (sequence: number) => unknown): boolean {
	const depth = recording.get(store) ?? 0;
	recording.set(store, depth + 1);
	try {
		writing(store, () => {
			if (change(append(store, event)) === false) throw nothingChanged;
		});
		return true;
	} catch (error) {
		if (error === nothingChanged) return false;
		throw error;
	} finally {
		recording.set(store, depth);
	}
}

/** True while a change of the store is being recorded. */
export function isRecording(store: Store): boolean {
	return (recording.get(store) ?? 0) > 0;
}

function append(store: Store, event: NewEvent): number {
	const {kind, at, spawn = null, channel = null, ...payload} = event as NewEvent & Subjects;
	const query = `
		INSERT INTO raid_events (at, host, kind, spawn_id, channel, payload) VALUES (?, raid_machine(), ?, ?, ?, ?)`;
	const {lastInsertRowid} = statement(store, query).run(
		isoTime(at),
		kind,
		spawn,
		channel,
		JSON.stringify(payload),
	);
	return Number(lastInsertRowid);
}

/** The subjects of an event, in columns of their own so that the events of a spawn can be found. */
interface Subjects {
	readonly spawn?: string | null;
	readonly channel?: string | null;
}
