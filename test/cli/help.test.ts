import {expect, test} from 'vitest';
import {commandHelp, generalHelp} from '../../src/cli/help.ts';
import {usageOf} from '../../src/cli/usage.ts';
import {program} from '../../src/commands/index.ts';

const {commands, defaultCommand} = program;
const listed = commands.filter(command => command.group !== null);

test('the help lists every command once, by its purpose, and no internal one', () => {
	const lines = generalHelp(program).split('\n');
	for (const {name, summary} of listed) {
		expect(lines.filter(line => line.startsWith(`  ${name} `) && line.endsWith(summary))).toHaveLength(1);
	}
	expect(lines.filter(line => /^[A-Z][\w ]+:$/.test(line))).toEqual([
		'Set up:',
		'Talk:',
		'Watch:',
		'Control:',
		'Help:',
		'With every command:',
	]);
	expect(generalHelp(program)).not.toContain('supervise');
	expect(generalHelp(program)).toContain(`Usage: raid [--once] [--all] [--check]\n`);
});

test.each(listed.map(command => [command.name, command] as const))('%s explains itself', (name, command) => {
	const help = commandHelp(command);

	expect(help).toContain(`Usage: raid ${name}`);
	expect(command.examples.length).toBeGreaterThan(0);
	for (const example of command.examples) expect(help).toContain(`\n  ${example}\n`);
	for (const flag of Object.values(command.flags)) expect(help).toContain(flag.help);
	for (const {name: argument, label = argument.toUpperCase()} of command.arguments)
		expect(help).toMatch(new RegExp(`^ {2}${label.replaceAll('|', '\\|')} +\\S`, 'm'));
});

test('usage shows what is optional, what is repeated, and flags as long as they are few', () => {
	const usage = (name: string) => {
		const command = commands.find(known => known.name === name);
		return command === undefined ? '' : usageOf(command);
	};

	expect(usage('stop')).toBe('raid stop [SPAWN…] [--chain] [--all]');
	expect(usage('recv')).toBe('raid recv CHANNEL [--tail N] [--follow]');
	expect(usage('demo')).toBe('raid demo [SCENARIO] [--speed N] [--no-guards]');
	expect(usage('register')).toBe('raid register IDENTITY [FLAG…]');
	expect(usage('release')).toBe('raid release [CHANNEL|MENTION…] [--agent ID] [--all]');
	expect(usageOf(defaultCommand)).toBe('raid [--once] [--all] [--check]');
});

test('a command that changes the store says what to use in a space-os', () => {
	const reading = [
		'demo',
		'init',
		'recv',
		'channels',
		'mentions',
		'agents',
		'spawns',
		'chain',
		'logs',
		'health',
	];
	const changing = commands.filter(({inSpaceOs}) => inSpaceOs !== null).map(({name}) => name);

	expect(commands.map(({name}) => name).filter(name => !changing.includes(name))).toEqual([
		...reading,
		'help',
		'completion',
	]);
});
