import {join} from 'node:path';
import {execa} from 'execa';
import {expect, test} from 'vitest';
import {aWorkspace, cliPath} from '../helpers/workspace.ts';
import {expectInvariants, recover} from './invariants.ts';

const processes = 50;
const each = 200;

// Minutes of work: a part of `npm run test:faults`.
test.runIf(process.env.FAULT_RUNS)(
	'10,000 messages with mentions from 50 concurrent processes: all are there, and nobody sees a busy database',
	async () => {
		const agents = {a: [[{wait: '200ms'}]], b: [[{wait: '300ms'}]], c: [[{wait: '400ms'}]]};
		const workspace = aWorkspace({agents});
		const script = join(import.meta.dirname, 'post-many.ts');
		const posting = Array.from({length: processes}, (_, name) =>
			execa(process.execPath, [script, workspace.home, String(name), String(each), cliPath], {
				env: workspace.env,
				extendEnv: false,
				reject: false,
			}),
		);
		const results = await Promise.all(posting);

		expect(
			results.filter(({exitCode, stderr}) => exitCode !== 0 || stderr !== '').map(({stderr}) => stderr),
		).toEqual([]);
		await workspace.rest();
		await recover(workspace);
		const messages = workspace.messages().filter(({from}) => from === 'human');
		expect(new Set(messages.map(message => message.text)).size).toBe(processes * each);
		expect(messages.every(({mentions}) => mentions.length === 1 && mentions[0]?.spawnId !== null)).toBe(true);
		expectInvariants(workspace, []);
	},
	600_000,
);
