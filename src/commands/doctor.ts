import {type Context, command} from '../cli/command.ts';
import {printJson, printTable, requireArguments} from '../cli/print.ts';
import {checkAgents} from '../doctor/clis.ts';
import {type Finding, problem} from '../doctor/finding.ts';
import {checkClock, checkDisk, checkNode, checkTerminal} from '../doctor/machine.ts';
import {checkStore, newestRecord} from '../doctor/store.ts';
import {exitCodes, RaidError} from '../errors.ts';
import {isAgent} from '../model/agent.ts';
import {listAgents} from '../store/agents.ts';

export const doctor = command({
	name: 'doctor',
	summary: 'Look at all that a raid depends on; exit 1 when something would spoil it.',
	usage: 'raid doctor [--live]',
	inSpaceOs: 'It launches its agents itself; of ours look at a workspace: raid init',
	flags: {
		live: {type: 'boolean', help: 'also make one smallest call with each CLI and model: it is paid for'},
	},
	async run(input, {live = false}, context) {
		requireArguments(input, [], doctor.usage);
		const {env, terminal, flags} = context;
		const findings = [
			checkNode(process.version),
			checkTerminal({
				isInteractive: terminal.isInteractive,
				columns: terminal.width,
				rows: terminal.height,
				env,
			}),
			...(await checkWorkspace(live, context)),
		];
		if (flags.json) printJson({version: 1, findings}, context);
		else {
			printTable(
				['', 'WHAT', 'FOUND', 'WHAT TO DO'],
				findings.map(({subject, level, text, help}) => [level, subject, text, help ?? '']),
				context,
			);
		}
		const isFine = findings.every(finding => finding.level !== 'problem');
		return isFine ? exitCodes.fine : exitCodes.notFine;
	},
});

/** What depends on the workspace; that there is none, or that it cannot be opened, is a finding too. */
async function checkWorkspace(isLive: boolean, {openWorkspace}: Context): Promise<readonly Finding[]> {
	try {
		const workspace = await openWorkspace();
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
