import type {Denial} from '../model/denial.ts';
import {isObject, readList} from './columns.ts';

/** The denials in a column of JSON; none where it holds anything else. */
export function readDenials(json: string): readonly Denial[] {
	return readList(json)
		.filter(isDenial)
		.map(({text, count}) => ({text, count}));
}

function isDenial(value: unknown): value is Denial {
	return isObject(value) && typeof value.text === 'string' && typeof value.count === 'number';
}
