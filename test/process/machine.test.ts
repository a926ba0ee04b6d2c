import {execFileSync} from 'node:child_process';
import {join, resolve} from 'node:path';
import {expect, test} from 'vitest';
import {machineId, pidNamespace} from '../../src/process/machine.ts';
import {canUnshare} from '../helpers/namespaces.ts';

const source = join(resolve(import.meta.dirname, '../..'), 'src/process/machine.ts');
const script = `import {machineId, pidNamespace} from '${source}'; console.log(machineId() + ' ' + pidNamespace());`;

test('every process of a machine gives it the same id', () => {
	const [other] = execFileSync(process.execPath, ['-e', script], {encoding: 'utf8'}).trim().split(' ');

	expect(machineId()).not.toBe('');
	expect(other).toBe(machineId());
});

test.runIf(canUnshare())('a process in another PID namespace knows that it is', () => {
	const args = ['-rpf', '--mount-proc', process.execPath, '-e', script];
	const [machine, namespace] = execFileSync('unshare', args, {encoding: 'utf8'}).trim().split(' ');

	expect(machine).toBe(machineId());
	expect(namespace).toMatch(/^pid:\[\d+\]$/);
	expect(namespace).not.toBe(pidNamespace());
});
