import {command} from '../cli/command.ts';
import {requireArguments} from '../cli/print.ts';
import {supervise as superviseSpawn} from '../launcher/supervise.ts';

export const supervise = command({
	name: 'supervise',
	summary: 'Own one spawn, from its claim to its end. Started by raid itself.',
	usage: 'raid supervise SPAWN-ID',
	isInternal: true,
	inSpaceOs: 'It runs its spawns itself.',
	async run(input, _, context) {
		const {SPAWN} = requireArguments(input, ['SPAWN'], supervise.usage);
		await superviseSpawn(await context.openWorkspace({reconciles: false}), SPAWN);
	},
});
