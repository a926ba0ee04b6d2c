import {closestMatch} from 'leven';

/** The known word that was probably meant; null when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
	const maxDistance = Math.max(1, Math.floor(word.length / 3));
	const beginning = word.length >= 3 ? known.find(candidate => candidate.startsWith(word)) : undefined;
	return closestMatch(word, known, {maxDistance}) ?? beginning ?? null;
}
