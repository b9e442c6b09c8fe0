import { execFile, spawn } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const run = promisify(execFile);
let started = 0;

/** Runs a program, then says its exit code: tmux itself does not always tell. Ctrl-C is for the program alone. */
const SAY_HOW_IT_ENDS = 'trap : INT; "$@"; echo "[ended with $?]"';

/** A program in a real pseudo-terminal (tmux's), driven by keys and read as a person sees it. */
export interface Terminal {
  /** Waits until the screen shows this, and fails with the screen if it never does. */
  waitFor(expected: string | RegExp): Promise<string>;
  /** Waits until what is to be seen differs from a screen. @returns what is to be seen then */
  waitForChange(from: string): Promise<string>;
  /** Types text as it is. */
  type(text: string): Promise<void>;
  /** Presses keys by tmux's names: `Enter`, `Down`, `Space`, `C-c`. */
  press(...keys: readonly string[]): Promise<void>;
  /** Types text and presses Enter. */
  enter(text?: string): Promise<void>;
  /**
   * Pastes text. The terminal marks it as a paste if the program has asked for that, unless `isMarked` is false; it sends line
   * breaks as carriage returns.
   */
  paste(text: string, options?: { readonly isMarked?: boolean }): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** The screen and what has scrolled off it. */
  screen(): Promise<string>;
  /** What is to be seen now: the part that scrolled off is not. */
  visible(): Promise<string>;
  /** Everything the programs in the terminal have written, once nothing more comes for a moment. One character is one byte. */
  written(): Promise<string>;
  /** Takes the terminal away, as closing its window does. */
  close(): Promise<void>;
  /** Waits for the program's end. @returns its exit code */
  ended(): Promise<number>;
}

/** Starts a program in a terminal of its own, which goes away with the test. */
export async function openTerminal(
  command: readonly string[],
  {
    cwd,
    env = {},
    columns = 110,
    rows = 50,
  }: { cwd: string; env?: Record<string, string>; columns?: number; rows?: number },
): Promise<Terminal> {
  const socket = path.join(cwd, `.tmux-${process.pid}-${started++}`);
  const tmux = async (...words: readonly string[]) =>
    (await run('tmux', ['-S', socket, '-f', '/dev/null', ...words])).stdout;
  // CI=true would make the program believe that nobody is there to ask.
  const variables = Object.entries({ CI: '', LC_ALL: 'C.UTF-8', TERM: 'xterm-256color', ...env }).flatMap(
    ([name, value]) => ['-e', `${name}=${value}`],
  );
  const size = ['-x', String(columns), '-y', String(rows)];
  await tmux(
    'new-session',
    '-d',
    ...size,
    '-c',
    cwd,
    ...variables,
    'sleep 600',
    ';',
    'set',
    '-g',
    'remain-on-exit',
    'on',
  );
  onTestFinished(async () => void (await tmux('kill-server').catch(() => {})));
  await tmux('respawn-pane', '-k', '-c', cwd, ...variables, 'sh', '-c', SAY_HOW_IT_ENDS, 'sh', ...command);
  const control = attach(socket);
  const record = `${socket}.written`;
  await writeFile(record, '');
  await control('pipe-pane', '-t', '0', `cat >> ${record}`);
  const screen = () => control('capture-pane', '-p', '-S', '-500', '-t', '0');
  const until = async <T>(look: () => Promise<T | undefined>, what: string): Promise<T> => {
    const deadline = Date.now() + 15_000;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`${what} never came; the screen shows:\n${await screen()}`);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  };
  const press = async (...keys: readonly string[]) => void (await control('send-keys', '-t', '0', ...keys));
  const type = async (text: string) => {
    if (text !== '') await control('send-keys', '-t', '0', '-l', text);
  };
  return {
    press,
    type,
    screen,
    async paste(text, { isMarked = true } = {}) {
      await writeFile(`${socket}.paste`, text);
      await control('load-buffer', `${socket}.paste`);
      await control('paste-buffer', '-t', '0', ...(isMarked ? ['-p'] : []));
      await rm(`${socket}.paste`);
    },
    resize: async (width, height) =>
      void (await control('resize-window', '-t', '0', '-x', String(width), '-y', String(height))),
    visible: () => control('capture-pane', '-p', '-t', '0'),
    async written() {
      for (let last = -1; ; ) {
        const text = await readFile(record, 'latin1');
        if (text.length === last) return text;
        last = text.length;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
    close: async () => void (await control('kill-pane', '-t', '0').catch(() => {})),
    async enter(text = '') {
      await type(text);
      await press('Enter');
    },
    waitFor: (expected) =>
      until(async () => {
        const shown = await screen();
        const isThere = typeof expected === 'string' ? hasText(shown, expected) : expected.test(shown);
        return isThere ? shown : undefined;
      }, String(expected)),
    waitForChange: (from) =>
      until(async () => {
        const shown = await screen();
        return shown === from ? undefined : shown;
      }, 'A change of the screen'),
    ended: () =>
      until(async () => {
        const [, status] = /\[ended with (\d+)\]/.exec(await screen()) ?? [];
        return status === undefined ? undefined : Number(status);
      }, 'The end of the program'),
  };
}

/**
 * A client of tmux that stays, in its control mode (tmux(1), "CONTROL MODE"): looking at a screen time and again starts no
 * process. It ends with the server. @returns a way to run a command, which gives what it says
 */
function attach(socket: string): (...words: readonly string[]) => Promise<string> {
  const client = spawn('tmux', ['-S', socket, '-C', 'attach'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const asked: { resolve(text: string): void; reject(error: Error): void }[] = [];
  let reply: string[] | undefined;
  createInterface({ input: client.stdout }).on('line', (line) => {
    const [, word] = /^%(begin|end|error) \d+ \d+ 1$/.exec(line) ?? [];
    if (word === 'begin') reply = [];
    else if (word === undefined) reply?.push(line);
    else {
      const text = `${reply?.join('\n')}\n`;
      reply = undefined;
      if (word === 'end') asked.shift()?.resolve(text);
      else asked.shift()?.reject(new Error(`tmux: ${text}`));
    }
  });
  client.once('exit', () => {
    for (const each of asked.splice(0)) each.reject(new Error('tmux has ended'));
  });
  client.stdin.on('error', () => {});
  return (...words) =>
    new Promise((resolve, reject) => {
      asked.push({ resolve, reject });
      client.stdin.write(`${words.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`).join(' ')}\n`);
    });
}

/** Reports whether a screen shows a text, which may be wrapped anywhere between words. */
function hasText(screen: string, text: string): boolean {
  return screen.includes(text) || screen.replace(/\s+/g, ' ').includes(text);
}
