import path from 'node:path';
import type { UserError } from '../../src/core/errors.ts';
import { quoteIfNeeded } from '../../src/core/text.ts';
import { POOL_FILE } from '../../src/pool-folder/index.ts';
import type { Answered } from '../../src/step/ask.ts';
import { say } from './output.ts';
import { printable } from './printable.ts';
import { noteSavedAnswers } from './signals.ts';
import { style } from './style.ts';
import { wrapWords } from './wrap.ts';

/** Prints the wizard's introduction. */
export function greet(isPlain: boolean): void {
  noteSavedAnswers();
  say(style.bold('Set up a Spacelift worker pool and its hosts'));
  const keys = isPlain
    ? 'Enter takes the answer that is named, < goes back'
    : 'Enter accepts the answer in grey, Esc goes back';
  const text = `${keys}, Ctrl-C quits. After a few questions, one screen shows every answer and the plan. Answers are saved as you give them; nothing else is changed before you apply the plan.`;
  say(style.dim(wrapWords(text, process.stderr)));
}

/** Files with secrets that were typed, since the program was started. */
const kept = new Set<string>();

/** Says where a secret was saved that was just typed. */
export function noteKeptSecret(file: string): void {
  kept.add(file);
  say(style.dim(`  Saved in ${printable(file)}, which only you can read`));
  noteSavedAnswers([...kept]);
}

/** Says how the person can do without a service that cannot be reached, on the lines of the review. */
export function waysAround({ code }: UserError, { values }: Answered): readonly string[] {
  if (code !== 'SPACECTL_UNREACHABLE' || values['image'] === undefined) return [];
  return [
    'If it is the registry: edit the line "image" for another image, an archive (docker save) or a bundle file. Or choose mozilla on the line "source", to extend Mozilla\'s root certificates without an image',
  ];
}

/** Says where the answers are when the person has left the review. */
export function sayWhatIsSaved({ texts: { dir: [dir = '.'] = [] } }: Answered): void {
  const files = [path.join(dir, POOL_FILE), ...kept].join(' and ');
  say(`Nothing but ${files} was changed: ${kept.size > 0 ? 'they have' : 'it has'} your answers. To go on:`);
  say(`spacectl init ${quoteIfNeeded(dir)}`);
}
