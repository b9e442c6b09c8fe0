import { abortReason } from '../../core/errors.ts';
import type { Layer } from '../image.ts';
import { LIMITS } from '../limits.ts';
import type { ScanFilter } from './filter.ts';
import type { LayerProgress } from './progress.ts';
import { hadHeadStart, nextToBegin } from './reading-order.ts';
import { type Allowance, type LayerScan, type ScanOptions, scanLayer } from './scan.ts';
import { LayerThreads } from './threads.ts';

export interface ScansOptions {
  readonly signal: AbortSignal;
  /** Where layers written in order may be left once past it; left out, all are read to their end. */
  readonly stopAfter?: readonly string[];
  /** Told of every piece that comes in, and of each layer that is done. */
  readonly onProgress?: (progress: LayerProgress, done?: Layer) => void;
  /** What is known of a layer from an earlier time. */
  readonly recall?: (layer: Layer) => Promise<LayerScan | undefined>;
  readonly remember?: (layer: Layer, scan: LayerScan) => Promise<void>;
}

interface Running {
  readonly index: number;
  readonly layer: Layer;
  readonly stop: AbortController;
  readonly done: Promise<void>;
  read: number;
}

/**
 * Reads the layers of an image from the top down, several at a time: some perhaps for nothing, since only those above can
 * tell. What one of those has to say stops them.
 */
export class LayerScans {
  readonly #layers: readonly Layer[];
  readonly #filter: ScanFilter;
  readonly #options: ScansOptions;
  #scans = new Map<string, LayerScan>();
  #failures = new Map<string, unknown>();
  readonly #running = new Map<string, Running>();
  readonly #mustBeWhole = new Set<string>();
  #allowance: Allowance = { bytes: LIMITS.keptBytes };
  /** Below this one, nothing is read for the time being: it seems to hold what is looked for. */
  #floor = 0;
  #bytesRead = 0;
  #onChange = () => {};
  readonly #threads: LayerThreads;

  constructor(layers: readonly Layer[], filter: ScanFilter, options: ScansOptions) {
    this.#layers = layers;
    this.#filter = filter;
    this.#options = options;
    this.#threads = new LayerThreads(layers);
  }

  /**
   * Sees to it that all layers from the top down to one are read.
   * @returns what they say, that one first
   * @throws UserError as `scanLayer` does for any of them
   */
  async downTo(lowest: number): Promise<readonly LayerScan[]> {
    if (lowest < this.#floor) this.#floor = 0;
    for (;;) {
      const wanted = this.#layers.slice(Math.max(lowest, 0));
      const failed = wanted.find(({ digest }) => this.#failures.has(digest));
      if (failed) throw this.#failures.get(failed.digest);
      if (wanted.every(({ digest }) => this.#scans.has(digest))) {
        // Threads take as much memory as putting layers together, and should not have it at the same time.
        if (lowest <= this.#floor) await this.#closeIfIdle();
        return wanted.map(({ digest }) => this.#scans.get(digest) as LayerScan);
      }
      const { signal } = this.#options;
      if (signal.aborted) throw abortReason(signal);
      const changed = new Promise<void>((resolve) => {
        this.#onChange = resolve;
      });
      this.#begin(lowest);
      await changed;
    }
  }

  /** What has been read of a layer. */
  of({ digest }: Layer): LayerScan | undefined {
    return this.#scans.get(digest);
  }

  /** Forgets layers of which only the beginning is known, and has them read to their end. */
  demandWhole(digests: Iterable<string>): void {
    for (const digest of digests) {
      this.#mustBeWhole.add(digest);
      this.#scans.delete(digest);
    }
  }

  /** Forgets everything: the layers have to be asked about more than before. */
  async restart(): Promise<void> {
    await this.close();
    this.#scans = new Map();
    this.#failures = new Map();
    this.#allowance = { bytes: LIMITS.keptBytes };
  }

  /** Stops whatever is still being read. */
  async close(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { stop } of running) stop.abort();
    await Promise.all(running.map(({ done }) => done));
    await this.#threads.close();
  }

  /** Ends the threads if nothing is read any more: what has not ended was stopped, or has only to be remembered. */
  async #closeIfIdle(): Promise<void> {
    const reading = [...this.#running.values()].filter(({ layer }) => !this.#scans.has(layer.digest));
    if (reading.some(({ stop }) => !stop.signal.aborted)) return;
    await Promise.all(reading.map(({ done }) => done));
    await this.#threads.close();
  }

  #begin(lowest: number): void {
    for (;;) {
      const index = nextToBegin({
        layers: this.#layers,
        lowest,
        floor: this.#floor,
        running: [...this.#running.values()],
        isKnown: ({ digest }) => this.#scans.has(digest) || this.#failures.has(digest),
        mayStop: (layer) => this.#mayStop(layer),
        isForThread: (layer) => this.#isForThread(layer),
      });
      if (index === undefined) return;
      this.#run(this.#layers[index] as Layer, index, lowest);
    }
  }

  #isForThread(layer: Layer): boolean {
    return !this.#mayStop(layer) && this.#threads.isWorthwhile(layer);
  }

  #mayStop({ digest, isInOrder }: Layer): boolean {
    return this.#options.stopAfter !== undefined && isInOrder === true && !this.#mustBeWhole.has(digest);
  }

  #run(layer: Layer, index: number, lowest: number): void {
    const { signal, stopAfter, onProgress, recall, remember } = this.#options;
    const stop = new AbortController();
    const mayStop = this.#mayStop(layer);
    const running: Running = { index, layer, stop, read: 0, done: read.call(this) };
    this.#running.set(layer.digest, running);

    async function read(this: LayerScans): Promise<void> {
      try {
        const known = await recall?.(layer);
        const scan =
          known ??
          (await this.#scan(layer, {
            signal: AbortSignal.any([signal, stop.signal]),
            onBytes: (bytes) => this.#took(running, bytes),
            onContent: () => this.#found(index, lowest),
            ...(mayStop && stopAfter && { stopAfter }),
          }));
        if (stop.signal.aborted) return;
        this.#scans.set(layer.digest, scan);
        onProgress?.(this.#progress(), layer);
        this.#onChange();
        if (!known && !scan.until) await remember?.(layer, scan);
      } catch (error) {
        // What was read ahead matters only once it is needed.
        if (!stop.signal.aborted) this.#failures.set(layer.digest, error);
      } finally {
        this.#running.delete(layer.digest);
        this.#onChange();
      }
    }
  }

  #scan(layer: Layer, options: ScanOptions): Promise<LayerScan> {
    const scan = this.#isForThread(layer) ? this.#threads.scan.bind(this.#threads) : scanLayer;
    return scan(layer, this.#filter, this.#allowance, options);
  }

  #took(running: Running, bytes: number): void {
    const hadItBefore = hadHeadStart(running);
    running.read += bytes;
    this.#bytesRead += bytes;
    this.#options.onProgress?.(this.#progress());
    if (!hadItBefore && hadHeadStart(running)) this.#onChange();
  }

  /** A layer seems to hold what is wanted: those below it are not needed then. */
  #found(index: number, lowest: number): void {
    if (index < this.#floor) return;
    this.#floor = index;
    for (const each of this.#running.values()) if (each.index < Math.min(index, lowest)) each.stop.abort();
  }

  #progress(): LayerProgress {
    return { layersRead: this.#scans.size, bytesRead: this.#bytesRead };
  }
}
