import {perform} from '../../src/actions/perform.ts';
import {openWorkspace} from '../../src/workspace/open.ts';

// One of many that post at once: COUNT messages that mention somebody, through the same door as `raid send`.
const [home = '', name = '', count = '0', cliPath = ''] = process.argv.slice(2);
const opened = {...openWorkspace(home, home, process.env), cliPath};
const agents = ['a', 'b', 'c'];
for (let index = 0; index < Number(count); index += 1) {
	const text = `@${agents[index % agents.length]} message ${name}-${index}`;
	await perform(opened, {type: 'post', channel: 'general', text, as: null, claim: null});
}
opened.store.close();
