import {type Context, command, type Printout} from '../cli/command.ts';
import {confirm} from '../cli/confirm.ts';
import {tableRows, textRow} from '../cli/rows.ts';
import {misuse} from '../cli/usage.ts';
import {checkNode, checkTerminal} from '../doctor/machine.ts';
import {doctorChannel, makeRoundtrips, type Roundtrip} from '../doctor/roundtrip.ts';
import {checkWorkspace, chooseAgents} from '../doctor/workspace.ts';
import {exitCodes, NotFoundError} from '../errors.ts';
import {shortId} from '../model/spawn.ts';
import {type Milliseconds, minute} from '../model/time.ts';
import {durationSchema, requireValid} from '../validate.ts';

const roundtripWithinMs: Milliseconds = 3 * minute;

export const doctor = command({
	name: 'doctor',
	group: 'setup',
	summary: 'Check everything that a raid depends on; exit 1 on a problem.',
	arguments: [
		{
			name: 'named',
			label: 'AGENT',
			type: 'agent',
			isOptional: true,
			isRepeated: true,
			help: 'check these agents alone (default: all)',
		},
	],
	flags: {
		live: {type: 'boolean', help: 'also make one paid call per CLI and model'},
		roundtrip: {
			type: 'boolean',
			help: `let each agent answer in #${doctorChannel}, through launch, sandbox and raid send: one paid spawn per agent`,
		},
		within: {
			type: 'string',
			value: 'D',
			help: 'with --roundtrip: how long an agent may take (default 3m)',
		},
		yes: {type: 'boolean', help: 'with --roundtrip: do not ask whether tokens may be used'},
	},
	examples: [
		'raid doctor',
		'raid doctor --live',
		'raid doctor --roundtrip',
		'raid doctor sentinel --roundtrip --yes',
	],
	inSpaceOs: 'It launches its agents itself. To check a workspace, create one: raid init',
	async run({named}, {live = false, roundtrip = false, within, yes = false}, context) {
		if (!roundtrip && (within !== undefined || yes))
			throw misuse(doctor, '--within and --yes go only with --roundtrip.');
		if (roundtrip && live) throw misuse(doctor, '--live and --roundtrip exclude each other.');
		if (!roundtrip) return examine(named, live, context);
		const withinMs =
			within === undefined ? roundtripWithinMs : requireValid(durationSchema, within, '--within');
		return goRound(named, {withinMs, isAgreed: yes}, context);
	},
});

async function examine(named: readonly string[], isLive: boolean, context: Context): Promise<Printout> {
	const {env, terminal} = context;
	const {isInteractive, width, height} = terminal;
	const findings = [
		checkNode(process.version),
		checkTerminal({isInteractive, width, height, env}),
		...(await checkWorkspace(() => context.openWorkspace({reconciles: true}), {named, isLive})),
	];
	return {
		document: {findings},
		rows: tableRows(
			['', 'WHAT', 'FOUND', 'WHAT TO DO'],
			findings.map(({subject, level, text, help}) => [level, subject, text, help ?? '']),
		),
		code: findings.every(({level}) => level !== 'problem') ? exitCodes.fine : exitCodes.notFine,
	};
}

interface RoundtripOptions {
	readonly withinMs: Milliseconds;
	/** The operator has said that tokens may be used. */
	readonly isAgreed: boolean;
}

async function goRound(
	named: readonly string[],
	{withinMs, isAgreed}: RoundtripOptions,
	context: Context,
): Promise<Printout> {
	const workspace = await context.openWorkspace({reconciles: true});
	const agents = chooseAgents(workspace, named);
	if (agents.length === 0) throw new NotFoundError('There is no agent to check.', 'Add one: raid register');
	const cost = `This launches ${agents.length === 1 ? '1 agent' : `${agents.length} agents`} (${agents.map(({identity}) => identity).join(', ')}), which costs tokens.`;
	if (!isAgreed && !context.hasScreen) throw misuse(doctor, `${cost} Add --yes to agree.`);
	if (!isAgreed && !(await confirm(context, `${cost} Continue?`)))
		return {document: null, rows: [textRow('Nothing was launched.')], code: exitCodes.notFine};
	const roundtrips = await makeRoundtrips(workspace, agents, withinMs);
	return {
		document: {channel: doctorChannel, roundtrips},
		rows: [
			...tableRows(['', 'AGENT', 'PROVIDER', 'MODEL', 'LATENCY', 'SPAWN', 'WHY'], roundtrips.map(cellsOf)),
			textRow(`What they did: raid logs SPAWN, and raid recv ${doctorChannel}`),
		],
		code: roundtrips.every(({isOk}) => isOk) ? exitCodes.fine : exitCodes.notFine,
	};
}

function cellsOf({agent, provider, model, spawn, isOk, latencyMs, reason}: Roundtrip): readonly string[] {
	const latency = latencyMs === null ? '-' : `${(latencyMs / 1000).toFixed(1)}s`;
	const level = isOk ? (reason === null ? 'ok' : 'warning') : 'problem';
	return [
		level,
		agent,
		provider ?? '-',
		model ?? '-',
		latency,
		spawn === null ? '-' : shortId(spawn),
		reason ?? '',
	];
}
