import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {NotFoundError} from '../errors.ts';
import {parseJson} from '../validate.ts';
import {platform} from '../workspace/open.ts';
import {type Scenario, scenarioSchema} from './schema.ts';

/** What `raid demo` plays when it is not told. */
export const defaultScenario = 'chainviz';

const shippedFolder = join(dirname(platform.cliPath), '..', 'fixtures', 'scenarios');

/** A scenario by the name of a shipped one or by its file, checked; and its text. Throws a NotFoundError or UsageError. */
export function readScenario(
	name: string,
	cwd: string,
): {readonly scenario: Scenario; readonly text: string} {
	const path = [join(shippedFolder, `${name}.json`), resolve(cwd, name)].find(candidate =>
		existsSync(candidate),
	);
	if (path === undefined) {
		const names = readdirSync(shippedFolder).map(file => file.replace(/\.json$/, ''));
		throw new NotFoundError(
			`There is no scenario "${name}".`,
			`There are: ${names.join(', ')}; or name a file.`,
		);
	}
	const text = readFileSync(path, 'utf8');
	return {scenario: parseJson(scenarioSchema, text, path), text};
}
