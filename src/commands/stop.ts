import {stopHome} from '../backend/stop-home.ts';
import {command} from '../cli/command.ts';
import {chooseSpawn} from '../cli/references.ts';
import {textRow} from '../cli/rows.ts';
import {misuse} from '../cli/usage.ts';
import {stoppedDocument} from '../documents/control.ts';
import {exitCodes} from '../errors.ts';
import {stopOldSpawns} from '../launcher/stop/old.ts';
import type {Results, StopTarget} from '../model/action.ts';
import {describeStops, hasSurvivors} from '../view/result.ts';
import {OldRaidError} from '../workspace/old-raid.ts';

export const stop = command({
	name: 'stop',
	group: 'control',
	summary: 'Kill spawns with everything that they started; exit 1 when something survived, or is elsewhere.',
	arguments: [{name: 'spawn', type: 'spawn', isOptional: true, isRepeated: true}],
	flags: {
		chain: {type: 'boolean', help: 'also everything that they led to'},
		all: {type: 'boolean', help: 'every live spawn, whatever the state of store, disk and config.json'},
	},
	examples: ['raid stop 3f2a', 'raid stop 3f2a --chain', 'raid stop --all'],
	inSpaceOs: 'See: spawn stop ID, with the whole id',
	async run({spawn: names}, {chain = false, all = false}, {openToChange, openToStop, env}) {
		if (all && names.length > 0) throw misuse(stop, '--all does not take a spawn.');
		if (!all && names.length === 0) throw misuse(stop, 'No spawn was named.');
		const type = chain ? 'chains' : 'spawns';
		if (all) {
			const place = openToStop();
			if (place !== null) return resultOf(await stopHome(place));
		}
		try {
			const backend = await openToChange();
			const ids = [...new Set(names.map(name => chooseSpawn(backend, name)))];
			const target: StopTarget = all ? {type: 'all'} : {type, ids};
			const result = await backend.perform({type: 'stop', target});
			const isRefused = !all && result.spawns.some(({elsewhere}) => elsewhere !== undefined);
			return {...resultOf(result), ...(isRefused ? {code: exitCodes.notFine} : {})};
		} catch (error) {
			if (!(error instanceof OldRaidError)) throw error;
			return resultOf({spawns: await stopOldSpawns(error.home, all ? {type: 'all'} : {type, names}, env)});
		}
	},
});

function resultOf(result: Results['stop']) {
	return {
		document: stoppedDocument(result),
		rows: describeStops(result).map(textRow),
		code: hasSurvivors(result) ? exitCodes.notFine : exitCodes.fine,
	};
}
