/** The result of checking one thing that a raid depends on. */
export interface Finding {
	/** The thing that was checked, such as `node`, `store` or an agent's identity. */
	readonly subject: string;
	readonly level: 'ok' | 'warning' | 'problem';
	readonly text: string;
	/** The remedy; null when nothing needs to be done. */
	readonly help: string | null;
}

/** A finding that needs no action. */
export function ok(subject: string, text: string): Finding {
	return {subject, level: 'ok', text, help: null};
}

/** A finding that may spoil a raid. */
export function warning(subject: string, text: string, help: string): Finding {
	return {subject, level: 'warning', text, help};
}

/** A finding that will spoil a raid. */
export function problem(subject: string, text: string, help: string): Finding {
	return {subject, level: 'problem', text, help};
}
