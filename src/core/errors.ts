import { constants } from 'node:os';
import { type Advice, type Suggestion, suggestionOf } from './suggestion.ts';

/**
 * Every error a user can fix, by its stable code, with its exit code and its meaning.
 * `docs/error-codes.md` is this table in prose; a test keeps the two in step.
 */
export const ERROR_CODES = {
  SPACECTL_MISSING_INPUT: {
    exit: 2,
    meaning: 'A required input is missing, and spacectl is not running in a terminal.',
  },
  SPACECTL_BAD_INPUT: { exit: 2, meaning: 'A value from a flag, an environment variable or a prompt is not valid.' },
  SPACECTL_NO_IMAGE: { exit: 2, meaning: 'The container image does not exist, or not for the platform.' },
  SPACECTL_CHECK_FAILED: {
    exit: 10,
    meaning: 'What spacectl waited or looked for did not appear.',
  },
  SPACECTL_BAD_DATA: { exit: 65, meaning: 'The content of a file or of standard input is not valid.' },
  SPACECTL_BAD_CERTIFICATE: { exit: 65, meaning: 'A certificate cannot be read, or does not belong in a trust store.' },
  SPACECTL_BAD_TOKEN: { exit: 65, meaning: 'The worker pool token is damaged, or was issued for a different key.' },
  SPACECTL_BAD_IMAGE: { exit: 65, meaning: 'A container image, its manifest or one of its layers is malformed.' },
  SPACECTL_NO_BUNDLE: {
    exit: 65,
    meaning: 'The image has no trust store at the given path or at any of the usual paths.',
  },
  SPACECTL_TOO_LARGE: { exit: 65, meaning: 'The rendered output exceeds the size limit of its destination.' },
  SPACECTL_UNREACHABLE: { exit: 69, meaning: 'A service cannot be reached or failed to answer. Retrying may help.' },
  SPACECTL_PROGRAM_MISSING: { exit: 69, meaning: 'A required program is not installed.' },
  SPACECTL_PROGRAM_FAILED: { exit: 69, meaning: 'A required program failed.' },
  SPACECTL_REQUEST_REFUSED: { exit: 69, meaning: 'A service understood the request and rejected it.' },
  SPACECTL_WOULD_OVERWRITE: { exit: 73, meaning: 'The write would replace something that must not be lost.' },
  SPACECTL_POOL_EXISTS: {
    exit: 73,
    meaning:
      'A worker pool with this name already exists, and its token is for another key than the one in the directory.',
  },
  SPACECTL_BUSY: { exit: 73, meaning: 'Another spacectl process is using the same files.' },
  SPACECTL_CANNOT_READ: { exit: 74, meaning: 'A file cannot be read.' },
  SPACECTL_CANNOT_WRITE: { exit: 74, meaning: 'A file cannot be written. The previous version is intact.' },
  SPACECTL_DIGEST_MISMATCH: { exit: 76, meaning: 'The data does not match its digest or signature.' },
  SPACECTL_NOT_ALLOWED: { exit: 77, meaning: 'The service rejected the credentials, or a permission is missing.' },
  SPACECTL_NO_CREDENTIALS: { exit: 77, meaning: 'No credentials for Spacelift were found.' },
  SPACECTL_BAD_ANSWERS: {
    exit: 78,
    meaning: 'spacectl.yaml, an answers file or another configuration file is not valid.',
  },
  SPACECTL_INTERRUPTED: {
    exit: 130,
    meaning: 'Interrupted by the user. Run the same command again to finish.',
  },
} as const satisfies Record<string, { exit: number; meaning: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * Reports a problem that the user can fix. Anything else that is thrown is a bug.
 *
 * The message says what happened and names the value (never a secret). `suggestions` are what to try:
 * sentences, or commands to copy.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: ErrorCode;
  readonly suggestions: readonly Suggestion[];

  constructor(code: ErrorCode, message: string, options: { suggestions?: readonly Advice[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.suggestions = (options.suggestions ?? []).map(suggestionOf);
  }

  /** The process's exit code, from `ERROR_CODES`. */
  get exitCode(): number {
    return ERROR_CODES[this.code].exit;
  }
}

/** Creates the error that is thrown when the user stops the program. */
export function interruptedError(): UserError {
  return new UserError('SPACECTL_INTERRUPTED', 'Interrupted. No change was left half done', {
    suggestions: ['Run the same command again to finish'],
  });
}

/** Returns the error to throw after the user's signal was aborted. */
export function abortReason(signal: AbortSignal): UserError {
  return signal.reason instanceof UserError ? signal.reason : interruptedError();
}

/** Reports whether a caught value is Node's error for a failed system call with one of these codes (`ENOENT`, …). */
export function isSystemError(error: unknown, ...codes: readonly string[]): error is NodeJS.ErrnoException {
  const code = systemErrorCode(error);
  return code !== undefined && codes.includes(code);
}

/**
 * Returns the code (`ENOENT`, …) of Node's error for a failed system call; `undefined` for other values. Node has no code
 * for errors that libuv does not name, such as `EDQUOT` and `ESTALE`: those are found by their number.
 */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return undefined;
  if (!error.code.startsWith('Unknown system error') || !('errno' in error)) return error.code;
  const { errno } = error;
  return Object.entries(constants.errno).find(([, number]) => -number === errno)?.[0] ?? error.code;
}
