import {closestMatch} from 'leven';

/** The known word that was probably meant; null when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
	// Two swapped letters are a distance of two.
	const maxDistance = word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3));
	const beginning = word.length >= 3 ? known.find(candidate => candidate.startsWith(word)) : undefined;
	return closestMatch(word, known, {maxDistance}) ?? beginning ?? null;
}
