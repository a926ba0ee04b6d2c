import type {Piece} from './command.ts';

/** The end of a stream: its last `count` rows, and its last `count` documents. */
export function lastPieces(pieces: readonly Piece[], count: number): readonly Piece[] {
	let rowsLeft = count;
	let documentsLeft = count;
	const kept: Piece[] = [];
	for (const piece of pieces.toReversed()) {
		if (rowsLeft === 0 && documentsLeft === 0) break;
		if ('bytes' in piece) continue;
		const rows = rowsLeft === 0 ? [] : piece.rows.slice(-rowsLeft);
		const document = documentsLeft === 0 ? null : piece.document;
		rowsLeft -= rows.length;
		documentsLeft -= document === null ? 0 : 1;
		kept.push({document, rows});
	}
	return kept.toReversed();
}
