import {reconcile} from '../../launcher/reconcile.ts';
import {noticeSleep} from '../../launcher/supervisor/sleep.ts';
import {type AlertChanges, changesOf} from '../../model/alert.ts';
import {presentQuery} from '../../model/query.ts';
import {raidOf} from '../../model/raid.ts';
import {closeAlert, listAlertRecords, openAlert} from '../../store/alerts.ts';
import {reading, writing} from '../../store/open.ts';
import type {Workspace} from '../../workspace/open.ts';
import type {Scan} from '../strays.ts';
import {readFacts, scanProcesses} from './facts.ts';
import {readRecords} from './records.ts';
import {strangersOf} from './strangers.ts';

/**
 * Brings the records in line with the processes, then records which alerts have opened and closed. Inside a spawn it does
 * nothing: a sandbox may hide the processes of all others. `look` looks through the processes now.
 */
export async function mend(workspace: Workspace, look = () => scanProcesses(workspace)): Promise<void> {
	if (workspace.inside !== null) return;
	noticeSleep(workspace);
	await reconcile(workspace);
	recordAlerts(workspace, look());
}

/** Records which alerts have opened and closed since somebody last did. Nothing is written when none has. */
function recordAlerts(workspace: Workspace, scan: Scan): void {
	const {store} = workspace;
	const {opened, closed} = reading(store, () => readChanges(workspace, scan));
	if (opened.length + closed.length === 0) return;
	// Another process may have recorded them meanwhile: what is written is judged in the transaction that writes it.
	writing(store, () => {
		const changes = readChanges(workspace, scan);
		const at = workspace.now();
		for (const id of changes.closed) closeAlert(store, id, at);
		for (const alert of changes.opened) openAlert(store, alert, at);
	});
}

function readChanges(workspace: Workspace, scan: Scan): AlertChanges {
	// Alerts are the same whatever is shown: of the spawns, those that are live or have strays are enough.
	const query = {...presentQuery, spawns: 0, messages: {count: 0, before: null}};
	const known = readRecords(workspace, query, [...scan.marked.keys()]);
	const records = {...known, strangers: strangersOf(workspace, scan)};
	const raid = raidOf(records, readFacts(workspace, records, scan), workspace.now());
	const recorded = listAlertRecords(workspace.store);
	const changes = changesOf(raid.alerts, recorded, raid.at);
	// An alert about a spawn of another place is that place's to close.
	const elsewhere = new Set<string | null>(
		raid.spawns.filter(({state}) => state === 'elsewhere').map(({id}) => id),
	);
	const theirs = new Set(recorded.filter(({spawn}) => elsewhere.has(spawn)).map(({id}) => id));
	return {...changes, closed: changes.closed.filter(id => !theirs.has(id))};
}
