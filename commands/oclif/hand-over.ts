import { UserError } from '../../src/core/errors.ts';
import { quoteIfNeeded } from '../../src/core/text.ts';
import { stopSignal } from '../terminal/signals.ts';
import type { UnknownName } from './names.ts';

/**
 * Runs Spacelift's CLI, also called spacectl, with a command that this program does not have: same arguments, terminal and
 * exit code. Inside our own topics, nothing is handed over.
 * @returns its exit code
 * @throws UserError if it looks like a mistyped command of ours, or if Spacelift's CLI is not installed
 */
export async function handOverUnknown({ topic, word }: UnknownName, argv: readonly string[]): Promise<number> {
  const { SPACELIFT_CLI_COMMANDS, SPACELIFT_CLI_INSTALL, findSpaceliftCli } = await import(
    '../../src/spacelift/index.ts'
  );
  const isSpaceliftCommand = topic.length === 0 && SPACELIFT_CLI_COMMANDS.includes(word);
  const called = ['spacectl', ...topic, word].join(' ');
  const { correctWords } = await import('./typos.ts');
  const { COMMAND_IDS } = await import('./command-map.ts');
  const meant = isSpaceliftCommand ? undefined : correctWords(argv, COMMAND_IDS);
  if (meant) {
    throw new UserError('SPACECTL_BAD_INPUT', `"${called}" is not a command; did you mean "${meant.command}"?`, {
      suggestions: [{ command: meant.line }],
    });
  }
  if (topic.length > 0) throw await notInTopic(topic, called);
  const cli = await findSpaceliftCli(process.env, stopSignal);
  if (cli) return (await import('../../src/programs/index.ts')).handOver(cli, argv);
  if (isSpaceliftCommand) {
    const message = `"${called}" is a command of Spacelift's own CLI, also called spacectl, which is not on the PATH`;
    throw new UserError('SPACECTL_PROGRAM_MISSING', message, { suggestions: SPACELIFT_CLI_INSTALL });
  }
  const message = `"${called}" is not a command of this program, and Spacelift's own CLI, also called spacectl, is not on the PATH`;
  throw new UserError('SPACECTL_BAD_INPUT', message, {
    suggestions: [{ command: 'spacectl --help' }, ...SPACELIFT_CLI_INSTALL],
  });
}

/** Returns the error for an unknown word in a topic of ours. Spacelift's CLI has topics of the same names, with other commands. */
async function notInTopic(topic: readonly string[], called: string): Promise<UserError> {
  const { findSpacectls } = await import('../../src/spacelift/index.ts');
  const theirs = (await findSpacectls(process.env)).find(({ kind }) => kind === 'spacelift');
  const itsOwn = theirs
    ? [
        {
          text: "If it is a command of Spacelift's own CLI",
          command: called.replace('spacectl', quoteIfNeeded(theirs.path)),
        },
      ]
    : [];
  return new UserError('SPACECTL_BAD_INPUT', `"${called}" is not a command`, {
    suggestions: [{ command: `${['spacectl', ...topic].join(' ')} --help` }, ...itsOwn],
  });
}
