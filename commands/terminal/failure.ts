import { UserError } from '../../src/core/errors.ts';
import type { Suggestion } from '../../src/core/suggestion.ts';
import { describeSystemError } from '../../src/files/failure.ts';
import { printDocument, say } from './output.ts';
import { printableLines, printableValues } from './printable.ts';
import { wrapWords } from './wrap.ts';

/** What is reported about a failure, and its exit code. */
interface Failure {
  readonly code: string;
  readonly message: string;
  readonly suggestions: readonly Suggestion[];
  readonly exitCode: number;
}

/**
 * Reports a failure: as text on stderr, or with `--json` as one document on stdout.
 * @returns the exit code
 */
export function reportFailure(error: unknown, asJson: boolean): number {
  if (isSilentExit(error)) return error.oclif.exit ?? 0;
  const failure = describe(error);
  const { code, message, suggestions, exitCode } = failure;
  if (asJson) printDocument({ error: { code, message, suggestions } }, 2);
  else say(format(printableValues(failure)));
  if (process.env['DEBUG'] && error instanceof Error) say(printableLines(stackOf(error)));
  return exitCode;
}

function describe(error: unknown): Failure {
  if (error instanceof UserError) {
    const { code, message, suggestions, exitCode } = error;
    return { code, message, suggestions, exitCode };
  }
  // oclif's own errors: an unknown flag, a flag without its value.
  if (isFromOclif(error)) {
    const lines = error.message.split('\n').filter((line) => line !== '' && !line.startsWith('See more help'));
    return { code: 'SPACECTL_BAD_INPUT', message: lines.join(' '), suggestions: [{ text: 'Add --help' }], exitCode: 2 };
  }
  const onDisk = describeSystemError(error);
  if (onDisk) return describe(onDisk);
  return {
    code: 'SPACECTL_BUG',
    message: `This is a bug in spacectl: ${error instanceof Error ? error.message : String(error)}`,
    suggestions: [{ text: 'Run it again with DEBUG=spacectl for a stack trace, and report it' }],
    exitCode: 1,
  };
}

function format({ code, message, suggestions }: Failure): string {
  const lines = [wrapWords(`Error: ${message}`, process.stderr), `Code: ${code}`];
  if (suggestions.length > 0) lines.push('Try:', ...suggestions.flatMap(formatSuggestion));
  return lines.join('\n');
}

/** Formats a suggestion: its text is wrapped, and a command is alone on its line, which is never broken. */
function formatSuggestion({ text, command }: Suggestion): readonly string[] {
  if (text === undefined) return [`  ${command}`];
  const words = wrapWords(`  ${text}${command === undefined ? '' : ':'}`, process.stderr, '  ');
  return command === undefined ? [words] : [words, `    ${command}`];
}

/** Reports whether oclif ended a command early, with an exit code and without a message. */
function isSilentExit(error: unknown): error is OclifError {
  return isFromOclif(error) && error.code === 'EEXIT';
}

/** An error of oclif, recognized by its fields: oclif's classes are loaded only when a command runs. */
interface OclifError extends Error {
  readonly code?: string;
  readonly oclif: { readonly exit?: number };
}

function isFromOclif(error: unknown): error is OclifError {
  return error instanceof Error && 'oclif' in error && typeof error.oclif === 'object';
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
