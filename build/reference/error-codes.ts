import { ERROR_CODES } from '../../src/core/errors.ts';
import { EXIT_CODES } from '../../src/core/exit-codes.ts';
import { code, table } from './fill.ts';

/** Lists the exit codes. @throws Error if an error code has an exit code that is not described here */
export function listExitCodes(): string {
  const unknown = Object.values(ERROR_CODES).find(({ exit }) => !(exit in EXIT_CODES));
  if (unknown) throw new Error(`describe exit code ${unknown.exit} in src/core/exit-codes.ts`);
  return table(['exit', 'meaning'], Object.entries(EXIT_CODES));
}

/** Lists the error codes with their exit codes. */
export function listErrorCodes(): string {
  const rows = Object.entries(ERROR_CODES).map(([name, { exit, meaning }]) => [String(exit), code(name), meaning]);
  return table(['exit', 'code', 'meaning'], rows);
}
