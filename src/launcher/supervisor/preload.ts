/**
 * Loads all that a supervisor will ever load. It may wait for hours, and an upgrade may have replaced the files of this
 * install by then.
 */
export async function preload(): Promise<void> {
	await import('execa');
}
