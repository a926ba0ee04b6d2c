import {existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {canUnshare} from '../helpers/namespaces.ts';
import {until} from '../helpers/wait.ts';
import {aWorkspace, type TestWorkspace} from '../helpers/workspace.ts';

const hasNamespaces = canUnshare();

/**
 * Lets an agent run a script in a sandbox as Codex makes it: no network, processes of its own, and of the whole file system
 * only the outbox of its spawn writable. What it printed, errors included; `first` is run before, outside of the sandbox.
 */
async function runSandboxed(workspace: TestWorkspace, script: string, mounts = ''): Promise<string> {
	const {directory} = workspace;
	const path = join(directory, 'script.sh');
	const printed = join(directory, 'printed');
	writeFileSync(path, script);
	const inside = `
		O="$RAID_HOME/outbox/$RAID_SPAWN_ID"
		mount --bind "${directory}" "${directory}" && mount --bind "$O" "$O" || exit 9
		${mounts}
		mount -o remount,bind,ro "${directory}" && mount -o remount,bind,ro / || exit 9
		touch "${directory}/written" /written "$RAID_HOME/raid.db" 2> /dev/null && exit 9
		cd "${directory}" && sh "${path}"`;
	const sandbox = join(directory, 'sandbox.sh');
	writeFileSync(sandbox, inside);
	workspace.registerCommand('a', [
		'sh',
		'-c',
		`unshare -rmnpf --mount-proc sh ${sandbox} > ${printed} 2>&1; echo "sandbox $?" >> ${printed}; mv ${printed} ${printed}.whole`,
	]);
	await workspace.raid(['send', 'general', '@a go']);
	await until('the sandbox is gone', () => existsSync(`${printed}.whole`));
	const text = readFileSync(`${printed}.whole`, 'utf8');
	expect(text).toMatch(/sandbox 0$/m);
	return text;
}

/** Everything below a folder with its contents, but for what changes by itself. */
function contentsOf(folder: string): Readonly<Record<string, string>> {
	const files = readdirSync(folder, {recursive: true, withFileTypes: true}).filter(entry => entry.isFile());
	return Object.fromEntries(
		files.map(({parentPath, name}) => [join(parentPath, name), readFileSync(join(parentPath, name), 'utf8')]),
	);
}

test.runIf(hasNamespaces)('a mention from inside a sandbox is launched, outside of it', async () => {
	const workspace = aWorkspace({agents: {b: [[{waitFor: 'go'}, {send: 'done @human'}]]}});
	const printed = await runSandboxed(workspace, 'raid send general "@b from inside"');
	const child = await workspace.spawnOf('b', spawn => spawn.process !== null);
	const networkOf = (pid: number | string) => readlinkSync(`/proc/${pid}/ns/net`);

	expect(printed).toMatch(/Posted to #general\.\n@b launched/);
	expect(networkOf(child.process?.pid ?? 0)).toBe(networkOf('self'));
	expect(networkOf(child.supervisor?.pid ?? 0)).toBe(networkOf('self'));
	expect(child.parentId).toBe(workspace.spawns()[0]?.id);
	workspace.go();
	await workspace.rest();
	expect(workspace.spawns().map(spawn => spawn.status)).toEqual(['completed', 'completed']);
});

test.runIf(hasNamespaces)(
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

test.runIf(hasNamespaces)(
	'in a sandbox the raid can be read while others write it, and nothing else be done',
	async () => {
		const workspace = aWorkspace({agents: {b: [[{waitFor: 'go'}]]}});
		await workspace.raid(['send', 'general', '@b work']);
		const printed = await runSandboxed(
			workspace,
			`
		raid recv general; echo "exit $?"
		raid spawns | grep -c b; raid --once > /dev/null; echo "exit $?"
		raid hold; echo "exit $?"
		env -u RAID_SPAWN_ID raid send general "as human" --as human; echo "exit $?"
		raid send general "as myself"; echo "exit $?"`,
		);

		expect(printed.match(/exit \d/g)).toEqual(['exit 0', 'exit 0', 'exit 2', 'exit 2', 'exit 0']);
		expect(printed).toMatch(/human: @b work/);
		expect(workspace.messages().at(-1)).toMatchObject({from: 'a', text: 'as myself'});
		workspace.go();
		await workspace.rest();
		// Those whom nobody sees from inside were not taken for dead.
		expect(workspace.spawns().map(({agent, status}) => [agent, status])).toEqual([
			['b', 'completed'],
			['a', 'completed'],
		]);
	},
);

test.runIf(hasNamespaces)(
	'where the store cannot be read, that is said, and messages are sent all the same',
	async () => {
		const workspace = aWorkspace();
		const printed = await runSandboxed(
			workspace,
			`
		raid recv general; echo "exit $?"
		raid send general "without a store"; echo "exit $?"`,
			'mount --bind /dev/null "$RAID_HOME/raid.db"',
		);

		expect(printed.match(/exit \d/g)).toEqual(['exit 4', 'exit 0']);
		expect(printed).toMatch(/^raid: .*raid\.db/m);
		expect(workspace.messages().at(-1)).toMatchObject({from: 'a', text: 'without a store'});
	},
);

// What an agent did to get out of its sandbox while it could write the store (fault review, 5a to 5d).
const sqlite = (sql: string) => `${process.execPath} -e '
	const {DatabaseSync} = require("node:sqlite");
	try {
		const db = new DatabaseSync(process.env.RAID_HOME + "/raid.db");
		db.exec(process.argv[1]); console.log("CHANGED");
	} catch (error) { console.log("refused", error.message); }
' "${sql}"`;

test.runIf(hasNamespaces)(
	'a sandboxed agent decides nothing that is run outside: not the command of another agent',
	async () => {
		const workspace = aWorkspace({agents: {b: [[{send: 'done @human'}]]}});
		const outside = join(workspace.directory, 'PWNED');
		const printed = await runSandboxed(
			workspace,
			`
		${sqlite(`UPDATE raid_agents SET provider = 'command', command = '["sh","-c","id > ${outside}"]'`)}
		echo x > "$RAID_HOME/agents/b.md"; echo x > "$RAID_HOME/bin/raid"; echo '{}' > "$RAID_HOME/config.json"
		rm -f "$RAID_HOME/raid.db"; mv "$RAID_HOME" "$RAID_HOME.old"
		raid send general "@b verify"`,
		);
		await workspace.spawnOf('b', spawn => spawn.status === 'completed');

		expect(printed).not.toMatch(/CHANGED/);
		expect(printed.match(/[Rr]ead-only file system|readonly/g)?.length).toBeGreaterThanOrEqual(5);
		expect(existsSync(outside)).toBe(false);
		expect(workspace.spawns().at(-1)).toMatchObject({agent: 'b', provider: 'scripted'});
	},
);

test.runIf(hasNamespaces)(
	'a sandboxed agent reads and writes no file outside through links in raid’s folders',
	async () => {
		const workspace = aWorkspace({agents: {b: [[{send: 'done @human'}]]}});
		const victim = join(workspace.directory, 'victim');
		writeFileSync(victim, 'SECRET');
		mkdirSync(join(workspace.directory, 'other'));
		const printed = await runSandboxed(
			workspace,
			`
		L="$RAID_HOME/logs/$RAID_SPAWN_ID" O="$RAID_HOME/outbox/$RAID_SPAWN_ID"
		ln -s ${victim} "$L/2.out.jsonl"; ln -s ${victim} "$L/prompt2.md"; mkfifo "$L/3.out.jsonl"
		mkdir "$RAID_HOME/logs/x"; mkdir "$RAID_HOME/outbox/x"; touch "$RAID_HOME/answers/$RAID_SPAWN_ID/x"
		ln -s ${victim} "$O/019a0000-0000-7000-8000-000000000001.json"
		ln ${victim} "$O/019a0000-0000-7000-8000-000000000002.json"
		mkfifo "$O/019a0000-0000-7000-8000-000000000003.json"
		ln -s ${workspace.directory}/other "$O/x"; mkdir "$O/y"
		dd if=/dev/zero of="$O/019a0000-0000-7000-8000-000000000004.json" bs=1M count=20 2> /dev/null
		mv "$O" "$O.moved"; rmdir "$O"
		raid send general "@b still here"; echo "exit $?"`,
		);
		await workspace.spawnOf('b', spawn => spawn.status === 'completed');
		await workspace.rest();

		expect(printed).toMatch(/exit 0/);
		expect(readFileSync(victim, 'utf8')).toBe('SECRET');
		expect(readdirSync(join(workspace.directory, 'other'))).toEqual([]);
		const texts = workspace.messages().map(({text}) => text);
		expect(texts).toEqual(['@a go', '@b still here', 'done @human']);
		expect(Object.values(contentsOf(join(workspace.home, 'logs'))).join('')).not.toContain('SECRET');
		await until('the outbox is gone', () => readdirSync(join(workspace.home, 'outbox')).length === 0);
	},
);

test.runIf(hasNamespaces)(
	'a sandboxed agent forges no record by which an innocent process is killed, or a path made',
	async () => {
		const workspace = aWorkspace({agents: {b: [[]]}});
		const before = readdirSync(workspace.directory).length;
		const printed = await runSandboxed(
			workspace,
			`
		${sqlite(`UPDATE spawns SET pid = 1`)}
		${sqlite(`INSERT INTO spawns (id, agent_id, status, created_at) SELECT '../../../escaped', agent_id, 'pending', '2026' FROM agents`)}
		raid send '../../../escaped' x; echo "exit $?"
		RAID_SPAWN_ID=../../../escaped raid send general x; echo "exit $?"
		env -i HOME=/ PATH="$PATH" RAID_HOME="$RAID_HOME" RAID_SPAWN_ID=../../../escaped setsid raid send general x; echo "exit $?"`,
		);
		await workspace.rest();

		expect(printed).not.toMatch(/CHANGED/);
		expect(printed.match(/exit \d/g)).toEqual(['exit 3', 'exit 2', 'exit 2']);
		expect(workspace.spawns()).toHaveLength(1);
		expect(workspace.messages()).toHaveLength(1);
		// The scripts, and what the sandbox printed.
		expect(readdirSync(workspace.directory).length - before).toBe(3);
	},
);
