import { setTimeout as sleep } from 'node:timers/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import { isSystemError } from '../../../src/core/errors.ts';
import { type Key, keyOf, splitKeys } from './keys.ts';

/** Milliseconds after which a lone Esc is the Esc key and not the start of an arrow key. Node's own default is 500. */
const ESCAPE_MS = 50;
/** Milliseconds within which the rest of a paste arrives. */
const PASTE_GAP_MS = 20;
/** Milliseconds within which `bg` and `fg` count as one. */
const RESUME_MS = 20;
/** Milliseconds in which the kernel's signal follows the loss of the terminal. */
const HANG_UP_MS = 50;
/** Milliseconds in which no one can have read what has just appeared. */
const UNSEEN_MS = 300;

/** DECSET 2004: the terminal marks where a paste starts and ends. */
const PASTE_MARKS = { on: '\u001b[?2004h', off: '\u001b[?2004l' } as const;

/** The alternate screen of xterm, empty; and back to what was there before. */
const FULL_SCREEN = { on: '\u001b[?1049h\u001b[H\u001b[J', off: '\u001b[?1049l' } as const;

/** What a prompt does before the terminal goes to the shell. */
type OnSuspend = () => void;

/**
 * The only reader of the terminal while the program asks questions. Prompts take their keys from one queue, so that what is
 * typed or pasted ahead waits for the next prompt; a prompt that opens a readline of its own on stdin would lose it.
 */
export class TerminalReader {
  /** Called before Ctrl-Z stops the program, and before the terminal is released. */
  onSuspend: OnSuspend = () => {};
  readonly #input: ReadStream;
  readonly #output: WriteStream;
  #isOpen = false;
  #isFullScreen = false;
  #isListening = false;
  #queue: Key[] = [];
  #unfinished = '';
  #escapeTimer: NodeJS.Timeout | undefined;
  #waiting: ((key: Key) => void) | undefined;
  #continued = 0;

  constructor(input: ReadStream, output: WriteStream) {
    this.#input = input;
    this.#output = output;
  }

  /** Takes the terminal: no echo, every key at once. */
  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    if (!this.#isListening) this.#listen();
    this.#input.resume();
    this.#acquire();
  }

  /** Gives the terminal back, to the shell or to another program. What was typed ahead is kept. */
  release(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.onSuspend();
    this.#restore();
    this.#isFullScreen = false;
    this.#input.pause();
  }

  /**
   * Takes the whole screen, or gives it back as it was. Prompts that fill it need this: on a resize, the terminal pushes wrapped
   * lines into its history, where nothing can clear them.
   */
  setFullScreen(isFull: boolean): void {
    if (this.#isFullScreen === isFull) return;
    this.#isFullScreen = isFull;
    this.#output.write(isFull ? FULL_SCREEN.on : FULL_SCREEN.off);
  }

  get isFullScreen(): boolean {
    return this.#isFullScreen;
  }

  /** The next key, as soon as there is one. One caller at a time. */
  next(): Promise<Key> {
    const key = this.#queue.shift();
    return key
      ? Promise.resolve(key)
      : new Promise((resolve) => {
          this.#waiting = resolve;
        });
  }

  /** Puts keys back that a prompt has no use for, to be read first. */
  unread(...keys: readonly Key[]): void {
    this.#queue.unshift(...keys);
  }

  get hasPending(): boolean {
    return this.#queue.length > 0;
  }

  /** Drops what was typed before anyone can have read what has just been shown: a plan must not be agreed to unseen. */
  async discard(): Promise<void> {
    await sleep(UNSEEN_MS);
    this.#queue = [];
  }

  /** Whether more comes right behind a line break: a paste, where the terminal does not mark pastes. */
  async isPasteGoingOn(): Promise<boolean> {
    if (!this.hasPending) await sleep(PASTE_GAP_MS);
    return this.hasPending;
  }

  /** Adds a key that is not from the terminal. */
  push(key: Key): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting(key);
    else this.#queue.push(key);
  }

  #listen(): void {
    this.#isListening = true;
    this.#input.setEncoding('utf8');
    this.#input.on('data', (text: Buffer | string) => this.#receive(String(text)));
    // The terminal is gone. The kernel sends SIGHUP as well, unless the shell keeps it to itself.
    for (const event of ['end', 'error']) this.#input.on(event, () => this.#hangUp());
    this.#output.on('resize', () => this.#isOpen && this.push({ name: 'resize', text: '', sequence: '' }));
    process.on('SIGCONT', () => void this.#continue());
  }

  #acquire(): void {
    // libuv skips a mode that it believes is set, but the shell has changed it while the program was stopped.
    this.#setRaw(false);
    this.#setRaw(true);
    if (process.env['TERM'] !== 'dumb') this.#output.write(PASTE_MARKS.on);
    if (this.#isFullScreen) this.#output.write(FULL_SCREEN.on);
  }

  #restore(): void {
    if (this.#isFullScreen) this.#output.write(FULL_SCREEN.off);
    if (process.env['TERM'] !== 'dumb') this.#output.write(PASTE_MARKS.off);
    this.#setRaw(false);
  }

  /** A terminal that is gone has no modes; that its reader is told as well. */
  #setRaw(isRaw: boolean): void {
    try {
      this.#input.setRawMode(isRaw);
    } catch (error) {
      if (!isSystemError(error, 'EIO', 'EBADF', 'ENOTTY')) throw error;
    }
  }

  #receive(text: string): void {
    clearTimeout(this.#escapeTimer);
    const { keys, rest } = splitKeys(this.#unfinished + text);
    this.#unfinished = rest;
    for (const key of keys) this.#take(key);
    // A paste may take any time. Esc and `[` are two keys, if nothing follows.
    if (rest !== '' && !rest.startsWith('\u001b[200~')) {
      this.#escapeTimer = setTimeout(() => {
        this.#unfinished = '';
        for (const each of rest) this.#take(keyOf(each));
      }, ESCAPE_MS);
    }
  }

  #take(key: Key): void {
    // The handler of the signal ends the program, whatever it is busy with.
    if (key.name === 'ctrl-c') process.kill(process.pid, 'SIGINT');
    else if (key.name === 'ctrl-z') this.#suspend();
    else this.push(key);
  }

  #hangUp(): void {
    // Waits for the kernel's own signal, because a second one ends the program at once. Not `process.kill`: without a
    // terminal, nothing keeps the program alive until the signal arrives.
    setTimeout(() => this.#isOpen && process.emit('SIGHUP'), HANG_UP_MS);
  }

  #suspend(): void {
    if (process.platform === 'win32') return;
    this.onSuspend();
    this.#restore();
    // The whole process group, as the terminal itself would: npm or make above us stop as well.
    process.kill(0, 'SIGTSTP');
  }

  /** `bg` and then `fg` continue the program twice: taking the terminal in the background stops it again (SIGTTOU). */
  async #continue(): Promise<void> {
    if (!this.#isOpen) return;
    const continued = ++this.#continued;
    // Node's own handler of SIGCONT may have paused the stream.
    this.#input.resume();
    this.#acquire();
    await sleep(RESUME_MS);
    if (continued === this.#continued) this.push({ name: 'resume', text: '', sequence: '' });
  }
}
