import {type Alert, byUrgency} from './alert.ts';
import {callAlerts} from './alerts/calls.ts';
import {configAlerts} from './alerts/config.ts';
import {deniedAlerts} from './alerts/denied.ts';
import {type Disk, diskAlerts} from './alerts/disk.ts';
import {agentAlerts, breakerAlerts, failedAlerts} from './alerts/failures.ts';
import {heldAlerts} from './alerts/held.ts';
import type {AlertParts} from './alerts/parts.ts';
import {sleptAlerts} from './alerts/slept.ts';
import {spawnAlerts} from './alerts/spawns.ts';
import {idleAlerts, overAlerts} from './alerts/standstill.ts';
import {strangerAlerts} from './alerts/strangers.ts';
import type {Instant} from './time.ts';

/** Everything that needs a person: blocked agents and calls first, then the worst, then the oldest. */
export function alertsOf(
	parts: AlertParts & {readonly disk: Disk | null; readonly at: Instant},
): readonly Alert[] {
	const alerts = [
		...callAlerts(parts),
		...configAlerts(parts),
		...spawnAlerts(parts),
		...strangerAlerts(parts),
		...failedAlerts(parts),
		...agentAlerts(parts),
		...deniedAlerts(parts),
		...breakerAlerts(parts),
		...heldAlerts(parts),
		...sleptAlerts(parts),
		...idleAlerts(parts),
		...overAlerts(parts),
		...diskAlerts(parts),
	];
	return alerts.toSorted(byUrgency);
}
