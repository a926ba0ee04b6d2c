import {existsSync, realpathSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {exitCodes, RaidError, UsageError} from '../../errors.ts';
import type {Action, ResultOf, Results, StopTarget} from '../../model/action.ts';
import {descendantsOf} from '../../model/chain.ts';
import type {MessageWithMentions} from '../../model/message.ts';
import {everySpawn} from '../../model/query.ts';
import type {System, Wish} from '../../model/system.ts';
import {type Milliseconds, second} from '../../model/time.ts';
import {until} from '../../process/until.ts';
import type {Backend} from '../backend.ts';
import {commandVariables, findCommand, runCommand} from './commands.ts';
import {readForeign} from './open.ts';
import {readHumans} from './read.ts';
import {stopSpawn} from './stop.ts';

/** The way to change a space-os: its own commands. Their effect is read back from its store. */
export interface Door {
	/** The system as the dashboard describes it. */
	readonly describe: (humans: readonly string[]) => System;
	readonly perform: <A extends Action>(action: A, backend: Backend) => Promise<ResultOf<A>>;
}

/** The environment variable that names the human who speaks. */
const humanVariable = 'RAID_HUMAN';

const storedWithin: Milliseconds = 3 * second;

/** The path of space-os's database: its commands know no other. */
export function defaultDatabase(): string {
	return join(homedir(), '.space', 'space.db');
}

/** The door of the space-os at `db`. */
export function doorOf(db: string, env: NodeJS.ProcessEnv): Door {
	const programs = {bridge: findCommand('bridge', env), spawn: findCommand('spawn', env)};
	const missing = (name: 'bridge' | 'spawn') => {
		if (!isDefault(db))
			return `${shortPath(db)} is not the database that bridge and spawn work on (${shortPath(defaultDatabase())}).`;
		const named = env[commandVariables[name]];
		if (programs[name] !== null) return null;
		return named
			? `${commandVariables[name]} does not name an executable: ${named}.`
			: `The "${name}" of space-os is not on PATH; ${commandVariables[name]} may name it.`;
	};
	const refusalsFor = (humans: readonly string[]): Record<Wish, string | null> => ({
		post: missing('bridge') ?? (humanOf(humans, env) === null ? noHuman(env) : null),
		stop: missing('spawn'),
		hold: 'space-os cannot hold anything.',
	});
	return {
		describe: humans => ({
			kind: 'space-os',
			name: 'space-os',
			location: shortPath(db),
			note: '(read only)',
			refusals: refusalsFor(humans),
		}),
		async perform<A extends Action>(action: A, backend: Backend): Promise<ResultOf<A>> {
			const humans = readForeign(db, foreign => readHumans(foreign, db));
			const wish = action.type === 'post' || action.type === 'stop' ? action.type : 'hold';
			const refusal = refusalsFor(humans)[wish];
			if (refusal !== null) throw new UsageError(refusal);
			const result: Results['post' | 'stop'] =
				action.type === 'post'
					? await post(
							{
								...action,
								human: action.as ?? humanOf(humans, env) ?? '',
								program: programs.bridge ?? '',
								env,
							},
							backend,
						)
					: await stop((action as Action & {type: 'stop'}).target, programs.spawn ?? '', env, backend);
			return result as ResultOf<A>;
		},
	};
}

/** Stops spawns one after the other, because each waits until its process is gone. */
async function stop(
	target: StopTarget,
	program: string,
	env: NodeJS.ProcessEnv,
	backend: Backend,
): Promise<Results['stop']> {
	const {spawns} = backend.read(everySpawn);
	const ids = target.type === 'all' ? spawns.map(({id}) => id) : target.ids;
	const chain = spawns.filter(({id}) =>
		ids.some(root => descendantsOf(spawns, root).some(other => other.id === id)),
	);
	const chosen =
		target.type !== 'spawns'
			? chain.filter(({status, state}) => status === 'running' && state !== 'orphan')
			: spawns.filter(({id}) => ids.includes(id));
	const reports = [];
	for (const spawn of chosen) reports.push(await stopSpawn(spawn, program, env, backend));
	return {spawns: reports};
}

/** The human who posts: the one that the variable names, else the one who was active last. */
function humanOf(humans: readonly string[], env: NodeJS.ProcessEnv): string | null {
	const named = env[humanVariable];
	if (named) return humans.includes(named) ? named : null;
	return humans[0] ?? null;
}

function noHuman(env: NodeJS.ProcessEnv): string {
	const named = env[humanVariable];
	return named
		? `space-os knows no human "${named}" (${humanVariable}).`
		: 'space-os knows no human to post as.';
}

interface Posting {
	readonly channel: string;
	readonly text: string;
	readonly human: string;
	readonly program: string;
	readonly env: NodeJS.ProcessEnv;
}

/** Posts, then reads back the stored message and the outcomes of its mentions. */
async function post(
	{channel, text, human, program, env}: Posting,
	backend: Backend,
): Promise<Results['post']> {
	if (text.trim() === '') throw new UsageError('The message is empty.');
	if (/^-/.test(text) || /^-/.test(channel))
		throw new UsageError('space-os loses a message that begins with "-".', 'Begin it with something else.');
	const after = backend.readMessages(channel, {after: null, limit: 1}).at(-1)?.id ?? null;
	const {exitCode, lastLine} = await runCommand(program, ['send', channel, text, '--as', human], env);
	const isOwn = (message: MessageWithMentions) =>
		message.from === human && message.text.trim() === text.trim();
	let stored: MessageWithMentions | undefined;
	await until(() => {
		stored = backend.readMessages(channel, {after, limit: -1}).find(isOwn);
		if (stored === undefined) return exitCode !== 0;
		return stored.mentions.every(({outcome}) => outcome !== 'queued');
	}, storedWithin);
	if (stored === undefined) {
		const said = lastLine === '' ? '' : ` It said: ${lastLine}`;
		throw new RaidError(
			`space-os has not stored the message (bridge send ended with ${exitCode ?? 'no exit code'}).${said}`,
			{
				exitCode: exitCodes.notFine,
			},
		);
	}
	return {messageId: stored.id, isPosted: true, mentions: stored.mentions};
}

function isDefault(db: string): boolean {
	const usual = defaultDatabase();
	return existsSync(usual) && existsSync(db) && realpathSync(usual) === realpathSync(db);
}

/** A path as people write it. */
function shortPath(path: string): string {
	return path.startsWith(`${homedir()}/`) ? `~${path.slice(homedir().length)}` : path;
}
