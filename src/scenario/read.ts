import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {NotFoundError} from '../errors.ts';
import {parseJson} from '../validate.ts';
import {type Scenario, scenarioSchema} from './schema.ts';

/** The scenario that `raid demo` plays when none is named. */
export const defaultScenario = 'chainviz';

/** The folders that are searched for scenarios. */
export interface ScenarioFolders {
	/** Holds the scenarios that are shipped, each named by its file without `.json`. */
	readonly shipped: string;
	/** Paths of other scenarios are relative to this one. */
	readonly cwd: string;
}

/** A scenario by the name of a shipped one or by its file, checked; and its text. Throws a NotFoundError or UsageError. */
export function readScenario(
	name: string,
	{shipped, cwd}: ScenarioFolders,
): {readonly scenario: Scenario; readonly text: string} {
	const paths = [join(shipped, `${name}.json`), resolve(cwd, name)];
	const path = paths.find(candidate => existsSync(candidate));
	if (path === undefined) {
		const names = readdirSync(shipped).map(file => file.replace(/\.json$/, ''));
		throw new NotFoundError(
			`There is no scenario "${name}".`,
			`Shipped are ${names.join(', ')}; a path names another.`,
		);
	}
	const text = readFileSync(path, 'utf8');
	return {scenario: parseJson(scenarioSchema, text, path), text};
}
