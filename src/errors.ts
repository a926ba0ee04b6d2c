/** The documented exit codes of `raid`. */
export const exitCodes = {
	fine: 0,
	notFine: 1,
	usage: 2,
	notFound: 3,
	store: 4,
	interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A failure that the operator can mend: one line that names the thing, and a hint that says what to do. */
export class RaidError extends Error {
	override readonly name: string = 'RaidError';
	readonly hint: string | null;
	readonly exitCode: ExitCode;

	constructor(message: string, {hint = null, exitCode}: {hint?: string | null; exitCode: ExitCode}) {
		super(message);
		this.hint = hint;
		this.exitCode = exitCode;
	}
}

/** A command line, message, configuration or scenario that breaks a rule. */
export class UsageError extends RaidError {
	override readonly name = 'UsageError';

	constructor(message: string, hint: string | null = null) {
		super(message, {hint, exitCode: exitCodes.usage});
	}
}

/** A name that fits nothing, or several things. */
export class NotFoundError extends RaidError {
	override readonly name = 'NotFoundError';

	constructor(message: string, hint: string | null = null) {
		super(message, {hint, exitCode: exitCodes.notFound});
	}
}

/** A store that cannot be opened, or is not one of ours. */
export class StoreError extends RaidError {
	override readonly name = 'StoreError';

	constructor(message: string, hint: string | null = null) {
		super(message, {hint, exitCode: exitCodes.store});
	}
}

/** A message that is stored although a spawn that it asks for could not be started. */
export class NotStartedError extends RaidError {
	override readonly name = 'NotStartedError';

	constructor(messageId: string, reason: unknown) {
		const what = `The message is posted (${messageId}), but what it asks for cannot be started yet`;
		super(`${what} (${describeError(reason)}).`, {
			hint: 'Do not send it again: when the cause is gone, the next raid command starts it.',
			exitCode: exitCodes.notFine,
		});
	}
}

/** An error in one line for the operator, without a stack. */
export function describeError(error: unknown): string {
	if (error instanceof RaidError)
		return error.hint === null ? error.message : `${error.message} ${error.hint}`;
	return error instanceof Error ? error.message : String(error);
}

/** True for an error of the store itself: it cannot be opened, read or written. */
export function isStoreFailure(error: unknown): boolean {
	return error instanceof StoreError || codeOf(error).startsWith('SQLITE_');
}

/** The code of a failure of the system or of SQLite, such as `ENOENT`; empty when it has none. */
export function codeOf(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : '';
}
