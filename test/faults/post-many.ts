import {perform} from '../../src/actions.ts';
import {openWorld} from '../../src/world.ts';

// One of many that post at once: COUNT messages that mention somebody, through the same door as `raid send`.
const [home = '', name = '', count = '0', program = ''] = process.argv.slice(2);
const world = {...openWorld(home, home, process.env), program};
const agents = ['a', 'b', 'c'];
for (let index = 0; index < Number(count); index += 1) {
	const text = `@${agents[index % agents.length]} message ${name}-${index}`;
	await perform({type: 'post', channel: 'general', text, as: null}, world);
}
world.store.close();
