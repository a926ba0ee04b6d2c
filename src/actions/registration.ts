import {UsageError} from '../errors.ts';
import type {AgentChanges, Registration} from '../model/action.ts';
import {
	type Agent,
	allowableRule,
	defaultLaunch,
	identityRule,
	isAllowable,
	isIdentity,
	type LaunchOptions,
	operatorIdentity,
	systemIdentity,
} from '../model/agent.ts';
import {isDamaged} from '../model/damage.ts';
import {faultOfLine, longestRole} from '../model/line.ts';
import {command as commandProvider} from '../providers/command.ts';
import {providerNames, providerOfModel} from '../providers/index.ts';

/**
 * The record of an agent after `changes`; parts that these do not name stay as they are. `known` is the agent as it is
 * now, null for a new one. Throws a UsageError for changes that contradict each other, or leave it without a model.
 */
export function registrationOf(
	identity: string,
	changes: AgentChanges,
	known: Agent | null,
): Omit<Registration, 'constitution'> {
	requireIdentity(identity);
	const fault = changes.role === undefined ? null : faultOfLine(changes.role, longestRole);
	if (fault !== null)
		throw new UsageError(
			`The role ${fault}.`,
			'Say it in one short line; the rest belongs into --constitution.',
		);
	const launch = launchOf(changes, known?.launch ?? defaultLaunch);
	const model = changes.model ?? known?.model ?? (launch.command === null ? null : 'default');
	if (model === null) throw new UsageError('An agent needs --model or --command.', 'See: raid help register');
	const provider = providerFor(model, changes, known, launch);
	return {identity, model, provider, role: changes.role ?? known?.role ?? null, launch};
}

function requireIdentity(identity: string): void {
	if (!isIdentity(identity))
		throw new UsageError(`"${identity}" is not an identity.`, `An identity consists of ${identityRule}.`);
	if (identity === systemIdentity || identity === operatorIdentity)
		throw new UsageError(`"${identity}" is taken: it cannot be an agent.`, 'Choose another identity.');
}

/** How the agent is launched: as the changes say, else as before. Naming a model or provider ends a command. */
function launchOf(changes: AgentChanges, before: LaunchOptions): LaunchOptions {
	const {model, provider, permissions, allow, args, isResuming, command, fields, mayOperate} = changes;
	const isOther = command === undefined && (model !== undefined || provider !== undefined);
	const words = command ?? (isOther ? null : before.command);
	if (words?.length === 0) throw new UsageError('--command is empty.', 'Name a program.');
	if (fields !== undefined && words === null)
		throw new UsageError('--fields goes only with --command.', 'Add --command, or omit --fields.');
	if (allow !== undefined && allow.length > 0 && words !== null)
		throw new UsageError(
			'--allow does not go with --command.',
			'A program of your own has its own rules: omit --allow.',
		);
	const kept = command === undefined && !isOther ? before.fields : null;
	return {
		permissions: permissions ?? before.permissions,
		allow: allow === undefined ? before.allow : allowed(allow),
		// The operator who registers it again settles what was damaged.
		args: args ?? before.args.filter(word => !isDamaged(word)),
		isResuming: isResuming ?? before.isResuming,
		command: words,
		fields: fields ?? kept,
		mayOperate: mayOperate ?? before.mayOperate,
	};
}

function allowed(commands: readonly string[]): readonly string[] {
	const refused = commands.find(command => !isAllowable(command));
	if (refused === undefined) return [...new Set(commands)];
	throw new UsageError(
		`--allow cannot express ${JSON.stringify(refused)}.`,
		`A command is ${allowableRule}.`,
	);
}

function providerFor(
	model: string,
	{model: newModel, provider: named}: AgentChanges,
	known: Agent | null,
	launch: LaunchOptions,
): string {
	if (launch.command !== null) {
		if (named === undefined || named === commandProvider.name) return commandProvider.name;
		throw new UsageError(`--command does not go with --provider ${named}.`, 'Omit one of them.');
	}
	const before = known?.provider === commandProvider.name ? null : (known?.provider ?? null);
	const implied = newModel === undefined ? before : providerOfModel(model);
	const provider = named ?? implied ?? before;
	if (provider === null) {
		throw new UsageError(
			`raid does not know which provider runs "${model}".`,
			`Add --provider: ${providerNames.join(', ')}.`,
		);
	}
	if (provider === commandProvider.name)
		throw new UsageError('--provider command needs --command.', 'Add --command with the program to run.');
	if (!providerNames.includes(provider)) {
		throw new UsageError(`There is no provider "${provider}".`, `There are ${providerNames.join(', ')}.`);
	}
	return provider;
}
