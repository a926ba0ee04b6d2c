import {copyFileSync, existsSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {parseArgsStringToArgv} from 'string-argv';
import {NotFoundError, UsageError} from '../errors.ts';
import {identityRule, isIdentity, operatorIdentity, systemIdentity} from '../model/agent.ts';
import {command as commandProvider} from '../providers/command.ts';
import {providerNames, providerOfModel} from '../providers/index.ts';
import {findAgent, registerAgent} from '../store/agents.ts';
import {writing} from '../store/open.ts';
import {agentDocument} from '../view/document.ts';
import {writeConstitution} from '../workspace/create.ts';
import {command} from './command.ts';
import {printJson, requireArguments} from './output.ts';

export const register = command({
	name: 'register',
	summary: 'Add an agent, or change one.',
	usage: `raid register IDENTITY --model M [--provider P] [--role R] [--constitution FILE] [--command 'PROGRAM ARG …']`,
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
		command: {
			type: 'string',
			value: "'PROGRAM ARG …'",
			help: 'any executable: prompt on its standard input, each line of output is text; split without a shell',
		},
	},
	inSpaceOs: 'Its own: spawn --help',
	async run(input, flags, context) {
		const {IDENTITY: identity} = requireArguments(input, ['IDENTITY'], register.usage);
		requireIdentity(identity);
		const words = flags.command === undefined ? null : parseArgsStringToArgv(flags.command);
		if (words?.length === 0) throw new UsageError('--command is empty.', 'Name a program.');
		const model = flags.model ?? (words === null ? undefined : 'default');
		if (model === undefined)
			throw new UsageError('An agent needs --model, or --command.', `Usage: ${register.usage}`);
		const provider = providerFor(model, flags.provider, words !== null);
		const {store, home, newId, now} = await context.openWorld();
		const known = findAgent(store, identity);
		const constitution = placeConstitution(home, identity, flags.constitution, context.cwd);
		const role = flags.role ?? known?.role ?? null;
		writing(store, () =>
			registerAgent(store, {identity, model, provider, role, constitution, command: words}, newId(), now()),
		);
		const agent = findAgent(store, identity);
		if (context.flags.json && agent !== null)
			printJson({version: 1, agent: agentDocument(agent, [])}, context);
		else
			context.terminal.print(
				`${known === null ? 'Registered' : 'Changed'} ${identity} (${provider}, ${model}). Mention it: @${identity}\n`,
			);
	},
});

function requireIdentity(identity: string): void {
	if (!isIdentity(identity))
		throw new UsageError(`"${identity}" is no identity.`, `One is made of ${identityRule}.`);
	if (identity === systemIdentity || identity === operatorIdentity) {
		throw new UsageError(`"${identity}" is taken: it is no agent.`);
	}
}

function providerFor(model: string, named: string | undefined, hasCommand: boolean): string {
	if (hasCommand) {
		if (named === undefined || named === commandProvider.name) return commandProvider.name;
		throw new UsageError(`--command does not go with --provider ${named}.`);
	}
	const provider = named ?? providerOfModel(model);
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
	const target = join(home, 'agents', `${identity}.md`);
	if (path === target) return writeConstitution(home, identity, readFileSync(path, 'utf8'));
	copyFileSync(path, target);
	return writeConstitution(home, identity, '');
}
