import {execFileSync} from 'node:child_process';
import {
	existsSync,
	linkSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {dirname, join} from 'node:path';
import Database from 'better-sqlite3';
import {v7 as newId} from 'uuid';
import {expect, test} from 'vitest';
import {postMessage} from '../../src/bridge/post.ts';
import {finishSpawn} from '../../src/launcher/finish.ts';
import {closeOutbox, closeOutboxes, makeOutbox, tendOutbox} from '../../src/launcher/outbox.ts';
import type {Letter} from '../../src/outbox/letter.ts';
import {putLetter} from '../../src/outbox/send.ts';
import {markKilled} from '../../src/store/life.ts';
import {impatiently} from '../../src/store/patience.ts';
import {answerFolder, outboxFolder, spawnFolder} from '../../src/workspace/paths.ts';
import {until} from '../helpers/wait.ts';
import {aWorkspace} from '../helpers/workspace.ts';

/** A spawn of `a` that is there, and runs nothing: what its agent would write, the test writes. */
function aSpeaker() {
	const workspace = aWorkspace({agents: {a: [[]], b: [[]]}});
	const {opened, home} = workspace;
	postMessage(opened, {channel: 'general', from: 'human', spawnId: null, text: '@a go', claim: null});
	const [spawn] = workspace.spawns();
	if (spawn === undefined) throw new Error('there is no spawn');
	makeOutbox(home, spawn.id);
	const outbox = outboxFolder(home, spawn.id);
	return {
		...workspace,
		spawn,
		outbox,
		put(parts: Partial<Letter> = {}, id = newId()) {
			putLetter(outbox, id, {channel: 'general', text: 'hello', as: null, claim: null, ...parts});
			return id;
		},
		take: () => tendOutbox(opened, spawn).count,
		answerTo: (id: string) =>
			JSON.parse(readFileSync(join(answerFolder(home, spawn.id), `${id}.json`), 'utf8')),
		said: () => workspace.messages().flatMap(({from, text}) => (from === 'a' ? [text] : [])),
		log: () => {
			const path = join(home, 'logs', spawn.id, 'supervisor.err.log');
			return existsSync(path) ? readFileSync(path, 'utf8') : '';
		},
	};
}

test('a letter is posted as its spawn, under its own id, answered and removed', () => {
	const speaker = aSpeaker();
	const id = speaker.put({text: '@b help, @human'});
	speaker.take();

	expect(speaker.messages().at(-1)).toMatchObject({id, from: 'a', text: '@b help, @human'});
	expect(speaker.answerTo(id)).toMatchObject({
		type: 'posted',
		mentions: [{identity: 'b', outcome: 'held', reason: 'settled'}, {identity: 'human'}],
	});
	expect(readdirSync(speaker.outbox)).toEqual([]);
});

test('a letter that was posted before its supervisor died is only answered again', () => {
	const speaker = aSpeaker();
	const id = speaker.put({text: '@b help'});
	speaker.take();
	const before = speaker.answerTo(id);
	rmSync(answerFolder(speaker.home, speaker.spawn.id), {recursive: true});
	speaker.put({text: '@b help'}, id);
	speaker.take();

	expect(speaker.said()).toEqual(['@b help']);
	expect(speaker.answerTo(id)).toEqual(before);
	expect(speaker.spawns().filter(({agent}) => agent === 'b')).toHaveLength(1);
});

test('the id of another message is refused, and that message stays as it is', () => {
	const speaker = aSpeaker();
	const human = speaker.messages()[0]?.id ?? '';
	speaker.put({text: 'forged'}, human);
	speaker.take();

	expect(speaker.answerTo(human)).toMatchObject({type: 'refused', exitCode: 2});
	expect(speaker.messages().map(({from, text}) => [from, text])).toEqual([['human', '@a go']]);
	expect(speaker.log()).toMatch(/refused in the outbox/);
});

test.each<[string, Partial<Letter>, RegExp]>([
	['to an unknown channel', {channel: 'nowhere'}, /nowhere/],
	['to a channel that is a path', {channel: '../general'}, /\.\.\/general/],
	['that is empty', {text: ' '}, /is empty/],
	['that is too long', {text: 'x'.repeat(1024 * 1024 + 1)}, /the limit is/],
	['that mentions too many', {text: Array.from({length: 101}, (_, n) => `@n${n}`).join(' ')}, /101/],
	['as somebody else', {as: 'human'}, /speaks only as itself: "a", not "human"/],
	['as raid itself', {as: 'raid'}, /speaks only as itself/],
])('a letter %s is refused in words, and the next one is posted', (_, parts, reason) => {
	const speaker = aSpeaker();
	const id = speaker.put(parts);
	speaker.put({text: 'next'});
	speaker.take();

	expect(speaker.answerTo(id)).toMatchObject({type: 'refused', message: expect.stringMatching(reason)});
	expect(speaker.said()).toEqual(['next']);
	expect(readdirSync(speaker.outbox)).toEqual([]);
});

test.each<[string, (path: string, victim: string) => void]>([
	['a symbolic link', (path, victim) => symlinkSync(victim, path)],
	['a link to nothing', path => symlinkSync('/nowhere', path)],
	['a second name of a file', (path, victim) => linkSync(victim, path)],
	['a FIFO', path => void execFileSync('mkfifo', [path])],
	['a folder', path => void mkdirSync(path)],
	['a file of a gibibyte', path => execFileSync('truncate', ['-s', '1G', path])],
	['no JSON', path => writeFileSync(path, 'hello')],
	['JSON of another shape', path => writeFileSync(path, '{"channel":"general","text":7}')],
	['JSON with more in it', path => writeFileSync(path, lettered({spawnId: 'x'}))],
	['brackets without end', path => writeFileSync(path, '['.repeat(1_000_000))],
])('%s in the outbox reaches nothing, and does not keep the next message from being posted', (_, place) => {
	const speaker = aSpeaker();
	const victim = join(speaker.directory, 'victim');
	writeFileSync(victim, lettered({}));
	place(join(speaker.outbox, `${newId()}.json`), victim);
	place(join(speaker.outbox, 'x'), victim);
	speaker.put({text: 'next'});
	speaker.take();

	expect(speaker.said()).toEqual(['next']);
	expect(readFileSync(victim, 'utf8')).toBe(lettered({}));
	finishSpawn(speaker.opened, speaker.spawn, {status: 'completed', failure: null, finalText: null});
	expect(existsSync(speaker.outbox)).toBe(false);
	expect(existsSync(victim)).toBe(true);
});

function lettered(more: object): string {
	return JSON.stringify({channel: 'general', text: 'forged', as: null, claim: null, ...more});
}

test('an outbox, or its answers, that became a link leads nowhere', () => {
	const speaker = aSpeaker();
	const elsewhere = join(speaker.directory, 'elsewhere');
	mkdirSync(elsewhere);
	writeFileSync(join(elsewhere, `${newId()}.json`), lettered({}));
	rmSync(speaker.outbox, {recursive: true});
	symlinkSync(elsewhere, speaker.outbox);
	expect(speaker.take()).toBe(0);
	finishSpawn(speaker.opened, speaker.spawn, {status: 'completed', failure: null, finalText: null});

	expect(speaker.said()).toEqual([]);
	expect(readdirSync(elsewhere)).toHaveLength(1);
});

test('a flood of files is taken a few at a time, and the letters in it are posted', () => {
	const speaker = aSpeaker();
	for (let index = 0; index < 3000; index += 1) writeFileSync(join(speaker.outbox, `junk ${index}`), '');
	speaker.put({text: 'in the flood'});
	const looks: number[] = [];
	while (looks.at(-1) !== 0) looks.push(speaker.take());

	expect(Math.max(...looks)).toBeLessThanOrEqual(32);
	expect(speaker.said()).toEqual(['in the flood']);
	expect(readdirSync(speaker.outbox)).toEqual([]);
	expect(speaker.log().split('\n').length).toBeLessThan(1000);
});

test('on a full disk a letter waits for the next look', () => {
	const speaker = aSpeaker();
	const {store} = speaker.opened;
	const id = speaker.put({text: 'x'.repeat(500_000)});
	store.pragma(`max_page_count = ${store.pragma('page_count', {simple: true})}`);
	expect(speaker.take()).toBe(0);
	expect(speaker.said()).toEqual([]);
	expect(readdirSync(speaker.outbox)).toEqual([`${id}.json`]);
	store.pragma('max_page_count = 1000000');
	speaker.take();

	expect(speaker.said()).toHaveLength(1);
	expect(speaker.answerTo(id).type).toBe('posted');
});

test('while another process keeps the store busy, or has replaced it, a letter waits', () => {
	const speaker = aSpeaker();
	const {store} = speaker.opened;
	const id = speaker.put({text: 'patient'});
	const other = new Database(store.name);
	other.exec('BEGIN IMMEDIATE');
	expect(impatiently(store, 1, speaker.take)).toBe(0);
	expect(readdirSync(speaker.outbox)).toEqual([`${id}.json`]);
	other.exec('ROLLBACK');
	other.close();
	renameSync(store.name, `${store.name}.away`);
	writeFileSync(store.name, '');
	expect(speaker.take()).toBe(0);
	expect(readdirSync(speaker.outbox)).toEqual([`${id}.json`]);
	renameSync(`${store.name}.away`, store.name);
	speaker.take();

	expect(speaker.said()).toEqual(['patient']);
});

test('letters that are there when a spawn ends are posted before its end, and nothing is posted for it', () => {
	const speaker = aSpeaker();
	speaker.put({text: 'said with the last breath'});
	finishSpawn(speaker.opened, speaker.spawn, {status: 'completed', failure: null, finalText: 'my last text'});

	expect(speaker.said()).toEqual(['said with the last breath']);
	expect(existsSync(speaker.outbox)).toBe(false);
});

test('a spawn that has ended speaks no more: what comes later is refused, and logged', () => {
	const speaker = aSpeaker();
	finishSpawn(speaker.opened, speaker.spawn, {status: 'completed', failure: null, finalText: null});
	// As a child that was left behind may do, or a crash between the end and the removal of the outbox.
	makeOutbox(speaker.home, speaker.spawn.id);
	const id = speaker.put({text: '@b from beyond'});
	closeOutboxes(speaker.opened);

	expect(speaker.said()).toEqual([]);
	expect(speaker.spawns()).toHaveLength(1);
	expect(speaker.answerTo(id)).toMatchObject({type: 'refused', message: expect.stringMatching(/has ended/)});
	expect(speaker.log()).toContain(id);
	expect(existsSync(speaker.outbox)).toBe(false);
});

test('what an agent said after an upgrade, under a supervisor of the version before, is posted after its end, and nothing later', () => {
	const speaker = aSpeaker();
	mkdirSync(spawnFolder(speaker.home, speaker.spawn.id), {recursive: true});
	const id = speaker.put({text: '@b from before'});
	// As that version ends a spawn: without a look at the outbox.
	const at = new Date(speaker.opened.now() + 10).toISOString();
	speaker.opened.store
		.prepare(`UPDATE spawns SET status = 'completed', ended_at = ? WHERE id = ?`)
		.run(at, speaker.spawn.id);
	const later = speaker.put({text: 'from beyond'}, newId({msecs: Date.parse(at) + 1000}));
	closeOutboxes(speaker.opened);

	expect(speaker.said()).toEqual(['@b from before']);
	expect(speaker.answerTo(id)).toMatchObject({
		type: 'posted',
		mentions: [{identity: 'b', outcome: 'launched'}],
	});
	expect(speaker.answerTo(later)).toMatchObject({type: 'refused'});
	expect(existsSync(speaker.outbox)).toBe(false);
});

test('a minute after the end of a spawn its answers are gone, and those of the living stay', () => {
	const speaker = aSpeaker();
	const {opened, home, spawn} = speaker;
	finishSpawn(opened, spawn, {status: 'completed', failure: null, finalText: null});
	postMessage(opened, {channel: 'general', from: 'human', spawnId: null, text: '@b go', claim: null});
	const other = speaker.spawns().at(-1)?.id ?? '';
	makeOutbox(home, other);
	closeOutboxes(opened);
	expect(readdirSync(join(home, 'answers'))).toHaveLength(2);
	closeOutboxes({...opened, now: () => Date.now() + 61_000});

	expect(readdirSync(join(home, 'answers'))).toEqual([other]);
	expect(readdirSync(join(home, 'outbox'))).toEqual([other]);
});

test('a spawn that is being killed still says what it had written, and launches nobody', () => {
	const speaker = aSpeaker();
	speaker.put({text: '@b take over'});
	markKilled(speaker.opened.store, speaker.spawn.id, 'human', Date.now());
	finishSpawn(speaker.opened, speaker.spawn, {status: 'killed', failure: null, finalText: null});

	expect(speaker.messages().find(({from}) => from === 'a')?.mentions).toMatchObject([
		{identity: 'b', outcome: 'refused', reason: 'killed'},
	]);
});

test('the id of a spawn that somebody forged makes no path that leads out of the workspace', () => {
	const {home, directory, opened} = aWorkspace();
	const id = '../../../escaped';
	makeOutbox(home, id);
	closeOutbox(opened, {id, agent: 'a'});

	expect(readdirSync(directory)).toEqual(['.raid']);
	for (const path of [spawnFolder(home, id), outboxFolder(home, id), answerFolder(home, '..')])
		expect(dirname(dirname(path))).toBe(home);
});

const speaksMuch = join(import.meta.dirname, '../faults/speak-many.ts');

test('an agent that floods its outbox is ended for too much output, as one that prints too much', async () => {
	const workspace = aWorkspace({config: {maxOutput: '4KiB'}});
	const accepted = join(workspace.directory, 'accepted');
	workspace.registerCommand('flood', [process.execPath, speaksMuch, '100000', '0', accepted]);
	await workspace.raid(['send', 'general', '@flood go']);
	await workspace.rest();

	expect(workspace.spawns()).toMatchObject([
		{status: 'failed', failure: 'more than 4 KiB of output', attempt: 1},
	]);
});

test('an outbox that another agent removed is made again while its spawn runs', async () => {
	const workspace = aWorkspace({agents: {a: [[{waitFor: 'go'}, {send: 'still here'}]]}});
	await workspace.raid(['send', 'general', '@a go']);
	const {id} = await workspace.spawnOf('a', ({process: agent}) => agent !== null);
	rmSync(join(workspace.home, 'outbox'), {recursive: true});
	await until('the outbox is back', () => existsSync(outboxFolder(workspace.home, id)));
	workspace.go();
	await workspace.rest();

	expect(workspace.messages().map(({text}) => text)).toContain('still here');
});
