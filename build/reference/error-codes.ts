import { ERROR_CODES, type ErrorCode } from '../../src/core/errors.ts';
import { EXIT_CODES } from '../../src/core/exit-codes.ts';
import { EXPLANATIONS } from './error-causes.ts';
import { table } from './fill.ts';

/** Lists the exit codes. @throws Error if an error code has an exit code that is not described here */
export function listExitCodes(): string {
  const unknown = Object.values(ERROR_CODES).find(({ exit }) => !(exit in EXIT_CODES));
  if (unknown) throw new Error(`describe exit code ${unknown.exit} in src/core/exit-codes.ts`);
  return table(['exit', 'meaning'], Object.entries(EXIT_CODES));
}

/** Lists the error codes, each with its exit code, its usual causes and what cures it. */
export function listErrorCodes(): string {
  const codes = Object.entries(ERROR_CODES) as [ErrorCode, (typeof ERROR_CODES)[ErrorCode]][];
  const sections = codes.map(([name, { exit, meaning }]) => {
    const { cause, cure } = EXPLANATIONS[name];
    return `### ${name}\n\nExit code ${exit}. ${meaning}\n\n- **Cause:** ${cause}\n- **Cure:** ${cure}`;
  });
  return sections.join('\n\n');
}
