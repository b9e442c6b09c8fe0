import { spawn } from 'node:child_process';
import path from 'node:path';

/** @typedef {import('./runner.mjs').Order} Order */
/** @typedef {import('./runner.mjs').Result} Result */

/** How long a runner may take to start, in milliseconds. */
const START = 120_000;

/**
 * A process that runs test files in one sandbox. It is started again after it was killed, and the sandbox is made again
 * where a mutant has destroyed it.
 */
export class Runner {
  #folder;
  #makeSandbox;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #process;

  /**
   * @param {string} folder of the sandbox
   * @param {() => Promise<void>} makeSandbox
   */
  constructor(folder, makeSandbox) {
    this.#folder = folder;
    this.#makeSandbox = makeSandbox;
  }

  /**
   * Runs a test file.
   * @param {Order} order
   * @param {number} milliseconds after which it is killed, with all that it started
   * @returns {Promise<Result | undefined>} `undefined` if it was killed or crashed
   */
  async run(order, milliseconds) {
    if (!this.#process?.connected && !(await this.#start())) {
      await this.#makeSandbox();
      if (!(await this.#start())) throw new Error(`no runner starts in ${this.#folder}`);
    }
    const running = /** @type {import('node:child_process').ChildProcess} */ (this.#process);
    running.send(order);
    const answer = await answerOf(running, milliseconds);
    if (answer === undefined) this.stop();
    return answer;
  }

  /** @returns {Promise<boolean>} whether it has started */
  async #start() {
    const [program = '', ...args] = [
      ...PROTECTION,
      process.execPath,
      path.join(this.#folder, 'test/mutants/runner.mjs'),
    ];
    // A group of its own, so that servers and programs that a test started end with it.
    const runner = spawn(program, args, {
      cwd: this.#folder,
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#process = runner;
    if ((await answerOf(runner, START)) !== undefined) return true;
    this.stop();
    return false;
  }

  stop() {
    const { pid } = this.#process ?? {};
    this.#process = undefined;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

/**
 * What root's runners are started by: a mutant that ignores `--root` must not reach the machine, so that its own folders
 * are read-only to it.
 */
const PROTECTION =
  process.getuid?.() === 0
    ? [
        ...['unshare', '--mount', '--propagation', 'private', 'sh', '-c'],
        'for each in /etc /usr /opt /boot; do mount --bind $each $each && mount -o remount,bind,ro $each; done; exec "$@"',
        'sh',
      ]
    : [];

/**
 * Waits for what a process says next.
 * @param {import('node:child_process').ChildProcess} running
 * @param {number} milliseconds
 * @returns {Promise<any>} `undefined` if it ended instead, or said nothing in time
 */
function answerOf(running, milliseconds) {
  return new Promise((resolve) => {
    const events = /** @type {const} */ (['message', 'exit', 'error']);
    const finish = (/** @type {unknown} */ answer) => {
      clearTimeout(deadline);
      for (const each of events) running.removeAllListeners(each);
      // What goes wrong once it is not waited for shows at the next order.
      running.on('error', () => {});
      resolve(answer);
    };
    const deadline = setTimeout(finish, milliseconds);
    running.once('message', finish);
    running.once('exit', () => finish(undefined));
    running.once('error', () => finish(undefined));
  });
}

/**
 * Lets several runners work off a list.
 * @template T
 * @param {readonly Runner[]} runners
 * @param {readonly T[]} list
 * @param {(runner: Runner, one: T) => Promise<void>} work
 */
export async function share(runners, list, work) {
  const left = [...list];
  await Promise.all(
    runners.map(async (runner) => {
      for (let one = left.shift(); one !== undefined; one = left.shift()) await work(runner, one);
    }),
  );
}
