/**
 * Every error a user can mend, by its stable code: the exit code it ends the program with, and what it means.
 * `docs/error-codes.md` is this table in prose; a test keeps the two together.
 */
export const ERROR_CODES = {
  SPACECTL_MISSING_INPUT: { exit: 2, meaning: 'An input was not given and there is no terminal to ask on.' },
  SPACECTL_BAD_INPUT: { exit: 2, meaning: 'A value given by flag, environment or prompt is not valid.' },
  SPACECTL_NO_IMAGE: { exit: 2, meaning: 'There is no container image of that name, or none for that platform.' },
  SPACECTL_CHECK_FAILED: {
    exit: 10,
    meaning: 'A check found something: files that do not belong together, a stale file.',
  },
  SPACECTL_BAD_DATA: { exit: 65, meaning: 'A file or an input stream does not hold what it should.' },
  SPACECTL_BAD_CERTIFICATE: { exit: 65, meaning: 'A certificate cannot be read, or may not go into a trust store.' },
  SPACECTL_BAD_TOKEN: { exit: 65, meaning: 'The worker pool token is damaged, or belongs to another key.' },
  SPACECTL_BAD_IMAGE: { exit: 65, meaning: 'A container image, its manifest or one of its layers is malformed.' },
  SPACECTL_NO_BUNDLE: { exit: 65, meaning: 'The image has no trust store at the path given or at the usual paths.' },
  SPACECTL_TOO_LARGE: { exit: 65, meaning: 'What was rendered does not fit where it has to go.' },
  SPACECTL_UNREACHABLE: { exit: 69, meaning: 'A service could not be reached, or refused; trying again may help.' },
  SPACECTL_PROGRAM_MISSING: { exit: 69, meaning: 'Another program that this needs is not installed.' },
  SPACECTL_PROGRAM_FAILED: { exit: 69, meaning: 'Another program that this needs failed.' },
  SPACECTL_REQUEST_REFUSED: { exit: 69, meaning: 'A service understood the request and refused it.' },
  SPACECTL_WOULD_OVERWRITE: { exit: 73, meaning: 'Something that must not be lost is in the way.' },
  SPACECTL_POOL_EXISTS: {
    exit: 73,
    meaning: 'A worker pool of that name is there, and its token is not in the folder.',
  },
  SPACECTL_BUSY: { exit: 73, meaning: 'Another spacectl is at work on the same files.' },
  SPACECTL_CANNOT_READ: { exit: 74, meaning: 'Reading a file failed.' },
  SPACECTL_CANNOT_WRITE: { exit: 74, meaning: 'Writing a file failed; what was there before is unharmed.' },
  SPACECTL_DIGEST_MISMATCH: { exit: 76, meaning: 'What was received is not what its digest or signature promises.' },
  SPACECTL_NOT_ALLOWED: { exit: 77, meaning: 'The service wants other credentials, or none were given.' },
  SPACECTL_BAD_ANSWERS: { exit: 78, meaning: 'The answers file or a configuration file is not valid.' },
  SPACECTL_INTERRUPTED: {
    exit: 130,
    meaning: 'Stopped by the user. Running the same command again finishes the work.',
  },
} as const satisfies Record<string, { exit: number; meaning: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * Something the user can mend. Anything else that is thrown is a bug.
 *
 * The message says what happened and names the value (never a secret); `suggestions` are commands to paste or short
 * sentences that lead out.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: ErrorCode;
  readonly suggestions: readonly string[];

  constructor(code: ErrorCode, message: string, options: { suggestions?: readonly string[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.suggestions = options.suggestions ?? [];
  }

  /** The process's exit code, from `ERROR_CODES`. */
  get exitCode(): number {
    return ERROR_CODES[this.code].exit;
  }
}

/** What is thrown when the user stops the program. */
export function interruption(): UserError {
  return new UserError('SPACECTL_INTERRUPTED', 'Interrupted: nothing is half done', {
    suggestions: ['Run the same command again: it finishes what is left'],
  });
}

/** What is thrown once the user's signal is aborted. */
export function abortReason(signal: AbortSignal): UserError {
  return signal.reason instanceof UserError ? signal.reason : interruption();
}

/** Whether a caught value is Node's error for a failed system call with one of these codes (`ENOENT`, …). */
export function isSystemError(error: unknown, ...codes: readonly string[]): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}
