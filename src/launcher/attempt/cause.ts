import type {FailureCause} from '../../model/spawn.ts';
import {isAuthenticationFailure} from '../../providers/failure.ts';

// What `resolveProgram` says; in a shell 127 is the code of a program that was not found.
const missingProgram =
	/cannot be started: (?:no such program is on the PATH|there is no such file|it is not an executable)|\(exit 127\)$|^exit 127$/;

/** What the failure of a spawn says of its provider; null where it says nothing. */
export function causeOf(failure: string | null): FailureCause | null {
	if (failure === null) return null;
	if (missingProgram.test(failure)) return 'program';
	return isAuthenticationFailure(failure) ? 'login' : null;
}
