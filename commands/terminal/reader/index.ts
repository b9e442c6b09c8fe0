import { stopSignal } from '../signals.ts';
import { TerminalReader } from './reader.ts';

export { type Key, keyOf, splitPaste } from './keys.ts';
export { TerminalReader } from './reader.ts';

let reader: TerminalReader | undefined;

/** Returns the one reader of this process's terminal. It gives the terminal back when the user stops the program. */
export function terminalReader(): TerminalReader {
  if (!reader) {
    const created = new TerminalReader(process.stdin, process.stderr);
    stopSignal.addEventListener('abort', () => created.release());
    reader = created;
  }
  return reader;
}

/** Gives the terminal back, if a prompt has taken it. */
export function releaseTerminal(): void {
  reader?.release();
}
