import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import { BACK, type Back } from '../../../src/step/prompter.ts';
import { type Key, terminalReader } from '../reader/index.ts';
import { whileAsking } from '../signals.ts';
import { hasUnicode } from './ascii.ts';
import { type Frame, Screen, type Size } from './screen.ts';

/** A prompt of ours: draws itself, and takes keys until it has an answer. */
export interface View<T> {
  draw(size: Size): Frame;
  press(key: Key): T | undefined | Promise<T | undefined>;
}

/** How a view is shown. */
export interface Showing {
  /** Whether it takes the whole terminal and drops what was typed before it appeared. */
  readonly isFull?: boolean;
}

/** Shows a view until it has an answer, or the person presses Esc. */
export async function show<T>(view: View<T>, { isFull = false }: Showing = {}): Promise<T | Back> {
  return whileAsking(showUntilAnswered(view, isFull));
}

async function showUntilAnswered<T>(view: View<T>, isFull: boolean): Promise<T | Back> {
  const reader = terminalReader();
  const screen = new Screen(process.stderr, { isAscii: !hasUnicode(process.env) });
  reader.open();
  reader.onSuspend = () => screen.suspend();
  screen.isFull = isFull;
  if (isFull) {
    screen.paint(view.draw(screen.size));
    await reader.discard();
  }
  try {
    for (;;) {
      // Drawn only when no key is waiting: a pasted text is drawn once, not once a character.
      if (!reader.hasPending) screen.paint(view.draw(screen.size));
      const key = await reader.next();
      if (key.name === 'escape') return BACK;
      if (key.name === 'resize') screen.reset();
      else if (key.name === 'resume') screen.resume();
      else {
        const answer = await view.press(key);
        if (answer !== undefined) return answer;
      }
    }
  } finally {
    screen.suspend();
    reader.onSuspend = () => {};
  }
}

/** Cuts text to a width in columns. */
export function fitText(text: string, width: number, position: 'end' | 'middle' = 'end'): string {
  return cliTruncate(text, Math.max(1, width), { position });
}

/** Cuts or fills text to exactly a width in columns. */
export function fillText(text: string, width: number, position?: 'middle'): string {
  const cut = fitText(text, width, position);
  return cut + ' '.repeat(Math.max(0, width - stringWidth(cut)));
}
