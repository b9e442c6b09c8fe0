import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** @typedef {import('./runner.mjs').Order} Order */
/** @typedef {import('./runner.mjs').Result} Result */

/** A process that runs test files in one sandbox. It is started again after it was killed. */
export class Runner {
  #folder;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #process;

  /** @param {string} folder */
  constructor(folder) {
    this.#folder = folder;
  }

  /**
   * Runs a test file.
   * @param {Order} order
   * @param {number} milliseconds after which it is killed, with all that it started
   * @returns {Promise<Result | undefined>} `undefined` if it was killed or crashed
   */
  async run(order, milliseconds) {
    this.#process ??= await start(this.#folder);
    const running = this.#process;
    const deadline = setTimeout(() => this.stop(), milliseconds);
    running.send(order);
    const answer = await answerOf(running);
    clearTimeout(deadline);
    if (answer === undefined) this.stop();
    return answer;
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
 * Waits for what a process says next.
 * @param {import('node:child_process').ChildProcess} running
 * @returns {Promise<Result | undefined>} `undefined` if it ended instead
 */
async function answerOf(running) {
  const listening = new AbortController();
  const options = { signal: listening.signal };
  const [answer] = await Promise.race([
    once(running, 'message', options),
    once(running, 'exit', options).then(() => [undefined]),
  ]);
  listening.abort();
  return answer;
}

/**
 * @param {string} folder
 * @returns {Promise<import('node:child_process').ChildProcess>}
 */
async function start(folder) {
  // A group of its own, so that servers and programs that a test started end with it.
  const runner = fork(path.join(folder, 'test/mutants/runner.mjs'), {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await once(runner, 'message');
  return runner;
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
