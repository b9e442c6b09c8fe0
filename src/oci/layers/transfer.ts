import type { Worker } from 'node:worker_threads';
import { abortReason, type ErrorCode, UserError } from '../../core/errors.ts';
import { exclusiveBuffer } from '../../core/free-memory.ts';
import type { Suggestion } from '../../core/suggestion.ts';
import type { Layer } from '../image.ts';
import type { ScanFilter } from './filter.ts';
import type { Allowance, LayerScan, ScanOptions } from './scan.ts';

/** Messages to a thread: the layer to scan, its bytes, and its end. */
export type ToThread =
  | {
      readonly kind: 'layer';
      readonly layer: Omit<Layer, 'open'>;
      readonly filter: string;
      readonly allowance: number;
    }
  | { readonly kind: 'chunks'; readonly chunks: readonly Uint8Array<ArrayBuffer>[] }
  | { readonly kind: 'end' };

/** Messages from a thread: how many bytes it has processed, the call of `onContent`, and its result. */
export type FromThread =
  | { readonly kind: 'taken'; readonly bytes: number }
  | { readonly kind: 'content' }
  | { readonly kind: 'done'; readonly scan: LayerScan }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly suggestions: readonly Suggestion[];
    };

/** Bytes that are sent together, and bytes that may be sent but not yet processed. */
const [BATCH_BYTES, MAX_IN_FLIGHT_BYTES] = [256 * 1024, 1024 * 1024];

/** The result of a transfer. `broken`: the thread failed, or the transfer was stopped. */
type Result = Extract<FromThread, { kind: 'done' | 'failed' }> | { readonly kind: 'broken'; readonly error: unknown };

/** Sends one layer to a thread and waits for its scan. */
export class LayerTransfer {
  readonly #thread: Worker;
  readonly #layer: Layer;
  readonly #options: ScanOptions;
  #inFlight = 0;
  #result: Result | undefined;
  #wake = () => {};

  constructor(thread: Worker, layer: Layer, options: ScanOptions) {
    this.#thread = thread;
    this.#layer = layer;
    this.#options = options;
  }

  /** Runs the transfer. @throws UserError as `scanLayer`; the error of a thread that fails */
  async run(filter: ScanFilter, allowance: Allowance): Promise<LayerScan> {
    const { open: _, ...layer } = this.#layer;
    const { signal } = this.#options;
    const listen = (message: FromThread) => this.#receive(message);
    const fail = (error: unknown) => this.#settle({ kind: 'broken', error });
    const stop = () => fail(abortReason(signal));
    this.#thread.on('message', listen).once('error', fail);
    signal.addEventListener('abort', stop, { once: true });
    try {
      this.#post({ kind: 'layer', layer, filter: filter.toString(), allowance: allowance.bytes });
      await this.#send();
      return await this.#end();
    } finally {
      this.#thread.off('message', listen).off('error', fail);
      signal.removeEventListener('abort', stop);
    }
  }

  /** Sends the layer as fast as the thread processes it, until its end or until the thread has a result. */
  async #send(): Promise<void> {
    const { signal, onBytes } = this.#options;
    let chunks: Uint8Array<ArrayBuffer>[] = [];
    let length = 0;
    const send = () => {
      const buffers = chunks.map(({ buffer }) => buffer);
      this.#post({ kind: 'chunks', chunks }, buffers);
      this.#inFlight += length;
      [chunks, length] = [[], 0];
    };
    for await (const chunk of await this.#layer.open(signal, 'whole')) {
      if (signal.aborted) throw abortReason(signal);
      onBytes?.(chunk.length);
      chunks.push(withOwnMemory(chunk));
      length += chunk.length;
      if (length < BATCH_BYTES) continue;
      send();
      while (this.#inFlight >= MAX_IN_FLIGHT_BYTES && !this.#result) await this.#changed();
      if (this.#result) return;
    }
    if (length > 0) send();
    this.#post({ kind: 'end' });
  }

  async #end(): Promise<LayerScan> {
    while (!this.#result) await this.#changed();
    const result = this.#result;
    if (result.kind === 'broken') throw result.error;
    if (result.kind === 'failed') throw new UserError(result.code, result.message, result);
    const { operations, contents, texts } = result.scan;
    // A Buffer arrives as a Uint8Array.
    const buffers = [...contents].map(([position, bytes]) => [position, Buffer.from(bytes)] as const);
    return { operations, contents: new Map(buffers), texts };
  }

  #receive(message: FromThread): void {
    if (message.kind === 'taken') this.#inFlight -= message.bytes;
    else if (message.kind === 'content') this.#options.onContent?.();
    else this.#settle(message);
    this.#wake();
  }

  #settle(result: Result): void {
    this.#result ??= result;
    this.#wake();
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #post(message: ToThread, transfer: ArrayBuffer[] = []): void {
    this.#thread.postMessage(message, transfer);
  }
}

/** Returns a chunk that does not share its memory, so that it can be transferred. Most chunks do not; others are copied. */
function withOwnMemory(chunk: Buffer): Uint8Array<ArrayBuffer> {
  if (exclusiveBuffer(chunk)) return chunk as Buffer<ArrayBuffer>;
  const own = Buffer.allocUnsafeSlow(chunk.length);
  chunk.copy(own);
  return own;
}
