import path from 'node:path';
import { quoteIfNeeded } from '../../src/core/text.ts';
import { POOL_FILE } from '../../src/pool-folder/index.ts';
import type { Answered } from '../../src/step/ask.ts';
import { say } from './output.ts';
import { noteSavedAnswers } from './signals.ts';
import { style } from './style.ts';
import { wrapWords } from './wrap.ts';

/** Prints the wizard's introduction. */
export function greet(): void {
  noteSavedAnswers();
  say(style.bold('Set up a Spacelift worker pool and its hosts'));
  const text =
    'Enter accepts the answer in grey, Esc goes back, Ctrl-C quits. After a few questions, one screen shows every answer and the plan. Answers are saved as you give them; nothing else is changed before you apply the plan.';
  say(style.dim(wrapWords(text, process.stderr)));
}

/** Says where the answers are when the person has left the review. */
export function sayWhatIsSaved({ texts: { dir: [dir = '.'] = [] } }: Answered): void {
  say(`Nothing but ${path.join(dir, POOL_FILE)} was changed: it has your answers. To go on:`);
  say(`spacectl init ${quoteIfNeeded(dir)}`);
}
