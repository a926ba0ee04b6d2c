/** What a look at one thing that a raid depends on came to. */
export interface Finding {
	/** What was looked at: `node`, `store`, an agent's identity … */
	readonly subject: string;
	readonly level: 'ok' | 'warning' | 'problem';
	readonly text: string;
	/** What to do about it; null when nothing is to be done. */
	readonly help: string | null;
}

/** A finding that needs nothing done. */
export function ok(subject: string, text: string): Finding {
	return {subject, level: 'ok', text, help: null};
}

/** A finding that may spoil a raid. */
export function warning(subject: string, text: string, help: string): Finding {
	return {subject, level: 'warning', text, help};
}

/** A finding that will spoil it. */
export function problem(subject: string, text: string, help: string): Finding {
	return {subject, level: 'problem', text, help};
}
