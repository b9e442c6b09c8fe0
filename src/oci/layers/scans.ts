import { abortReason } from '../../core/errors.ts';
import type { Layer } from '../image.ts';
import { LIMITS } from '../limits.ts';
import type { ScanFilter } from './filter.ts';
import type { LayerProgress } from './progress.ts';
import { hasHeadStart, nextLayerToRead } from './reading-order.ts';
import { type Allowance, type LayerScan, type ScanOptions, scanLayer } from './scan.ts';
import { LayerThreads } from './threads.ts';

/** How the layers of an image are scanned. */
export interface ScansOptions {
  readonly signal: AbortSignal;
  /** Layers whose names are in order may stop after this path. Default: all layers are read to their end. */
  readonly stopAfter?: readonly string[];
  /** Called for every chunk, and with each layer that is done. */
  readonly onProgress?: (progress: LayerProgress, done?: Layer) => void;
  /** Loads an earlier scan of a layer. */
  readonly loadScan?: (layer: Layer) => Promise<LayerScan | undefined>;
  /** Saves the scan of a verified layer. */
  readonly saveScan?: (layer: Layer, scan: LayerScan) => Promise<void>;
}

interface Running {
  readonly index: number;
  readonly layer: Layer;
  readonly stop: AbortController;
  readonly done: Promise<void>;
  read: number;
}

/**
 * Reads the layers of an image from the top down, several at a time. Some are read ahead, before the layers above have shown
 * whether they are needed, and stopped if they are not.
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
  /** No layer below this one is read ahead: it seems to hold the file to read. */
  #lowestAhead = 0;
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
   * Reads all layers from the top down to one.
   * @returns their scans, bottom first
   * @throws UserError as `scanLayer`, for any of them
   */
  async readDownTo(lowest: number): Promise<readonly LayerScan[]> {
    if (lowest < this.#lowestAhead) this.#lowestAhead = 0;
    for (;;) {
      const wanted = this.#layers.slice(Math.max(lowest, 0));
      const failed = wanted.find(({ digest }) => this.#failures.has(digest));
      if (failed) throw this.#failures.get(failed.digest);
      if (wanted.every(({ digest }) => this.#scans.has(digest))) {
        // Threads take as much memory as applying layers does: end them first.
        if (lowest <= this.#lowestAhead) await this.#closeIfIdle();
        return wanted.map(({ digest }) => this.#scans.get(digest) as LayerScan);
      }
      const { signal } = this.#options;
      if (signal.aborted) throw abortReason(signal);
      const changed = new Promise<void>((resolve) => {
        this.#onChange = resolve;
      });
      this.#startReading(lowest);
      await changed;
    }
  }

  /** Returns the scan of a layer, if it was read. */
  scanOf({ digest }: Layer): LayerScan | undefined {
    return this.#scans.get(digest);
  }

  /** Discards partial scans, so that their layers are read to their end. */
  requireWhole(digests: Iterable<string>): void {
    for (const digest of digests) {
      this.#mustBeWhole.add(digest);
      this.#scans.delete(digest);
    }
  }

  /** Discards all scans after the filter was widened. */
  async restart(): Promise<void> {
    await this.close();
    this.#scans = new Map();
    this.#failures = new Map();
    this.#allowance = { bytes: LIMITS.keptBytes };
  }

  /** Stops reading. */
  async close(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { stop } of running) stop.abort();
    await Promise.all(running.map(({ done }) => done));
    await this.#threads.close();
  }

  /** Ends the threads if no layer is being read: those still running were stopped, or are only being saved. */
  async #closeIfIdle(): Promise<void> {
    const reading = [...this.#running.values()].filter(({ layer }) => !this.#scans.has(layer.digest));
    if (reading.some(({ stop }) => !stop.signal.aborted)) return;
    await Promise.all(reading.map(({ done }) => done));
    await this.#threads.close();
  }

  #startReading(lowest: number): void {
    for (;;) {
      const index = nextLayerToRead({
        layers: this.#layers,
        lowest,
        lowestAhead: this.#lowestAhead,
        running: [...this.#running.values()],
        isKnown: ({ digest }) => this.#scans.has(digest) || this.#failures.has(digest),
        mayStop: (layer) => this.#mayStop(layer),
        isForThread: (layer) => this.#isForThread(layer),
      });
      if (index === undefined) return;
      this.#readLayer(this.#layers[index] as Layer, index, lowest);
    }
  }

  #isForThread(layer: Layer): boolean {
    return !this.#mayStop(layer) && this.#threads.isWorthThread(layer);
  }

  #mayStop({ digest, isInOrder }: Layer): boolean {
    return this.#options.stopAfter !== undefined && isInOrder === true && !this.#mustBeWhole.has(digest);
  }

  #readLayer(layer: Layer, index: number, lowest: number): void {
    const { signal, stopAfter, onProgress, loadScan, saveScan } = this.#options;
    const stop = new AbortController();
    const mayStop = this.#mayStop(layer);
    const running: Running = { index, layer, stop, read: 0, done: read.call(this) };
    this.#running.set(layer.digest, running);

    async function read(this: LayerScans): Promise<void> {
      try {
        const cached = await loadScan?.(layer);
        const scan =
          cached ??
          (await this.#scan(layer, {
            signal: AbortSignal.any([signal, stop.signal]),
            onBytes: (bytes) => this.#onBytes(running, bytes),
            onContent: () => this.#onContent(index, lowest),
            ...(mayStop && stopAfter && { stopAfter }),
          }));
        if (stop.signal.aborted) return;
        this.#scans.set(layer.digest, scan);
        onProgress?.(this.#progress(), layer);
        this.#onChange();
        if (!cached && !scan.until) await saveScan?.(layer, scan);
      } catch (error) {
        // The failure of a layer that was read ahead is thrown only if the layer is needed.
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

  #onBytes(running: Running, bytes: number): void {
    const hadHeadStart = hasHeadStart(running);
    running.read += bytes;
    this.#bytesRead += bytes;
    this.#options.onProgress?.(this.#progress());
    if (!hadHeadStart && hasHeadStart(running)) this.#onChange();
  }

  /** Stops reading ahead below a layer that seems to hold the file to read. */
  #onContent(index: number, lowest: number): void {
    if (index < this.#lowestAhead) return;
    this.#lowestAhead = index;
    for (const each of this.#running.values()) if (each.index < Math.min(index, lowest)) each.stop.abort();
  }

  #progress(): LayerProgress {
    return { layersRead: this.#scans.size, bytesRead: this.#bytesRead };
  }
}
