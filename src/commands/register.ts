import {existsSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {parseArgsStringToArgv} from 'string-argv';
import * as v from 'valibot';
import {command} from '../cli/command.ts';
import {printJson, requireArguments} from '../cli/print.ts';
import {requireOperator} from '../cli/references.ts';
import {agentDocument} from '../documents/documents.ts';
import {NotFoundError, UsageError} from '../errors.ts';
import {
	type Agent,
	defaultLaunch,
	type Fields,
	fieldNames,
	identityRule,
	isIdentity,
	type LaunchOptions,
	operatorIdentity,
	type Permissions,
	permissionLevels,
	systemIdentity,
} from '../model/agent.ts';
import {command as commandProvider} from '../providers/command.ts';
import {providerNames, providerOfModel} from '../providers/index.ts';
import {findAgent, registerAgent} from '../store/agents.ts';
import {writing} from '../store/open.ts';
import {decodeText, parseJson} from '../validate.ts';
import {writeConstitution} from '../workspace/create.ts';

export const register = command({
	name: 'register',
	summary: 'Add an agent, or change one.',
	usage: `raid register IDENTITY --model M | --command 'PROGRAM ARG …' [FLAG …]`,
	flags: {
		model: {
			type: 'string',
			value: 'M',
			help: "a model's name as its CLI takes it; `default` leaves the choice to the CLI",
		},
		provider: {
			type: 'string',
			value: 'P',
			help: `one of ${providerNames.join(', ')}; else told by the model`,
		},
		role: {type: 'string', value: 'R', help: 'what it is good for, in a few words'},
		constitution: {
			type: 'string',
			value: 'FILE',
			help: 'its standing instructions; copied into the workspace',
		},
		permissions: {
			type: 'string',
			value: 'LEVEL',
			help: `what its CLI may do: ${permissionLevels.join(', ')} (default ${defaultLaunch.permissions})`,
		},
		args: {
			type: 'string',
			value: "'ARG …'",
			help: 'more arguments for its CLI; split without a shell, or a JSON list of them: [] for none',
		},
		resume: {
			type: 'boolean',
			help: 'a later spawn in the same channel goes on with its last session; --no-resume: it does not',
		},
		command: {
			type: 'string',
			value: "'PROGRAM ARG …'",
			help: 'any executable; {model}, {prompt_file} and {cwd} are filled in, else the prompt is its standard input',
		},
		fields: {
			type: 'string',
			value: 'NAME=PATH,…',
			help: `with --command: it prints JSON lines, which hold ${fieldNames.join(', ')} at these paths`,
		},
	},
	inSpaceOs: 'Its own: spawn --help',
	async run(input, flags, context) {
		requireOperator(context);
		const {IDENTITY: identity} = requireArguments(input, ['IDENTITY'], register.usage);
		requireIdentity(identity);
		const {store, home, newId, now} = await context.openWorkspace();
		const known = findAgent(store, identity);
		const launch = launchOf(flags, known?.launch ?? defaultLaunch);
		const model = flags.model ?? known?.model ?? (launch.command === null ? undefined : 'default');
		if (model === undefined)
			throw new UsageError('An agent needs --model, or --command.', `Usage: ${register.usage}`);
		const provider = providerFor(model, flags, known, launch);
		const constitution = placeConstitution(home, identity, flags.constitution, context.cwd);
		const role = flags.role ?? known?.role ?? null;
		writing(store, () =>
			registerAgent(store, {identity, model, provider, role, constitution, launch}, newId(), now()),
		);
		const agent = findAgent(store, identity);
		const how = [provider, model, ...(launch.command === null ? [launch.permissions] : [])];
		if (context.flags.json && agent !== null)
			printJson({version: 1, agent: agentDocument(agent, [])}, context);
		else
			context.terminal.print(
				`${known === null ? 'Registered' : 'Changed'} ${identity} (${how.join(', ')}). Mention it: @${identity}\n`,
			);
	},
});

type RegisterFlags = {
	readonly [K in 'model' | 'provider' | 'permissions' | 'args' | 'command' | 'fields']?: string;
} & {
	readonly resume?: boolean;
};

/** How the agent is launched: as the flags say, else as before. Naming a model or provider ends a command. */
function launchOf(
	{model, provider, permissions, args, resume, command, fields}: RegisterFlags,
	before: LaunchOptions,
): LaunchOptions {
	const isOther = command === undefined && (model !== undefined || provider !== undefined);
	const words = command === undefined ? (isOther ? null : before.command) : wordsOf('--command', command);
	if (words?.length === 0) throw new UsageError('--command is empty.', 'Name a program.');
	if (fields !== undefined && words === null) throw new UsageError('--fields goes only with --command.');
	const kept = command === undefined && !isOther ? before.fields : null;
	return {
		permissions: permissions === undefined ? before.permissions : permissionsOf(permissions),
		args: args === undefined ? before.args : wordsOf('--args', args),
		isResuming: resume ?? before.isResuming,
		command: words,
		fields: fields === undefined ? kept : fieldsOf(fields),
	};
}

/** The words of a command line: a JSON list of them, or a text that is split as a shell would, by quotes and blanks. */
function wordsOf(flag: string, text: string): readonly string[] {
	if (!text.trimStart().startsWith('[')) return parseArgsStringToArgv(text);
	return parseJson(v.array(v.string('must be a text'), 'must be a list'), text, flag);
}

function permissionsOf(text: string): Permissions {
	const level = permissionLevels.find(known => known === text);
	if (level !== undefined) return level;
	throw new UsageError(
		`There is no permission level "${text}".`,
		`There are: ${permissionLevels.join(', ')}.`,
	);
}

function fieldsOf(text: string): Fields {
	const pairs = text.split(',').map(pair => {
		const [name = '', path = ''] = pair.trim().split(/=(.*)/s);
		const field = fieldNames.find(known => known === name);
		if (field === undefined || path === '') {
			throw new UsageError(
				`--fields cannot be read at "${pair.trim()}".`,
				`It is NAME=PATH,…; the names are ${fieldNames.join(', ')}.`,
			);
		}
		return [field, path];
	});
	return Object.fromEntries(pairs) as Fields;
}

function requireIdentity(identity: string): void {
	if (!isIdentity(identity))
		throw new UsageError(`"${identity}" is no identity.`, `One is made of ${identityRule}.`);
	if (identity === systemIdentity || identity === operatorIdentity) {
		throw new UsageError(`"${identity}" is taken: it is no agent.`);
	}
}

function providerFor(
	model: string,
	{model: newModel, provider: named}: RegisterFlags,
	known: Agent | null,
	launch: LaunchOptions,
): string {
	if (launch.command !== null) {
		if (named === undefined || named === commandProvider.name) return commandProvider.name;
		throw new UsageError(`--command does not go with --provider ${named}.`);
	}
	const before = known?.provider === commandProvider.name ? null : (known?.provider ?? null);
	const told = newModel === undefined ? before : providerOfModel(model);
	const provider = named ?? told ?? before;
	if (provider === null) {
		throw new UsageError(
			`The model "${model}" does not tell its provider.`,
			`Add --provider: ${providerNames.join(', ')}.`,
		);
	}
	if (provider === commandProvider.name) throw new UsageError('--provider command needs --command.');
	if (!providerNames.includes(provider)) {
		throw new UsageError(`There is no provider "${provider}".`, `There are: ${providerNames.join(', ')}.`);
	}
	return provider;
}

/** The agent's instructions in the workspace: a copy of the file that was named, else an empty one to edit. */
function placeConstitution(home: string, identity: string, file: string | undefined, cwd: string): string {
	if (file === undefined) return writeConstitution(home, identity, '');
	const path = resolve(cwd, file);
	if (!existsSync(path)) throw new NotFoundError(`There is no file ${path}.`);
	if (statSync(path).isDirectory()) throw new UsageError(`${path} is a directory.`, 'Name a file of text.');
	const text = decodeText(readFileSync(path), path);
	const target = join(home, 'agents', `${identity}.md`);
	if (path === target) return writeConstitution(home, identity, readFileSync(path, 'utf8'));
	writeFileSync(target, text, {mode: 0o600});
	return writeConstitution(home, identity, '');
}
