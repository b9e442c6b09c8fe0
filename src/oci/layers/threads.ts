import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Layer } from '../image.ts';
import type { ScanFilter } from './filter.ts';
import { refuseUnreadable } from './readable-layer.ts';
import { MOST_THREADS } from './reading-order.ts';
import type { Allowance, LayerScan, ScanOptions } from './scan.ts';
import { LayerTransfer } from './transfer.ts';

/** Bytes below which a layer is read before a thread has started. */
const WORTH_A_THREAD = 2 * 1024 * 1024;

/** Where the bundled program has it; there is none among the sources, where layers are read without. */
const PROGRAM = new URL('./layer-worker.cjs', import.meta.url);

/**
 * Threads that unpack, hash and search layers while this one talks to the registry: the two halves of the work take about
 * as long as each other. Bytes are given away in the memory they came in, so that none is left for the garbage collector.
 */
export class LayerThreads {
  readonly #program: URL;
  readonly #isThere: boolean;
  #toStart: number;
  #idle: Worker[] = [];

  /**
   * @param layers those that may have to be read, which tell how many threads may be needed
   * @param program what threads run, if not what is beside this file
   */
  constructor(layers: readonly Layer[], program = PROGRAM) {
    this.#program = program;
    this.#isThere = existsSync(fileURLToPath(program));
    this.#toStart = Math.min(layers.filter((layer) => this.isWorthwhile(layer)).length, MOST_THREADS);
  }

  /** Whether a layer is better read by a thread. */
  isWorthwhile({ size }: Layer): boolean {
    return this.#isThere && size >= WORTH_A_THREAD;
  }

  /** The same as `scanLayer`, which it leaves to a thread. */
  async scan(layer: Layer, filter: ScanFilter, allowance: Allowance, options: ScanOptions): Promise<LayerScan> {
    refuseUnreadable(layer);
    const thread = this.#take();
    try {
      const scan = await new LayerTransfer(thread, layer, options).run(filter, allowance);
      for (const { length } of scan.contents.values()) allowance.bytes -= length;
      this.#idle.push(thread);
      return scan;
    } catch (error) {
      // What it has been given of this layer must not be taken for the next one.
      await thread.terminate();
      throw error;
    }
  }

  /** A thread that has nothing to do. All that may be needed are started with the first, for that takes its time. */
  #take(): Worker {
    for (; this.#toStart > 0; this.#toStart--) this.#idle.push(this.#start());
    return this.#idle.shift() ?? this.#start();
  }

  #start(): Worker {
    // Left to itself, a thread takes three times the memory, and is no faster.
    const resourceLimits = { maxYoungGenerationSizeMb: 2 };
    // Threads do not inherit it.
    const sourceMaps = process.sourceMapsEnabled && { execArgv: [...process.execArgv, '--enable-source-maps'] };
    const thread = new Worker(this.#program, { resourceLimits, ...sourceMaps });
    // Whoever works with it is told as well; one that fails while it is idle is not missed.
    return thread.on('error', () => {
      this.#idle = this.#idle.filter((each) => each !== thread);
    });
  }

  /** Ends the threads that are not at work; those that are end with their work's signal. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((thread) => thread.terminate()));
  }
}
