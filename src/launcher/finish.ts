import {followUp} from '../bridge/ledger.ts';
import {announce, postMessage} from '../bridge/post.ts';
import {RaidError} from '../errors.ts';
import {durationOf, nameOf, type Spawn} from '../model/spawn.ts';
import {formatDuration} from '../model/time.ts';
import {listGaps} from '../store/gaps.ts';
import {endSpawn, type SpawnEnd} from '../store/life.ts';
import {hasPosted} from '../store/messages.ts';
import {writing} from '../store/open.ts';
import {findSpawn} from '../store/spawns.ts';
import type {Workspace} from '../workspace/open.ts';
import {causeOf} from './attempt/cause.ts';
import {closeOutbox, takeLastLetters} from './outbox.ts';

/** How a spawn ended. */
export interface Ending extends SpawnEnd {
	/** The agent's last text, which is posted when the agent succeeded without posting anything itself. */
	readonly finalText: string | null;
}

/**
 * Ends a live spawn in one transaction: its last letters, its final text, its end, the follow-up of what was queued behind
 * it, and the report of every end but success. A spawn that was asked to end becomes `killed`. False when it had ended already.
 */
export function finishSpawn(
	workspace: Workspace,
	spawn: Spawn,
	{status, failure, finalText}: Ending,
): boolean {
	const {store} = workspace;
	const hasEnded = writing(store, () => {
		takeLastLetters(workspace, spawn);
		if (status === 'completed' && !hasPosted(store, spawn.id)) postFinalText(workspace, spawn, finalText);
		const cause = status === 'failed' ? causeOf(failure) : null;
		if (!endSpawn(store, spawn.id, {status, failure, cause}, workspace.now())) return false;
		const ended = findSpawn(store, spawn.id) ?? spawn;
		followUp(workspace, ended);
		if (ended.status !== 'completed') announce(workspace, ended.channel, describeEnd(workspace, ended));
		return true;
	});
	// Within a larger transaction, whoever reconciles next closes it.
	if (!store.inTransaction) closeOutbox(workspace, spawn);
	return hasEnded;
}

/** Posts the last text of an agent as the agent. A text that cannot be posted must not keep the spawn from ending. */
function postFinalText(workspace: Workspace, spawn: Spawn, finalText: string | null): void {
	const text = finalText?.trimEnd() ?? '';
	if (text.trim() === '') return;
	try {
		const post = {channel: spawn.channel, from: spawn.agent, spawnId: spawn.id, text, claim: null};
		postMessage(workspace, post);
	} catch (error) {
		if (!(error instanceof RaidError)) throw error;
		announce(
			workspace,
			spawn.channel,
			`The last words of ${nameOf(spawn)} could not be posted: ${error.message} They are in its log.`,
		);
	}
}

function describeEnd({store, now}: Workspace, spawn: Spawn): string {
	const how =
		spawn.status === 'killed' ? `was killed by ${spawn.killedBy}` : `${spawn.status}: ${spawn.failure}`;
	const tries = spawn.attempt > 1 ? `${spawn.attempt} attempts, ` : '';
	return `${nameOf(spawn)} ${how} (${tries}${formatDuration(durationOf(spawn, now(), listGaps(store)))})`;
}
