const labels: Readonly<Record<string, string>> = {
	return: 'Enter',
	escape: 'Esc',
	pageup: 'PgUp',
	pagedown: 'PgDn',
};

/** A key as people call it: `Ctrl-L` for `ctrl-l`, `PgUp` for `pageup`, `j` for `j`. */
export function labelOfKey(key: string): string {
	const [, modifier = '', base = key] = /^(ctrl|alt)-(.+)$/.exec(key) ?? [];
	if (modifier === '') return base.length === 1 ? base : capitalised(base);
	return `${capitalised(modifier)}-${capitalised(base)}`;
}

function capitalised(name: string): string {
	return labels[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
}
