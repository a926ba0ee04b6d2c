import {readdirSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';

/** The project's root. */
export const root = resolve(import.meta.dirname, '..', '..');

/** Paths of the README and of every page in docs, relative to the root. */
export const pages: readonly string[] = [
	'README.md',
	...readdirSync(join(root, 'docs'))
		.filter(name => name.endsWith('.md'))
		.map(name => `docs/${name}`),
];

/** The text of a page. */
export function readPage(page: string): string {
	return readFileSync(join(root, page), 'utf8');
}

/** The rows of the table below this header, each as its cells. Throws when the page has no such table. */
export function tableRows(page: string, header: readonly string[]): readonly (readonly string[])[] {
	const lines = readPage(page).split('\n');
	const start = lines.findIndex(line => line.startsWith('|') && isSame(cellsOf(line), header));
	if (start < 0) throw new Error(`${page} has no table | ${header.join(' | ')} |`);
	const rest = lines.slice(start + 2);
	const end = rest.findIndex(line => !line.startsWith('|'));
	return rest.slice(0, end < 0 ? rest.length : end).map(cellsOf);
}

/** The texts between backticks. */
export function codesIn(text: string): readonly string[] {
	return [...text.matchAll(/`([^`]+)`/g)].map(match => match[1] as string);
}

function cellsOf(line: string): readonly string[] {
	return line
		.slice(1, line.lastIndexOf('|'))
		.split(/(?<!\\)\|/)
		.map(cell => cell.trim().replaceAll('\\|', '|'));
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
	return a.length === b.length && a.every((entry, index) => entry === b[index]);
}
