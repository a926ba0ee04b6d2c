import {type Context, command} from '../cli/command.ts';
import {tableRows} from '../cli/rows.ts';
import {checkAgents} from '../doctor/clis.ts';
import {type Finding, problem} from '../doctor/finding.ts';
import {checkClock, checkDisk, checkNode, checkTerminal} from '../doctor/machine.ts';
import {checkStore, newestRecord} from '../doctor/store.ts';
import {exitCodes, RaidError} from '../errors.ts';
import {isAgent} from '../model/agent.ts';
import {listAgents} from '../store/agents.ts';

export const doctor = command({
	name: 'doctor',
	group: 'setup',
	summary: 'Check everything that a raid depends on; exit 1 when something would spoil it.',
	flags: {
		live: {type: 'boolean', help: 'also make one smallest call with each CLI and model, which costs money'},
	},
	examples: ['raid doctor', 'raid doctor --live'],
	inSpaceOs: 'It launches its agents itself. To check a workspace, make one: raid init',
	async run(_, {live = false}, context) {
		const {env, terminal} = context;
		const {isInteractive, width, height} = terminal;
		const findings = [
			checkNode(process.version),
			checkTerminal({isInteractive, width, height, env}),
			...(await checkWorkspace(live, context)),
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

/** Findings about the workspace; that there is none, or that it cannot be opened, is a finding too. */
async function checkWorkspace(isLive: boolean, {openWorkspace}: Context): Promise<readonly Finding[]> {
	try {
		const workspace = await openWorkspace({reconciles: true});
		const {home, store, now} = workspace;
		return [
			checkStore(store),
			checkDisk(home),
			checkClock(home, newestRecord(store), now),
			...(await checkAgents(workspace, listAgents(store).filter(isAgent), isLive)),
		];
	} catch (error) {
		if (!(error instanceof RaidError)) throw error;
		return [problem('workspace', error.message, error.hint ?? 'Look at the path.')];
	}
}
