import {parseArgsStringToArgv} from 'string-argv';
import * as v from 'valibot';
import {UsageError} from '../errors.ts';
import {type Fields, fieldNames} from '../model/agent.ts';
import {parseJson} from '../validate.ts';

/** The words of a command line: a JSON list of them, or a text that is split as a shell would, by quotes and blanks. */
export function wordsOf(flag: string, text: string): readonly string[] {
	if (!text.trimStart().startsWith('[')) return parseArgsStringToArgv(text);
	return parseJson(v.array(v.string('must be a text'), 'must be a list'), text, flag);
}

/** The fields that `NAME=PATH,…` names. Throws a UsageError that shows where the text breaks the rule. */
export function fieldsOf(text: string): Fields {
	const pairs = text.split(',').map(pair => {
		const [name = '', path = ''] = pair.trim().split(/=(.*)/s);
		const field = fieldNames.find(known => known === name);
		if (field === undefined || path === '') {
			throw new UsageError(
				`--fields cannot be read at "${pair.trim()}".`,
				`It is NAME=PATH,…; the names are ${fieldNames.join(', ')}.`,
			);
		}
		return [field, path];
	});
	return Object.fromEntries(pairs) as Fields;
}
