import {resolve} from 'node:path';
import {command} from '../cli/command.ts';
import {textRow} from '../cli/rows.ts';
import {formatBytes} from '../model/bytes.ts';
import {backUp} from '../workspace/backup.ts';

export const backup = command({
	name: 'backup',
	group: 'control',
	summary: 'Copy the store into a file, consistent while agents work.',
	arguments: [{name: 'file', type: 'text', help: 'the copy, which must not exist yet'}],
	flags: {force: {type: 'boolean', help: 'overwrite the file'}},
	examples: ['raid backup ~/raid-monday.db'],
	inSpaceOs: 'Copy it by its own means.',
	async run({file}, {force = false}, {openWorkspace, cwd}) {
		const path = resolve(cwd, file);
		const bytes = await backUp(await openWorkspace({reconciles: false}), path, {isForced: force});
		return {
			document: {path, bytes},
			rows: [textRow(`Copied the store into ${path} (${formatBytes(bytes)}).`)],
		};
	},
});
