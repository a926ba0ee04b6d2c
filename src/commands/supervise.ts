import {command} from '../cli/command.ts';
import {exitCodes} from '../errors.ts';
import {supervise as superviseSpawn} from '../launcher/supervise.ts';

export const supervise = command({
	name: 'supervise',
	group: null,
	summary: 'Own one spawn, from its claim to its end. Started by raid itself.',
	arguments: [{name: 'spawn', type: 'spawn', label: 'SPAWN-ID', help: 'the whole id of a spawn'}],
	inSpaceOs: 'It runs its spawns itself.',
	async run({spawn}, _, {openWorkspace}) {
		await superviseSpawn(await openWorkspace({reconciles: false, waits: true}), spawn);
		return {document: null, rows: [], code: exitCodes.fine};
	},
});
