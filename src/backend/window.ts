// The most that one reading of a raid holds.

/** Characters of a message that are read for a picture of the raid; `raid recv` reads all. */
export const longestText = 16_384;

/** Lines of the ledger that are read when nobody says how many. */
export const latestLines = 200;
