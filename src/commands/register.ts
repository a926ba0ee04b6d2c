import {existsSync, readFileSync, statSync} from 'node:fs';
import {resolve} from 'node:path';
import {command} from '../cli/command.ts';
import {textRow} from '../cli/rows.ts';
import {fieldsOf, wordsOf} from '../cli/words.ts';
import {argumentWarnings} from '../doctor/arguments.ts';
import {agentDocument} from '../documents/agent.ts';
import {NotFoundError, UsageError} from '../errors.ts';
import {type Agent, defaultLaunch, fieldNames, permissionLevels} from '../model/agent.ts';
import {presentQuery} from '../model/query.ts';
import {providerNames} from '../providers/index.ts';
import type {Row} from '../text/row.ts';
import {decodeText} from '../validate.ts';

export const register = command({
	name: 'register',
	group: 'setup',
	summary: 'Add an agent, or change one.',
	arguments: [{name: 'identity', type: 'agent', help: 'the name used in mentions, without @'}],
	flags: {
		model: {
			type: 'string',
			value: 'M',
			help: "a model's name as its CLI takes it; `default` leaves the choice to the CLI",
		},
		provider: {
			type: 'string',
			value: 'P',
			help: `one of ${providerNames.join(', ')}; not needed where the model's name implies it`,
		},
		role: {type: 'string', value: 'R', help: 'what the agent is good for, in a few words'},
		constitution: {
			type: 'string',
			value: 'FILE',
			help: 'its standing instructions; copied into the workspace',
		},
		permissions: {
			type: 'string',
			value: 'LEVEL',
			choices: permissionLevels,
			help: `what its CLI may do: ${permissionLevels.join(', ')} (default ${defaultLaunch.permissions})`,
		},
		allow: {
			type: 'string',
			value: "'COMMAND'",
			isRepeated: true,
			help: 'a shell command that its CLI permits below `full`; a last word * allows any further arguments; [] for none',
		},
		may: {
			type: 'string',
			value: 'WHAT',
			choices: ['post', 'operate'],
			help: 'what it may do with the raid inside its spawns: post (the default), or operate it as you do',
		},
		args: {
			type: 'string',
			value: "'ARG …'",
			help: 'more arguments for its CLI, split without a shell, or a JSON list of them; [] for none',
		},
		resume: {
			type: 'boolean',
			help: 'a later spawn in the same channel continues its last session; --no-resume starts a new one',
		},
		command: {
			type: 'string',
			value: "'PROGRAM ARG …'",
			help: 'any executable; {model}, {prompt_file} and {cwd} are filled in, and without {prompt_file} the prompt is its standard input',
		},
		fields: {
			type: 'string',
			value: 'NAME=PATH,…',
			help: `with --command, for JSON lines: the paths of ${fieldNames.join(', ')}`,
		},
	},
	examples: [
		'raid register reviewer --model opus --role "reviews every change"',
		'raid register reviewer --permissions ask-nothing',
		"raid register sonnelot --allow 'npm test' --allow 'npx vitest run *'",
		'raid register oplot --may operate',
		`raid register local --command 'llm -m {model} --file {prompt_file}'`,
	],
	inSpaceOs: 'See: spawn --help',
	async run({identity}, flags, {openToChange, cwd}) {
		const {
			model,
			provider,
			role,
			constitution,
			permissions,
			allow,
			args,
			resume,
			command: program,
			fields,
			may,
		} = flags;
		const given = {
			model,
			provider,
			role,
			constitution: constitution === undefined ? undefined : readText(resolve(cwd, constitution)),
			permissions: permissionLevels.find(level => level === permissions),
			allow: allow?.filter(words => words !== '[]'),
			args: args === undefined ? undefined : wordsOf('--args', args),
			isResuming: resume,
			command: program === undefined ? undefined : wordsOf('--command', program),
			fields: fields === undefined ? undefined : fieldsOf(fields),
			mayOperate: may === undefined ? undefined : may === 'operate',
		};
		const backend = await openToChange();
		const {agent, isNew} = await backend.perform({type: 'register', identity, changes: given});
		return {
			document: {agent: agentDocument(agent, backend.read(presentQuery).spawns)},
			rows: [
				textRow(
					`${isNew ? 'Registered' : 'Changed'} ${identity} (${describe(agent)}). Mention it: @${identity}`,
				),
				...warningsOf(agent),
			],
		};
	},
});

function warningsOf({provider, launch}: Agent): readonly Row[] {
	const warnings = launch === null ? [] : argumentWarnings(provider, launch);
	return warnings.map(({text, help}) => textRow(`Warning: ${text}. ${help}`));
}

function describe({provider, model, launch}: Agent): string {
	const may = launch?.mayOperate ? ['may operate'] : [];
	if (launch === null || launch.command !== null) return [provider, model, ...may].join(', ');
	const allowed = launch.allow.map(words => `may run \`${words}\``);
	return [provider, model, launch.permissions, ...allowed, ...may].join(', ');
}

function readText(path: string): string {
	if (!existsSync(path)) throw new NotFoundError(`There is no file ${path}.`);
	if (statSync(path).isDirectory()) throw new UsageError(`${path} is a directory.`, 'Name a text file.');
	return decodeText(readFileSync(path), path);
}
