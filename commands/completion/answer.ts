import { readManifest } from '../oclif/manifest-file.ts';
import { guardOutput, print } from '../terminal/output.ts';
import { complete, type Proposal } from './complete.ts';
import { lookUp } from './look-up.ts';

/**
 * Answers the completion script of a shell, which calls the hidden command `__complete`. Prints the kind of proposal on the
 * first line, then one value on each line, with its description after a tab.
 * Prints nothing where nothing can be proposed, and never fails: the user is in the middle of a line.
 * @param argv the shell, and the words behind the program's name up to the one that is typed, which may be empty
 */
export async function answerShell([shell = '', ...words]: readonly string[]): Promise<void> {
  guardOutput();
  try {
    const proposal = complete(words, readManifest());
    print(format(proposal.kind === 'look-up' ? await lookUp(proposal) : proposal, shell, words.at(-1) ?? ''));
  } catch (error) {
    if (process.env['DEBUG']) throw error;
  }
}

function format(proposal: Proposal, shell: string, typed: string): string {
  if (proposal.kind === 'files') return `${['files', ...proposal.extensions].join(' ')}\n`;
  if (proposal.kind !== 'values') return 'directories\n';
  // fish compares with the whole word; the other shells have cut off the flag.
  const [, flag = ''] = shell === 'fish' ? (/^(--[^=]+=)/.exec(typed) ?? []) : [];
  const lines = proposal.values.map(([value, about]) => `${flag}${value}${about ? `\t${firstLine(about)}` : ''}\n`);
  return ['values\n', ...lines].join('');
}

function firstLine(text: string): string {
  return text.replace(/[\t\r\n].*/s, '');
}
