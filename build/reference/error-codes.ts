import { ERROR_CODES } from '../../src/core/errors.ts';
import { code, table } from './fill.ts';

/** What each exit code means, in general. */
const EXIT_CODES: Readonly<Record<number, string>> = {
  0: 'done, or nothing to do',
  1: 'a bug in spacectl',
  2: 'wrong or missing input',
  10: 'a check found something',
  65: 'bad data: a certificate, a token, an image',
  69: 'a service or program is unreachable, missing, or refused',
  73: 'would overwrite, or cannot create',
  74: 'reading or writing failed',
  76: 'a digest or signature does not match',
  77: 'not allowed, or not logged in',
  78: 'bad configuration or answers file',
  130: 'interrupted by Ctrl-C (SIGTERM: 143, SIGHUP: 129)',
};

/** Lists the exit codes. @throws Error if an error code has an exit code that is not described here */
export function listExitCodes(): string {
  const unknown = Object.values(ERROR_CODES).find(({ exit }) => !(exit in EXIT_CODES));
  if (unknown) throw new Error(`describe exit code ${unknown.exit} in build/reference/error-codes.ts`);
  return table(['exit', 'meaning'], Object.entries(EXIT_CODES));
}

/** Lists the error codes with their exit codes. */
export function listErrorCodes(): string {
  const rows = Object.entries(ERROR_CODES).map(([name, { exit, meaning }]) => [String(exit), code(name), meaning]);
  return table(['exit', 'code', 'meaning'], rows);
}
