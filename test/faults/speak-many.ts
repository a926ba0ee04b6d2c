import {appendFileSync} from 'node:fs';
import {execa} from 'execa';
import {v7 as newId} from 'uuid';
import {putLetter} from '../../src/outbox/send.ts';
import {outboxFolder} from '../../src/workspace/paths.ts';

// An agent that says COUNT things: each COUNT / CALLS-th through the real `raid send`, the others as `raid send` puts them into
// the outbox, because to start Node ten thousand times would measure Node. Notes what was accepted in ACCEPTED.
const [count = '0', calls = '0', accepted = ''] = process.argv.slice(2);
const {RAID_HOME: home = '', RAID_SPAWN_ID: spawn = '', RAID_IDENTITY: name = ''} = process.env;
const every = Number(calls) === 0 ? Number.POSITIVE_INFINITY : Math.ceil(Number(count) / Number(calls));
for (let index = 0; index < Number(count); index += 1) {
	const text = `${name}-${index}`;
	if (index % every === every - 1) await execa('raid', ['send', 'general', text]);
	else putLetter(outboxFolder(home, spawn), newId(), {channel: 'general', text, as: null, claim: null});
	appendFileSync(accepted, `${text}\n`);
}
