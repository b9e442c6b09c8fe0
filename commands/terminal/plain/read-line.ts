import { BACK, type Back } from '../../../src/step/prompter.ts';
import { write } from '../output.ts';
import { splitPaste, terminalReader } from '../reader/index.ts';
import { whileAsking } from '../signals.ts';

/** What goes back, where the person may not have an Esc key that a screen reader passes on. */
const BACK_WORD = '<';

/**
 * Reads a line without moving the cursor. The keys come from the one reader in raw mode: the kernel's own line editing cuts a
 * line at 4,096 bytes.
 * @param isSecret whether nothing of it is shown; a paste of several lines is then one line
 */
export function readLine(prompt: string, { isSecret = false } = {}): Promise<string | Back> {
  return whileAsking(read(prompt, isSecret));
}

async function read(prompt: string, isSecret: boolean): Promise<string | Back> {
  const reader = terminalReader();
  reader.open();
  write(prompt);
  let line = '';
  for (;;) {
    const key = await reader.next();
    const { name } = key;
    if (name === 'escape') {
      write('\n');
      return BACK;
    }
    if (name === 'return' && !(isSecret && (await reader.isPasteGoingOn()))) break;
    if (name === 'resume') write(`\n${prompt}${isSecret ? '' : line}`);
    if (name === 'backspace' && line !== '') {
      line = line.slice(0, -1);
      if (!isSecret) write('\b \b');
    }
    if (name === 'ctrl-u') {
      if (!isSecret) write('\b \b'.repeat(line.length));
      line = '';
    }
    const { first, more } = name === 'paste' && !isSecret ? splitPaste(key) : { first: key, more: [] };
    reader.unread(...more);
    const text = isSecret ? first.text.replace(/\s*\n\s*/g, '') : first.text;
    line += text;
    if (!isSecret) write(text);
  }
  write('\n');
  return line.trim() === BACK_WORD ? BACK : line.trim();
}
