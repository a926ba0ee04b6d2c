const units = ['KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A size for people: `612 bytes`, `3.5 MiB`, `191 MiB`. */
export function formatBytes(bytes: number): string {
	if (bytes < 1024) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
	let size = bytes / 1024;
	let unit = 0;
	// What would be rounded up to 1024 is one of the next unit.
	for (; size >= 1023.5 && unit < units.length - 1; unit += 1) size /= 1024;
	const digits = size < 9.95 && !Number.isInteger(size) ? 1 : 0;
	return `${size.toFixed(digits)} ${units[unit]}`;
}
