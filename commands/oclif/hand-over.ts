import { UserError } from '../../src/core/errors.ts';
import type { UnknownName } from './names.ts';

/** Variable with the paths of programs that were already tried, so that one that calls us back is not called again. */
const VISITED = 'SPACECTL_HANDED_OVER';

/**
 * Runs Spacelift's CLI, also called spacectl, with a command that this program does not have: same arguments, terminal and
 * exit code.
 * @returns its exit code
 * @throws UserError if it looks like a mistyped command of ours, or if Spacelift's CLI is not installed
 */
export async function handOverUnknown(
  { topic, word, siblings }: UnknownName,
  argv: readonly string[],
): Promise<number> {
  const { SPACELIFT_CLI_COMMANDS, SPACELIFT_CLI_INSTALL, findSpaceliftCli } = await import(
    '../../src/spacelift/index.ts'
  );
  const isSpaceliftCommand = topic.length === 0 && SPACELIFT_CLI_COMMANDS.includes(word);
  const called = ['spacectl', ...topic, word].join(' ');
  const { findNearest } = await import('../../src/core/nearest.ts');
  const close = isSpaceliftCommand ? undefined : findNearest(word, siblings);
  if (close) {
    const meant = ['spacectl', ...topic, close].join(' ');
    throw new UserError('SPACECTL_BAD_INPUT', `"${called}" is not a command; did you mean "${meant}"?`, {
      suggestions: [meant],
    });
  }
  const visited = (process.env[VISITED] ?? '').split('\n').filter(Boolean);
  const cli = await findSpaceliftCli(process.env, visited);
  if (cli) {
    const { realpath } = await import('node:fs/promises');
    const { handOver } = await import('../../src/programs/index.ts');
    return handOver(cli, argv, { [VISITED]: [...visited, await realpath(cli)].join('\n') });
  }
  if (isSpaceliftCommand) {
    const message = `"${called}" is a command of Spacelift's own CLI, also called spacectl, which is not on the PATH`;
    throw new UserError('SPACECTL_PROGRAM_MISSING', message, { suggestions: SPACELIFT_CLI_INSTALL });
  }
  const message = `"${called}" is not a command of this program, and Spacelift's own CLI, also called spacectl, is not on the PATH`;
  throw new UserError('SPACECTL_BAD_INPUT', message, { suggestions: ['spacectl --help', ...SPACELIFT_CLI_INSTALL] });
}
