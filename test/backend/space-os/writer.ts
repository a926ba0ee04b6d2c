import {setTimeout as delay} from 'node:timers/promises';
import Database from 'better-sqlite3';
import {v7 as newId} from 'uuid';

// A process that writes as the commands of space-os do: each opens the database, writes, and closes it. Some stay longer.

/** What the writer has come to. */
export interface Told {
	readonly writes: number;
	readonly failures: readonly string[];
	/** The longest write, its opening and closing counted. */
	readonly longestMs: number;
}

const [path = ''] = process.argv.slice(2);
const failures: string[] = [];
let writes = 0;
let longestMs = 0;
let isOver = false;
process.on('message', () => {
	isOver = true;
});

for (let round = 0; !isOver && process.connected; round += 1) {
	const start = performance.now();
	try {
		const db = new Database(path, {timeout: 5000});
		for (let left = round % 7 === 0 ? 20 : 1; left > 0; left -= 1) {
			write(db);
			writes += 1;
		}
		if (round % 50 === 49) db.pragma('wal_checkpoint(TRUNCATE)');
		db.close();
	} catch (error) {
		failures.push(String(error));
	}
	longestMs = Math.max(longestMs, performance.now() - start);
	if (process.connected) process.send?.({writes, failures, longestMs} satisfies Told);
	await delay(round % 3 === 0 ? 30 : 2);
}
if (process.connected) process.disconnect();

function write(db: Database.Database): void {
	const now = new Date().toISOString().replace('Z', '');
	// It sets a version at each start, and nothing else may stand in the way of that.
	db.pragma('user_version = 1');
	db.prepare(`
		INSERT INTO messages (message_id, channel_id, agent_id, content, created_at)
		SELECT ?, channel_id, agent_id, ?, ? FROM channels, agents WHERE name = 'general' AND identity = 'kaya'
	`).run(newId(), `message ${writes + 1}`, now);
}
