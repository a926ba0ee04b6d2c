import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {execa} from 'execa';

// npm run test:providers -- [--clis DIR] [--install]
const {values} = parseArgs({options: {clis: {type: 'string'}, install: {type: 'boolean', default: false}}});
const folder = resolve(values.clis ?? process.env.RAID_CLIS ?? join(tmpdir(), 'raid-clis'));
const isKnown = existsSync(join(folder, 'node_modules'));
const options = {preferLocal: true, stdio: 'inherit', reject: false} as const;

if (values.install) {
	mkdirSync(folder, {recursive: true});
	const packages = ['@anthropic-ai/claude-code', '@openai/codex', '@google/gemini-cli'];
	const {exitCode} = await execa('npm', ['install', '--prefix', folder, '--no-save', ...packages], options);
	if (exitCode !== 0) process.exit(exitCode ?? 1);
}

const tests = [
	'vitest',
	'run',
	'test/providers/real.test.ts',
	'test/providers/real-boundaries.test.ts',
	'--reporter=verbose',
];
const env = {RAID_REAL: '1', ...(values.install || isKnown ? {RAID_CLIS: folder} : {})};
// A network namespace with loopback only, so that a CLI reaches nobody whatever it tries.
const isolate = ['-rn', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
const isIsolated = canIsolate();
console.log(
	isIsolated
		? 'The network is cut off.'
		: 'The network cannot be cut off here; settings alone keep the CLIs on loopback.',
);
const [program = '', ...args] = isIsolated ? ['unshare', ...isolate, ...tests] : tests;
const {exitCode} = await execa(program, args, {...options, env});
process.exitCode = exitCode ?? 1;

function canIsolate(): boolean {
	try {
		execFileSync('unshare', [...isolate, 'true'], {stdio: 'ignore'});
		return true;
	} catch {
		return false;
	}
}
