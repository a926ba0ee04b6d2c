import {join, relative} from 'node:path';
import type {Node} from 'typescript/unstable/ast';
import {
	isCallExpression,
	isIdentifier,
	isNewExpression,
	isRegularExpressionLiteral,
} from 'typescript/unstable/ast/is';
import {API} from 'typescript/unstable/sync';

/** A regular expression in the code: a literal, or one that is made from a text. */
export interface Pattern {
	readonly file: string;
	/** The literal as written; null for one that is made. */
	readonly literal: string | null;
}

/** Every regular expression of some folders of the project at `root`. */
export function patternsIn(root: string, folders: readonly string[]): readonly Pattern[] {
	const api = new API({cwd: root});
	try {
		const config = join(root, 'tsconfig.json');
		const program = api.updateSnapshot({openProjects: [config]}).getProject(config)?.program;
		const names = program?.getSourceFileNames() ?? [];
		return names.flatMap(name => {
			const file = relative(root, name);
			const isAsked = folders.some(folder => file.startsWith(`${folder}/`));
			const source = isAsked ? program?.getSourceFile(name) : undefined;
			return source === undefined ? [] : patternsOf(source, file);
		});
	} finally {
		api.close();
	}
}

function patternsOf(source: Node, file: string): readonly Pattern[] {
	const found: Pattern[] = [];
	const visit = (node: Node): void => {
		if (isRegularExpressionLiteral(node)) found.push({file, literal: node.text});
		if ((isNewExpression(node) || isCallExpression(node)) && isNameOfPattern(node.expression))
			found.push({file, literal: null});
		node.forEachChild(visit);
	};
	visit(source);
	return found;
}

function isNameOfPattern(node: Node): boolean {
	return isIdentifier(node) && node.text === 'RegExp';
}
