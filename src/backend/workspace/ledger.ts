import type {ListedMention} from '../../model/mention.ts';
import {findRoot, readOpenings} from '../../store/leashes.ts';
import {listHeldMentions, listLedger} from '../../store/mentions.ts';
import {limitsOf, type Workspace} from '../../workspace/open.ts';
import {latestLines} from '../window.ts';

/** The latest lines of the ledger, or every held mention, each with when it starts by itself; oldest first. */
export function readLedger(workspace: Workspace, isHeld: boolean): readonly ListedMention[] {
	const {store} = workspace;
	const opensAt = readOpenings(store, limitsOf(workspace).leash);
	const lines = isHeld ? listHeldMentions(store) : listLedger(store, latestLines);
	return lines.map(line => ({
		...line,
		startsAt:
			line.outcome === 'held' && line.reason === 'leash' ? opensAt(findRoot(store, line.messageId)) : null,
	}));
}
