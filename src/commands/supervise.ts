import {mend} from '../backend/workspace/mend.ts';
import {command} from '../cli/command.ts';
import {exitCodes} from '../errors.ts';
import {superviseThroughReplacement} from '../launcher/supervisor/reopen.ts';
import {requireConfig} from '../workspace/open.ts';

export const supervise = command({
	name: 'supervise',
	group: null,
	summary: 'Own one spawn, from its claim to its end. Started by raid itself.',
	arguments: [{name: 'spawn', type: 'spawn', label: 'SPAWN-ID', help: 'the whole id of a spawn'}],
	inSpaceOs: 'It runs its spawns itself.',
	async run({spawn}, _, {openWorkspace}) {
		const workspace = await openWorkspace({reconciles: false, waits: true});
		requireConfig(workspace);
		await superviseThroughReplacement(workspace, spawn, mend);
		return {document: null, rows: [], code: exitCodes.fine};
	},
});
