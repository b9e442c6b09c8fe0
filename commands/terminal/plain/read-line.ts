import { BACK, type Back } from '../../../src/step/prompter.ts';
import { write } from '../output.ts';
import { splitPaste, terminalReader } from '../reader/index.ts';
import { whileAsking } from '../signals.ts';
import { isLineBreak, onOneLine } from '../wrapped-secret.ts';

/** What goes back, where the person may not have an Esc key that a screen reader passes on. */
const BACK_WORD = '<';

/**
 * Reads a line without moving the cursor. The keys come from the one reader in raw mode: the kernel's own line editing cuts a
 * line at 4,096 bytes.
 * @param isAnswer of a secret: checks it. Nothing of a secret is shown, and a paste of several lines is one line
 */
export function readLine(prompt: string, isAnswer?: (line: string) => Promise<boolean>): Promise<string | Back> {
  return whileAsking(read(prompt, isAnswer));
}

async function read(prompt: string, isAnswer?: (line: string) => Promise<boolean>): Promise<string | Back> {
  const isSecret = isAnswer !== undefined;
  const reader = terminalReader();
  reader.open();
  write(prompt);
  let line = '';
  let isMarked = false;
  for (;;) {
    const key = await reader.next();
    const { name } = key;
    if (name === 'escape') {
      write('\n');
      return BACK;
    }
    // A terminal that marks its pastes says where they end: what comes behind them was typed ahead.
    isMarked = name === 'paste' || (isMarked && line !== '');
    if (name === 'return' && !(isAnswer && (await isLineBreak(line, isMarked)) && !(await isAnswer(line)))) break;
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
    const text = isSecret ? onOneLine(first.text) : first.text;
    line += text;
    if (!isSecret) write(text);
  }
  write('\n');
  return line.trim() === BACK_WORD ? BACK : line.trim();
}
