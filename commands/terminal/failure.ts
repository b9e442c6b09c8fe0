import { interruptedError, UserError } from '../../src/core/errors.ts';

/** What there is to say about a failure, and the exit code it ends with. */
interface Failure {
  readonly code: string;
  readonly message: string;
  readonly suggestions: readonly string[];
  readonly exitCode: number;
}

/**
 * Tells what went wrong: for people on stderr, with `--json` as one document on stdout.
 * @returns the exit code
 */
export function reportFailure(error: unknown, asJson: boolean): number {
  if (isSilentExit(error)) return error.oclif.exit ?? 0;
  const failure = describe(error);
  const { code, message, suggestions, exitCode } = failure;
  if (asJson) process.stdout.write(`${JSON.stringify({ error: { code, message, suggestions } }, null, 2)}\n`);
  else process.stderr.write(`${format(failure)}\n`);
  if (process.env['DEBUG'] && error instanceof Error) process.stderr.write(`${stackOf(error)}\n`);
  return exitCode;
}

function describe(error: unknown): Failure {
  if (isLeftPrompt(error)) return describe(interruptedError());
  if (error instanceof UserError) {
    const { code, message, suggestions, exitCode } = error;
    return { code, message, suggestions, exitCode };
  }
  // oclif's own: an unknown command or flag, a flag without its value.
  if (isFromOclif(error)) {
    const lines = error.message.split('\n').filter((line) => line !== '' && !line.startsWith('See more help'));
    return { code: 'SPACECTL_BAD_INPUT', message: lines.join(' '), suggestions: ['Add --help'], exitCode: 2 };
  }
  return {
    code: 'SPACECTL_BUG',
    message: `This is a bug in spacectl: ${error instanceof Error ? error.message : String(error)}`,
    suggestions: ['Run again with DEBUG=spacectl to see where, and report it'],
    exitCode: 1,
  };
}

function format({ code, message, suggestions }: Failure): string {
  const lines = [`Error: ${message}`, `Code: ${code}`];
  if (suggestions.length > 0) lines.push('Way out:', ...suggestions.map((each) => `  ${each}`));
  return lines.join('\n');
}

/** oclif's way of ending a command early with an exit code and no words. */
function isSilentExit(error: unknown): error is OclifError {
  return isFromOclif(error) && error.code === 'EEXIT';
}

/** What oclif throws, known by what it carries: its classes are loaded only where a command runs. */
interface OclifError extends Error {
  readonly code?: string;
  readonly oclif: { readonly exit?: number };
}

function isFromOclif(error: unknown): error is OclifError {
  return error instanceof Error && 'oclif' in error && typeof error.oclif === 'object';
}

/** Inquirer's way of saying that the user pressed Ctrl-C or closed the terminal at a prompt. */
function isLeftPrompt(error: unknown): boolean {
  return error instanceof Error && error.name === 'ExitPromptError';
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
