import {command} from '../cli/command.ts';
import {tableRows} from '../cli/rows.ts';
import {checkNode, checkTerminal} from '../doctor/machine.ts';
import {checkWorkspace} from '../doctor/workspace.ts';
import {exitCodes} from '../errors.ts';

export const doctor = command({
	name: 'doctor',
	group: 'setup',
	summary: 'Check everything that a raid depends on; exit 1 on a problem.',
	flags: {
		live: {type: 'boolean', help: 'also make one paid call per CLI and model'},
	},
	examples: ['raid doctor', 'raid doctor --live'],
	inSpaceOs: 'It launches its agents itself. To check a workspace, create one: raid init',
	async run(_, {live = false}, context) {
		const {env, terminal} = context;
		const {isInteractive, width, height} = terminal;
		const findings = [
			checkNode(process.version),
			checkTerminal({isInteractive, width, height, env}),
			...(await checkWorkspace(() => context.openWorkspace({reconciles: true}), live)),
		];
		return {
			document: {findings},
			rows: tableRows(
				['', 'WHAT', 'FOUND', 'WHAT TO DO'],
				findings.map(({subject, level, text, help}) => [level, subject, text, help ?? '']),
			),
			code: findings.every(({level}) => level !== 'problem') ? exitCodes.fine : exitCodes.notFine,
		};
	},
});
