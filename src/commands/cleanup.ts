import {command} from '../cli/command.ts';
import {textRow} from '../cli/rows.ts';
import {cleanedDocument} from '../documents/control.ts';
import {exitCodes} from '../errors.ts';
import type {Results} from '../model/action.ts';
import {shortId} from '../model/spawn.ts';

export const cleanup = command({
	name: 'cleanup',
	group: 'control',
	summary: 'Bring the records in line with the processes, and end strays; exit 1 when a stray survives.',
	examples: ['raid cleanup'],
	inSpaceOs: 'See: spawn cleanup',
	async run(_, __, {openToChange}) {
		// Opening mends for every other command; here the operator wants the report.
		const backend = await openToChange({reconciles: false});
		const result = await backend.perform({type: 'clean-up'});
		return {
			document: cleanedDocument(result),
			rows: describeCleanUp(result).map(textRow),
			code: result.strays.some(({survivors}) => survivors.length > 0) ? exitCodes.notFine : exitCodes.fine,
		};
	},
});

const recoveries = {
	start: 'had no supervisor: started again',
	end: 'was to be stopped: ended',
	unclaim: 'had a dead supervisor before it began: started again',
	adopt: 'had a dead supervisor: a new one took over',
	suspend: 'waited through a reboot: held until you release it',
	hold: 'waited when everything was stopped: held until you release it',
	orphan: 'was gone: marked failed',
} as const satisfies Record<Results['clean-up']['mended'][number]['recovery'], string>;

function describeCleanUp({mended, strays}: Results['clean-up']): readonly string[] {
	if (mended.length + strays.length === 0) return ['Nothing to clean up.'];
	const survivors = strays.flatMap(stray => stray.survivors);
	return [
		...mended.map(({id, agent, recovery}) => `${agent} #${shortId(id)} ${recoveries[recovery]}.`),
		...strays.map(
			({id, agent, signalled}) => `${agent} #${shortId(id)} had strays: killed ${signalled.join(', ')}.`,
		),
		...(survivors.length > 0 ? [`These are still alive: ${survivors.join(', ')}`] : []),
	];
}
