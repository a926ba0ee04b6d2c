import {perform} from '../actions/perform.ts';
import {workspaceBackend} from '../backend/workspace/backend.ts';
import {command} from '../cli/command.ts';
import {printJson} from '../cli/print.ts';
import {chooseSpawn} from '../cli/references.ts';
import {exitCodes, UsageError} from '../errors.ts';
import type {StopTarget} from '../model/action.ts';
import {describeResult, hasSurvivors} from '../view/result.ts';

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
		const workspace = await context.openWorkspace();
		const backend = workspaceBackend(workspace);
		const ids = [...new Set(input.map(name => chooseSpawn(backend, name)))];
		const target: StopTarget = all ? {type: 'all'} : {type: chain ? 'chains' : 'spawns', ids};
		const result = await perform(workspace, {type: 'stop', target});
		if (context.flags.json) printJson({version: 1, stopped: result.spawns}, context);
		else context.terminal.print(`${describeResult({type: 'stop', target}, result)}\n`);
		return hasSurvivors(result) ? exitCodes.notFine : exitCodes.fine;
	},
});
