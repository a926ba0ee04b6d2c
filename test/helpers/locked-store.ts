import {spawn as startProcess} from 'node:child_process';
import {createInterface} from 'node:readline';
import {onTestFinished} from 'vitest';

// The lines "lock" and "free" on its standard input take and give back the write lock.
const script = `
	const Database = require('better-sqlite3');
	const db = new Database(process.argv[1]);
	require('node:readline').createInterface({input: process.stdin}).on('line', line => {
		db.exec(line === 'lock' ? 'BEGIN IMMEDIATE' : 'ROLLBACK');
		console.log(line);
	});
`;

/** Another process that writes to the database at `path`, and does not get on. */
export async function aWriter(path: string) {
	const child = startProcess(process.execPath, ['-e', script, path], {
		cwd: import.meta.dirname,
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	onTestFinished(() => void child.kill('SIGKILL'));
	const answers = createInterface({input: child.stdout})[Symbol.asyncIterator]();
	const ask = async (word: string) => {
		child.stdin.write(`${word}\n`);
		await answers.next();
	};
	await ask('lock');
	return {pid: child.pid ?? 0, free: () => ask('free')};
}
