/** The known word that was probably meant; null when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
	const most = Math.max(1, Math.floor(word.length / 3));
	const near = known
		.map(candidate => ({candidate, distance: distanceOf(word, candidate)}))
		.filter(({distance}) => distance <= most)
		.sort((a, b) => a.distance - b.distance);
	const beginning = word.length >= 3 ? known.find(candidate => candidate.startsWith(word)) : undefined;
	return near[0]?.candidate ?? beginning ?? null;
}

/** The Levenshtein distance: how many letters must be added, removed or replaced to get from one word to the other. */
function distanceOf(from: string, to: string): number {
	let row = Array.from({length: to.length + 1}, (_, index) => index);
	for (const [index, letter] of [...from].entries()) {
		const above = row;
		row = [index + 1];
		for (let column = 1; column <= to.length; column += 1) {
			const replaced = (above[column - 1] as number) + (letter === to[column - 1] ? 0 : 1);
			row.push(Math.min(replaced, (above[column] as number) + 1, (row[column - 1] as number) + 1));
		}
	}
	return row[to.length] as number;
}
