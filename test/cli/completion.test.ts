import {execa} from 'execa';
import {expect, test} from 'vitest';
import {completionScript} from '../../src/cli/completion.ts';
import {kebab} from '../../src/cli/usage.ts';
import {program} from '../../src/commands/index.ts';

/** The words that bash offers at the end of a command line. */
async function offered(...words: string[]): Promise<readonly string[]> {
	const ask = `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _raid; printf "%s\\n" "\${COMPREPLY[@]}"`;
	const {stdout} = await execa('bash', [
		'-c',
		`${completionScript('bash', program)}\n${ask}`,
		'bash',
		...words,
	]);
	return stdout.split('\n');
}

test('bash completes commands, their second words, flags and fixed values', async () => {
	expect(await offered('raid', 'sp')).toEqual(['spawns']);
	expect(await offered('raid', 'sup')).toEqual(['']);
	expect(await offered('raid', '--on')).toEqual(['--once']);
	expect(await offered('raid', 'channels', 'c')).toEqual(['create']);
	expect(await offered('raid', 'channels', 'create', '--to')).toEqual(['--topic']);
	expect(await offered('raid', 'channels', '--to')).toEqual(['']);
	expect(await offered('raid', 'recv', 'general', '--f')).toEqual(['--follow']);
	expect(await offered('raid', 'demo', '--no')).toEqual(['--no-guards']);
	expect(await offered('raid', 'completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']));
});

test.each(['zsh', 'fish'] as const)('the script for %s knows every command and flag', shell => {
	const script = completionScript(shell, program);
	for (const {name, group, flags} of program.commands) {
		const [first] = name.split(' ');
		expect(script.includes(` ${first} `)).toBe(group !== null);
		for (const flag of Object.keys(flags)) expect(script).toMatch(new RegExp(`\\b(no-)?${kebab(flag)}\\b`));
	}
});
