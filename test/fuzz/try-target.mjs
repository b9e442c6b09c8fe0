import { Worker } from 'node:worker_threads';

/** More than any input that is made. */
const MAX_INPUT_BYTES = 4 * 1024 * 1024;
/** Megabytes of JavaScript's own memory for one target. */
const MAX_HEAP = 384;

/**
 * What was found in a target.
 * @typedef {object} Found
 * @property {number} index the number of the input
 * @property {string} fault
 * @property {Uint8Array} input
 *
 * @typedef {object} Result
 * @property {readonly Found[]} faults at most one for each place in the code
 * @property {number} tried
 * @property {number} refused
 * @property {number} slowest milliseconds
 */

/**
 * Tries a target in a thread, which is ended if one input takes too long or too much memory.
 * @param {string} file the bundled module of the thread
 * @param {{ name: string, seed: string, from?: number, to: number, input?: Uint8Array }} order
 * @param {{ hangAfter?: number }} [options] milliseconds that one input may take
 * @returns {Promise<Result>}
 */
export function tryTarget(file, order, { hangAfter = 20_000 } = {}) {
  const progress = new Int32Array(new SharedArrayBuffer(8));
  const bytes = new Uint8Array(new SharedArrayBuffer(MAX_INPUT_BYTES));
  progress[0] = -1;
  const worker = new Worker(file, {
    workerData: { from: 0, ...order, progress, bytes },
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP },
    execArgv: ['--enable-source-maps'],
  });
  /** @type {Map<string, Found>} */
  const faults = new Map();
  let done = { refused: 0, slowest: 0 };
  const add = (/** @type {Found} */ found) => {
    const place = found.fault.replace(/\d+/g, '0').slice(0, 400);
    const known = faults.get(place);
    if (!known || known.input.length > found.input.length) faults.set(place, found);
  };
  const present = (/** @type {string} */ fault) => {
    const [index = 0, length = 0] = progress;
    add({ index, fault, input: Uint8Array.from(bytes.subarray(0, length)) });
  };
  return new Promise((resolve) => {
    let [last, since] = [-1, Date.now()];
    const watch = setInterval(() => {
      const index = Atomics.load(progress, 0);
      if (index !== last) [last, since] = [index, Date.now()];
      // Making the seeds may take long; it is not what is tested.
      else if (index >= 0 && Date.now() - since > hangAfter) {
        present(`it is not done after ${hangAfter} ms`);
        worker.terminate();
      }
    }, 250);
    worker.on('message', (report) => {
      if (report.kind === 'fault') add(report);
      else done = report;
    });
    worker.on('error', (error) => present(`the thread ended: ${error.stack ?? error.message}`));
    worker.on('exit', () => {
      clearInterval(watch);
      const tried = Math.max(0, Number(progress[0]) + 1 - (order.from ?? 0));
      resolve({ faults: [...faults.values()], tried, ...done });
    });
  });
}
