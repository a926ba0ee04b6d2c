import {readlinkSync} from 'node:fs';
import {expect, test} from 'vitest';
import {canUnshare} from '../helpers/namespaces.ts';
import {aWorkspace} from '../helpers/workspace.ts';

test.runIf(canUnshare())('a mention from inside a sandbox is launched, outside of it', async () => {
	const workspace = aWorkspace({agents: {b: [[{wait: '2s'}, {send: 'done @human'}]]}});
	// Tools without network, with processes of their own, and with everything but the workspace read-only.
	const inside = `
		mount --bind "$RAID_HOME" "$RAID_HOME" && mount -o remount,bind,ro / && ! touch /tmp/written 2>/dev/null &&
		! grep -q eth /proc/net/dev && raid send general "@b from inside"`;
	workspace.registerCommand('a', ['unshare', '-rmnpf', '--mount-proc', 'sh', '-c', inside]);
	await workspace.raid(['send', 'general', '@a go']);
	const child = await workspace.spawnOf('b', spawn => spawn.process !== null);
	const networkOf = (pid: number | string) => readlinkSync(`/proc/${pid}/ns/net`);

	expect(networkOf(child.process?.pid ?? 0)).toBe(networkOf('self'));
	expect(networkOf(child.supervisor?.pid ?? 0)).toBe(networkOf('self'));
	expect(child.parentId).toBe(workspace.spawns()[0]?.id);
	await workspace.rest();
	expect(workspace.spawns().map(spawn => spawn.status)).toEqual(['completed', 'completed']);
});

test.runIf(canUnshare())(
	'an agent that cannot write at all gets its final text posted, and its mentions launched',
	async () => {
		const workspace = aWorkspace({agents: {b: [[{send: 'done @human'}]]}});
		const inside = `mount --bind "$RAID_HOME" "$RAID_HOME" && mount -o remount,bind,ro "$RAID_HOME";
		raid send general "@b from inside" 2>/dev/null || echo "I cannot post. @b please go on"`;
		workspace.registerCommand('a', ['unshare', '-rm', 'sh', '-c', inside]);
		await workspace.raid(['send', 'general', '@a go']);
		await workspace.spawnOf('b', spawn => spawn.status === 'completed');

		expect(workspace.messages().map(({from, text}) => [from, text])).toEqual([
			['human', '@a go'],
			['a', 'I cannot post. @b please go on'],
			['b', 'done @human'],
		]);
	},
);
