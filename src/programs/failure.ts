import { UserError } from '../core/errors.ts';

/** Creates the error for a program that is not installed. */
export function missing(program: string, cause: unknown): UserError {
  return new UserError('SPACECTL_PROGRAM_MISSING', `${program} is not installed or not in PATH`, { cause });
}

/** Creates the error for a program that was killed, or that could not be started for another reason than being missing. */
export function endedWithoutCode(
  program: string,
  result: { readonly signal?: string | undefined; readonly code?: string | undefined },
): UserError {
  const reason = result.signal ? `was killed by ${result.signal}` : `cannot be run: ${result.code ?? 'no exit code'}`;
  return failed(`${program} ${reason}`, result);
}

/** Creates the error for a program that was ended after its time limit. @param timeout milliseconds */
export function overdue(program: string, timeout: number, cause: unknown): UserError {
  return failed(`${program} did not finish within ${timeout / 1000} seconds`, cause);
}

/** Creates the error for a program that failed. */
function failed(message: string, cause: unknown): UserError {
  return new UserError('SPACECTL_PROGRAM_FAILED', message, { cause });
}
