import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import { BACK, type Back } from '../../../src/step/prompter.ts';
import { type Key, terminalReader } from '../reader/index.ts';
import { whileAsking } from '../signals.ts';
import { type Frame, Screen, type Size } from './screen.ts';

/** A prompt of ours: draws itself, and takes keys until it has an answer. */
export interface View<T> {
  draw(size: Size): Frame;
  press(key: Key): T | undefined | Promise<T | undefined>;
}

/**
 * Shows a view until it has an answer, or the person presses Esc. In full screen, it begins at the top.
 * @param dropsTypeAhead whether what was typed before it appeared is no answer to it
 */
export function show<T>(view: View<T>, { dropsTypeAhead = false } = {}): Promise<T | Back> {
  return whileAsking(showUntilAnswered(view, dropsTypeAhead));
}

async function showUntilAnswered<T>(view: View<T>, dropsTypeAhead: boolean): Promise<T | Back> {
  const reader = terminalReader();
  reader.open();
  const screen = new Screen(process.stderr, { isFull: reader.isFullScreen });
  reader.onSuspend = () => screen.suspend();
  if (reader.isFullScreen) screen.reset();
  try {
    if (dropsTypeAhead) {
      // The last line says which keys do what: it appears when they do it.
      const { lines } = view.draw(screen.size);
      screen.paint({ lines: lines.with(-1, '') });
      await reader.discard();
    }
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

/** Returns the first line to show of a list. It scrolls only as far as the active line needs, and is then drawn again. */
export function scrollTo(active: number, first: number, count: number, room: number): number {
  const isShown = active >= first && active < first + room;
  const wanted = isShown ? first : active - Math.floor(room / 2);
  return Math.max(0, Math.min(wanted, count - room));
}
