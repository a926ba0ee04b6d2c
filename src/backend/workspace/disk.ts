import {statfsSync} from 'node:fs';
import type {Disk} from '../../model/alerts/disk.ts';

/** The room on the disk that a folder is on; null when the system does not say. */
export function readDisk(folder: string): Disk | null {
	try {
		const {bavail, blocks, bsize} = statfsSync(folder);
		return {freeBytes: bavail * bsize, totalBytes: blocks * bsize};
	} catch {
		return null;
	}
}
