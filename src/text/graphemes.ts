// Making a segmenter takes longer than using it.
const segmenter = new Intl.Segmenter();

/** A character as a person sees it, and its offset in the text. */
export interface Grapheme {
	readonly segment: string;
	readonly index: number;
}

/** The characters of a text as a person sees them, in order. Reads lazily, so a long text costs only the characters that are taken. */
export function graphemesOf(text: string): Iterable<Grapheme> {
	return segmenter.segment(text);
}
