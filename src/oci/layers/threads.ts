import { Worker } from 'node:worker_threads';
import { type ThreadProgram, threadProgram } from '../../core/package-files.ts';
import type { Layer } from '../image.ts';
import type { ScanFilter } from './filter.ts';
import { rejectUnreadable } from './readable-layer.ts';
import { MAX_THREADS } from './reading-order.ts';
import type { Allowance, LayerScan, ScanOptions } from './scan.ts';
import { LayerTransfer } from './transfer.ts';

/** Bytes of the smallest layer for a thread: a smaller one is read before the thread has started. */
const MIN_THREAD_BYTES = 2 * 1024 * 1024;

/**
 * Threads that unpack, hash and scan layers while this thread transfers them: both halves of the work take about the same
 * time. Buffers are transferred rather than copied, so that none is left for the garbage collector.
 */
export class LayerThreads {
  /** The sources have none: layers are read without threads then. */
  readonly #program: ThreadProgram | undefined;
  #toStart: number;
  #idle: Worker[] = [];

  /**
   * @param layers those that may be read; they determine how many threads are started
   * @param program the threads' program. Default: the one of the package
   */
  constructor(layers: readonly Layer[], program = threadProgram('layer-worker.cjs', import.meta.url)) {
    this.#program = program;
    this.#toStart = Math.min(layers.filter((layer) => this.isWorthThread(layer)).length, MAX_THREADS);
  }

  /** Reports whether a layer is read faster on a thread. */
  isWorthThread({ size }: Layer): boolean {
    return this.#program !== undefined && size >= MIN_THREAD_BYTES;
  }

  /** Scans a layer as `scanLayer` does, on a thread. */
  async scan(layer: Layer, filter: ScanFilter, allowance: Allowance, options: ScanOptions): Promise<LayerScan> {
    rejectUnreadable(layer);
    const thread = this.#take();
    try {
      const scan = await new LayerTransfer(thread, layer, options).run(filter, allowance);
      for (const { length } of scan.contents.values()) allowance.bytes -= length;
      this.#idle.push(thread);
      return scan;
    } catch (error) {
      // The thread may still have data of this layer, which must not end up in the next one.
      await thread.terminate();
      throw error;
    }
  }

  /** Takes an idle thread. All that may be needed are started with the first one, because starting takes time. */
  #take(): Worker {
    for (; this.#toStart > 0; this.#toStart--) this.#idle.push(this.#start());
    return this.#idle.shift() ?? this.#start();
  }

  #start(): Worker {
    if (!this.#program) throw new Error('this build has no program for threads');
    const { program, eval: isText } = this.#program;
    // By default, a thread takes three times the memory and is not faster.
    const resourceLimits = { maxYoungGenerationSizeMb: 2 };
    // Threads do not inherit this option.
    const sourceMaps = process.sourceMapsEnabled && { execArgv: [...process.execArgv, '--enable-source-maps'] };
    const thread = new Worker(program, { eval: isText, resourceLimits, ...sourceMaps });
    // A transfer in progress gets the error too; an idle thread that fails is only dropped.
    return thread.on('error', () => {
      this.#idle = this.#idle.filter((each) => each !== thread);
    });
  }

  /** Ends the idle threads; those at work end when their signal is aborted. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((thread) => thread.terminate()));
  }
}
