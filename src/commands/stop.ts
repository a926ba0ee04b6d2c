import {perform} from '../actions.ts';
import {exitCodes, UsageError} from '../errors.ts';
import {noticeOf} from '../view/notice.ts';
import {command} from './command.ts';
import {requireSpawn} from './named.ts';
import {printJson} from './output.ts';

export const stop = command({
	name: 'stop',
	summary: 'Kill spawns with everything that they started; exit 1 when something survived.',
	usage: 'raid stop SPAWN… [--chain] | --all',
	flags: {
		chain: {type: 'boolean', help: 'and all that they led to'},
		all: {type: 'boolean', help: 'every live spawn'},
	},
	inSpaceOs: 'Its own: spawn stop ID, with the whole id',
	async run(input, {chain = false, all = false}, context) {
		if (all && input.length > 0) throw new UsageError('--all takes no SPAWN.', `Usage: ${stop.usage}`);
		if (!all && input.length === 0) throw new UsageError('No spawn was named.', `Usage: ${stop.usage}`);
		const world = await context.openWorld();
		const spawnIds = [...new Set(input.map(name => requireSpawn(world, name)))];
		const result = await perform(all ? {type: 'stop all'} : {type: 'stop', spawnIds, isChain: chain}, world);
		if (result.type !== 'stopped') return exitCodes.fine;
		if (context.flags.json) printJson({version: 1, stopped: result.spawns}, context);
		else context.terminal.print(`${noticeOf(result).text}\n`);
		return result.spawns.some(report => report.survivors.length > 0) ? exitCodes.notFine : exitCodes.fine;
	},
});
