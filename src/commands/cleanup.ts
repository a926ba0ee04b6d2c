import type {Backend} from '../backend/backend.ts';
import {type Command, type Context, command, type Printout} from '../cli/command.ts';
import {confirm} from '../cli/confirm.ts';
import {chooseSpawn} from '../cli/references.ts';
import {textRow} from '../cli/rows.ts';
import {misuse} from '../cli/usage.ts';
import {cleanedDocument} from '../documents/control.ts';
import {exitCodes} from '../errors.ts';
import type {Action, Results} from '../model/action.ts';
import {type SpawnId, shortId} from '../model/spawn.ts';
import {describeResult} from '../view/result.ts';

export const cleanup: Command = command({
	name: 'cleanup',
	group: 'control',
	summary: 'Bring the records in line with the processes, and end strays; exit 1 when a stray survives.',
	flags: {
		elsewhere: {
			type: 'string',
			value: 'SPAWN',
			help: 'only end the record of this spawn of another machine or PID namespace',
		},
		yes: {type: 'boolean', help: 'end that record without asking'},
	},
	examples: ['raid cleanup', 'raid cleanup --elsewhere 3f2a'],
	inSpaceOs: 'See: spawn cleanup',
	async run(_, {elsewhere, yes = false}, context) {
		if (elsewhere === undefined && yes) throw misuse(cleanup, '--yes goes only with --elsewhere.');
		// Opening mends for every other command; here the operator wants the report.
		const backend = await context.openToChange({reconciles: false});
		if (elsewhere !== undefined) return endRecord(backend, chooseSpawn(backend, elsewhere), yes, context);
		const result = await backend.perform({type: 'clean-up'});
		return {
			document: cleanedDocument(result),
			rows: describeCleanUp(result).map(textRow),
			code: result.strays.some(({survivors}) => survivors.length > 0) ? exitCodes.notFine : exitCodes.fine,
		};
	},
});

/** Ends the record of a spawn elsewhere, unless the operator says no. */
async function endRecord(
	backend: Backend,
	spawn: SpawnId,
	isConfirmed: boolean,
	context: Context,
): Promise<Printout> {
	const question = `Only the record of #${shortId(spawn)} ends: if its agent still runs elsewhere, two may work at once. End it?`;
	if (!isConfirmed && !(await confirm(context, question)))
		return {document: null, rows: [textRow('Nothing was changed.')], code: exitCodes.notFine};
	const action: Action & {type: 'end-elsewhere'} = {type: 'end-elsewhere', spawn};
	const result = await backend.perform(action);
	return {document: {...result}, rows: [textRow(describeResult(action, result))]};
}

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
