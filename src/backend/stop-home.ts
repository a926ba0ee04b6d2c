import {type RecordedStop, stopAll} from '../launcher/stop/all.ts';
import {stopOldSpawns} from '../launcher/stop/old.ts';
import {recordStop} from '../launcher/stop/stop.ts';
import type {Results} from '../model/action.ts';
import {operatorIdentity} from '../model/agent.ts';
import {readUsableConfig} from '../workspace/config.ts';
import {OldRaidError} from '../workspace/old-raid.ts';
import type {Workspace} from '../workspace/open.ts';

/** A workspace that is to be stopped, whatever its state. */
export interface PlaceToStop {
	readonly home: string;
	readonly env: NodeJS.ProcessEnv;
	/** Opens it for the record; it may be impossible. */
	readonly open: () => Promise<Workspace>;
}

/** Ends everything of a workspace for the operator: the emergency stop, which needs neither its store nor its configuration. */
export function stopHome({home, env, open}: PlaceToStop): Promise<Results['stop']> {
	const {gracefulMs} = readUsableConfig(home).config.limits;
	const record = async (): Promise<RecordedStop> => {
		try {
			return await recordStop(await open(), {type: 'all'}, operatorIdentity);
		} catch (error) {
			if (!(error instanceof OldRaidError)) throw error;
			return {reports: await stopOldSpawns(home, {type: 'all'}, env), isSpared: () => false, problem: null};
		}
	};
	return stopAll({home, at: Date.now(), gracefulMs, record});
}
