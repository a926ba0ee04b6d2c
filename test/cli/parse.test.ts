import {expect, test} from 'vitest';
import {parseCommandLine} from '../../src/cli/parse.ts';
import {program} from '../../src/commands/index.ts';
import {UsageError} from '../../src/errors.ts';

const parse = (...argv: string[]) => {
	const {command, isNamed, args, flags} = parseCommandLine(argv, program);
	return {name: command.name, isNamed, args, flags};
};

const messageOf = (argv: readonly string[]) => {
	try {
		parse(...argv);
	} catch (error) {
		if (error instanceof UsageError) return `${error.message} ${error.hint}`;
		throw error;
	}
	return 'understood';
};

test.each<[string, readonly string[], string]>([
	['an unknown command', ['frobnicate'], '"frobnicate" is not a command. List them: raid help'],
	[
		'a command with a letter missing',
		['spawn'],
		'"spawn" is not a command. Did you mean spawns? List them: raid help',
	],
	[
		'a command of which only the beginning is given',
		['compl'],
		'"compl" is not a command. Did you mean completion? List them: raid help',
	],
	[
		'the name of an internal command with a typing error',
		['supervis'],
		'"supervis" is not a command. List them: raid help',
	],
	['several words', ['spawns', 'now'], 'Unexpected argument "now". Usage: raid spawns'],
	['an unknown flag', ['spawns', '--frob'], '--frob is not a flag here. List them: raid help spawns'],
	[
		'a flag with a wrong letter',
		['recv', 'general', '--tall', '3'],
		'--tall is not a flag here. Did you mean --tail? List them: raid help recv',
	],
	['an unknown short flag', ['spawns', '-x'], '-x is not a flag here. List them: raid help spawns'],
	[
		'an unknown flag before the command',
		['--frob', 'spawns'],
		'--frob is not a flag here. List them: raid --help',
	],
	[
		'an unknown flag with a value',
		['--once', '--frob', '03:12'],
		'--frob is not a flag here. List them: raid --help',
	],
	[
		'a flag of another command',
		['spawns', '--follow'],
		'--follow is not a flag here. List them: raid help spawns',
	],
	[
		'a flag of raid itself before a command',
		['--once', 'spawns'],
		'--once is not a flag here. List them: raid help spawns',
	],
	[
		'a flag without its value',
		['spawns', '--home'],
		'--home needs a value. If it begins with a dash: --home=VALUE',
	],
	[
		'a flag in place of a value',
		['spawns', '--home', '--json'],
		'--home needs a value. If it begins with a dash: --home=VALUE',
	],
	['an empty value', ['spawns', '--home='], '--home needs a value. If it begins with a dash: --home=VALUE'],
	['a value where none belongs', ['spawns', '--json=yes'], '--json does not take a value. null'],
	['a flag twice', ['spawns', '--json', '--json'], '--json was given twice. null'],
	['two values of a flag', ['spawns', '--home=a', '--home=b'], '--home was given twice. null'],
	[
		'an unknown flag of several words',
		['demo', '--so-fast'],
		'--so-fast is not a flag here. List them: raid help demo',
	],
	[
		'a negated flag that takes a value',
		['spawns', '--no-home'],
		'--no-home is not a flag here. Did you mean --home? List them: raid help spawns',
	],
	['a word in place of a number', ['demo', '--speed', 'x'], '--speed needs a number, not "x". null'],
	[
		'a value that is not a choice',
		['register', 'x', '--permissions', 'all'],
		'--permissions is one of ask-nothing, edit, full, not "all". null',
	],
	[
		'an argument that is not a choice',
		['completion', 'ksh'],
		'SHELL is one of bash, zsh, fish, not "ksh". null',
	],
	[
		'no message',
		['send', 'general'],
		'MESSAGE is missing. Usage: raid send CHANNEL MESSAGE [--as ID] [--done] [--blocked]',
	],
	[
		'no argument at all',
		['send'],
		'CHANNEL is missing. Usage: raid send CHANNEL MESSAGE [--as ID] [--done] [--blocked]',
	],
	['an argument too many', ['channels', 'list'], 'Unexpected argument "list". Usage: raid channels'],
	[
		'no name of a new channel',
		['channels', 'create'],
		'NAME is missing. Usage: raid channels create NAME [--topic TOPIC]',
	],
])('%s is refused in one line', (_, argv, message) => {
	expect(messageOf(argv)).toBe(message);
});

test('without a command raid itself is meant', () => {
	expect(parse()).toEqual({name: '', isNamed: false, args: {}, flags: {}});
	expect(parse('--once', '--channel', 'review')).toMatchObject({
		name: '',
		flags: {once: true, channel: 'review'},
	});
});

test('flags stand before the command, behind it, or between its arguments', () => {
	expect(parse('--json', 'recv', '--tail', '3', 'general', '--home=/x')).toEqual({
		name: 'recv',
		isNamed: true,
		args: {channel: 'general'},
		flags: {json: true, tail: 3, home: '/x'},
	});
});

test('the value of a flag before the command is not the command', () => {
	expect(parse('--channel', 'spawns', 'agents')).toMatchObject({name: 'agents', flags: {channel: 'spawns'}});
});

test('a command may have two words', () => {
	expect(parse('channels', 'create', 'review', '--topic', 'a topic')).toMatchObject({
		name: 'channels create',
		args: {name: 'review'},
		flags: {topic: 'a topic'},
	});
	expect(parse('--json', 'channels')).toMatchObject({name: 'channels', args: {}});
});

test('a flag is switched off by --no-', () => {
	expect(parse('demo', '--no-guards', '--no-color').flags).toEqual({guards: false, color: false});
	expect(parse('register', 'x', '--no-resume').flags).toEqual({resume: false});
});

test('a negative number is a value, a lone dash and everything after -- is an argument', () => {
	expect(parse('demo', '--speed', '-1').flags).toEqual({speed: -1});
	expect(parse('send', 'general', '-').args).toEqual({channel: 'general', message: '-'});
	expect(parse('send', 'general', '--', '--help me').args).toEqual({
		channel: 'general',
		message: '--help me',
	});
});

test('a repeated argument takes every word that is left', () => {
	expect(parse('stop', 'a', 'b', '--chain', 'c').args).toEqual({spawn: ['a', 'b', 'c']});
	expect(parse('drop').args).toEqual({held: []});
	expect(parse('alerts', '--ack', 'stalled')).toMatchObject({args: {named: ['stalled']}, flags: {ack: true}});
});

test.each([['-h'], ['--help']])('%s needs no argument, wherever it stands', flag => {
	expect(parse(flag)).toMatchObject({isNamed: false, flags: {help: true}});
	expect(parse('send', flag)).toMatchObject({name: 'send', flags: {help: true}});
	expect(parse(flag, 'send')).toMatchObject({name: 'send', flags: {help: true}});
});

test('a flag that may be repeated has all its values, and each needs one', () => {
	expect(parse('register', 'x', '--allow', 'npm test', '--allow=make check').flags).toEqual({
		allow: ['npm test', 'make check'],
	});
	expect(parse('register', 'x', '--allow', 'npm test').flags).toEqual({allow: ['npm test']});
	for (const words of [
		['--allow='],
		['--allow'],
		['--allow', '--json'],
		['--allow', 'npm test', '--allow='],
	]) {
		expect(messageOf(['register', 'x', ...words])).toMatch(/^--allow needs a value/);
	}
});
