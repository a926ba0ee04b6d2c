import type {Habitat} from './spawn.ts';

/**
 * Where a spawn belongs, as seen from here. `rebooted`: this machine has restarted since, so that its processes are gone.
 * `elsewhere`: another machine or another PID namespace; its processes cannot be judged from here.
 */
export type Place = 'here' | 'rebooted' | 'elsewhere';

/** Where a spawn belongs, as seen from `here`. What nobody recorded counts as the same. */
export function placeOf(spawn: Habitat, here: Habitat): Place {
	if (differs(spawn.machine, here.machine)) return 'elsewhere';
	// Namespaces have new names after each boot.
	if (spawn.boot !== here.boot) return 'rebooted';
	return differs(spawn.namespace, here.namespace) ? 'elsewhere' : 'here';
}

/** True when the processes of a spawn cannot be judged from here. */
export function isElsewhere(spawn: Habitat, here: Habitat): boolean {
	return placeOf(spawn, here) === 'elsewhere';
}

/** The place that is not here, in words. */
export function describeElsewhere(spawn: Habitat, here: Habitat): string {
	return differs(spawn.machine, here.machine) ? 'on another machine' : 'in another PID namespace';
}

function differs(one: string | null, other: string | null): boolean {
	return one !== null && other !== null && one !== other;
}
