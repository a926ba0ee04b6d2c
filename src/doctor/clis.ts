import type {Agent} from '../model/agent.ts';
import {type Milliseconds, second} from '../model/time.ts';
import {findProvider} from '../providers/index.ts';
import {signOfLogin} from '../providers/login.ts';
import type {Checkup, LoginAnswer, Provider} from '../providers/provider.ts';
import type {Workspace} from '../workspace/open.ts';
import {checkBoundary} from './boundaries.ts';
import {callModel} from './call.ts';
import {checkCodexSandbox} from './codex-sandbox.ts';
import {type Finding, ok, problem, warning} from './finding.ts';
import {findProgram, installHelp, loginHelp} from './obstacles.ts';
import {run} from './run.ts';

const answerWithinMs: Milliseconds = 30 * second;

/** Checks the CLIs that the agents need, each once. With `isLive` each pair of CLI and model makes one small call. */
export async function checkAgents(
	workspace: Workspace,
	agents: readonly Agent[],
	isLive: boolean,
): Promise<readonly Finding[]> {
	const seen = new Map<string, Promise<readonly Finding[]>>();
	const once: Once = (key, look) => {
		const looked = seen.get(key) ?? look();
		seen.set(key, looked);
		return looked;
	};
	const findings = agents.map(async agent => {
		const provider = agent.provider === null ? null : findProvider(agent.provider);
		if (provider === null)
			return [
				problem(
					agent.identity,
					`there is no provider "${agent.provider}"`,
					`Change the agent: raid register ${agent.identity}`,
				),
			];
		const known =
			provider.checkup === null
				? await checkProgram(workspace, agent)
				: await once(provider.name, () => checkCli(workspace, provider.checkup as Checkup));
		const isUsable = known.every(finding => finding.level !== 'problem');
		const called =
			isLive && isUsable && provider.checkup !== null
				? await once(`${provider.name} ${agent.model}`, () => callModel(workspace, provider, agent))
				: [];
		const bounds = isUsable ? await checkBounds(workspace, provider, agent, once) : [];
		return [...known, ...bounds, ...called].map(finding => ({...finding, subject: agent.identity}));
	});
	return (await Promise.all(findings)).flat();
}

/** Looks once for each key, and returns the same findings again. */
type Once = (key: string, look: () => Promise<readonly Finding[]>) => Promise<readonly Finding[]>;

/** Checks what is to keep an agent from the records of raid, and from the rest of the machine. */
async function checkBounds(
	workspace: Workspace,
	provider: Provider,
	agent: Agent,
	once: Once,
): Promise<readonly Finding[]> {
	const bounds = checkBoundary(workspace, agent);
	const path = provider.name === 'codex' ? findProgram(workspace, 'codex') : null;
	if (path === null || agent.launch?.permissions === 'full') return bounds;
	const probed = await once(`sandbox ${JSON.stringify(agent.launch)}`, async () => [
		await checkCodexSandbox(workspace, agent, path),
	]);
	return [...bounds, ...probed];
}

/** Checks that the program of an agent without a known CLI exists. */
async function checkProgram(workspace: Workspace, {identity, launch}: Agent): Promise<readonly Finding[]> {
	const [program] = launch?.command ?? [];
	if (program === undefined) return [ok(identity, 'plays a scenario')];
	const path = findProgram(workspace, program);
	if (path === null)
		return [problem(identity, `${program} is not on the PATH`, installHelp(program, identity))];
	return [ok(identity, path)];
}

async function checkCli(workspace: Workspace, checkup: Checkup): Promise<readonly Finding[]> {
	const {program, verifiedVersion} = checkup;
	const path = findProgram(workspace, program);
	if (path === null)
		return [problem(program, `${program} is not on the PATH`, installHelp(program, program))];
	const answer = await ask(workspace, path, ['--version']);
	if (answer.exitCode !== 0) {
		const text = `${path} --version ${answer.exitCode === null ? 'does not answer' : `exits ${answer.exitCode}`}: ${firstLine(answer.text)}`;
		return [problem(program, text, 'Reinstall it.')];
	}
	const version = /\d{1,9}\.\d{1,9}\.\d{1,9}[\w.+-]{0,40}/.exec(answer.text)?.[0] ?? '(unknown version)';
	const found = `${path} ${version}`;
	const isVerified = version === verifiedVersion;
	const installed = isVerified
		? ok(program, found)
		: warning(
				program,
				`${found}; raid was tested with ${verifiedVersion}`,
				'Try it once: raid doctor --live',
			);
	return [installed, await checkLogin(workspace, path, checkup)];
}

async function checkLogin(
	workspace: Workspace,
	path: string,
	{program, loginArgs, login}: Checkup,
): Promise<Finding> {
	const sign = signOfLogin(program, {env: workspace.env, cwd: workspace.config.cwd});
	const answer = loginArgs === null ? null : await ask(workspace, path, loginArgs);
	const {isThere, text} = answer === null ? sign : login(answer, workspace.env);
	if (isThere === true) return ok(program, text);
	if (isThere === false && sign.isThere === false) return problem(program, text, loginHelp(program));
	// A key, or a provider of the operator's own, may do without the login that the CLI asks for.
	return warning(program, isThere === false ? `${text}; but ${sign.text}` : text, loginHelp(program));
}

/** Runs a CLI for a moment, and returns what it printed on either stream. The exit code is null when it did not end. */
async function ask({env, config}: Workspace, program: string, args: readonly string[]): Promise<LoginAnswer> {
	const ran = await run({program, args, cwd: config.cwd, env, input: null, withinMs: answerWithinMs});
	return {exitCode: ran.exit.type === 'exited' ? ran.exit.code : null, text: ran.output + ran.errors};
}

function firstLine(text: string): string {
	return text.trim().split('\n')[0] ?? '';
}
