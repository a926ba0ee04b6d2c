import type {Alert} from '../alert.ts';
import {formatBytes} from '../bytes.ts';
import type {Instant} from '../time.ts';
import {type AlertParts, alertSince} from './parts.ts';

/** The room on a disk, in bytes. */
export interface Disk {
	readonly freeBytes: number;
	readonly totalBytes: number;
}

const mebibyte = 1024 * 1024;
const scarceBytes = 1024 * mebibyte;
const nearlyFullBytes = 256 * mebibyte;
// On a small disk 1 GiB may never be free: there the same shares of it count as those of a disk of 10 GiB.
const smallDiskBytes = 10 * scarceBytes;
// An alert that is open stays open until there is clearly more room, so that it does not come and go.
const margin = 1.25;

/** Little room is left on the disk of the records: a full one stops agents, and keeps their ends from being recorded. */
export function diskAlerts(
	parts: AlertParts & {readonly disk: Disk | null; readonly at: Instant},
): readonly Alert[] {
	const {disk, at, concerns} = parts;
	if (disk === null) return [];
	const share = Math.min(1, disk.totalBytes / smallDiskBytes);
	const isNearlyFull = disk.freeBytes < nearlyFullBytes * share;
	const subject = isNearlyFull ? 'nearly full' : 'low';
	const open = concerns.recorded.filter(({kind, closedAt}) => kind === 'disk' && closedAt === null);
	const limit = scarceBytes * share * (open.length > 0 ? margin : 1);
	if (disk.freeBytes >= limit) return [];
	const effect = isNearlyFull
		? 'agents and their records are about to fail'
		: 'a night of output may not fit';
	const content = {
		kind: 'disk',
		severity: isNearlyFull ? 'critical' : 'warning',
		subject,
		spawn: null,
		channel: null,
		text: `${formatBytes(disk.freeBytes)} are free on the disk of the records: ${effect}`,
		help: {command: 'raid prune', spawn: null, binding: null},
	} as const;
	// Nobody knows since when it is so: since it was first seen.
	return alertSince(open.find(record => record.subject === subject)?.since ?? at, content, concerns);
}
