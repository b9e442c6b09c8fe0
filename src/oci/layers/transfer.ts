import type { Worker } from 'node:worker_threads';
import { abortReason, type ErrorCode, UserError } from '../../core/errors.ts';
import { exclusiveBuffer } from '../../core/free-memory.ts';
import type { Layer } from '../image.ts';
import type { ScanFilter } from './filter.ts';
import type { Allowance, LayerScan, ScanOptions } from './scan.ts';

/** What a thread is told: which layer comes, its bytes, and that there are no more. */
export type ToThread =
  | {
      readonly kind: 'layer';
      readonly layer: Omit<Layer, 'open'>;
      readonly question: string;
      readonly allowance: number;
    }
  | { readonly kind: 'pieces'; readonly pieces: readonly Uint8Array<ArrayBuffer>[] }
  | { readonly kind: 'end' };

/** What it says: how many bytes it has dealt with, what `onContent` is for, and how it ended. */
export type FromThread =
  | { readonly kind: 'taken'; readonly bytes: number }
  | { readonly kind: 'content' }
  | { readonly kind: 'done'; readonly scan: LayerScan }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly suggestions: readonly string[];
    };

/** Bytes that are sent together, and that may be on their way. */
const [BATCH_BYTES, MAX_IN_FLIGHT_BYTES] = [256 * 1024, 1024 * 1024];

/** How it ended. `broken`: not by what the layer holds. */
type Verdict = Extract<FromThread, { kind: 'done' | 'failed' }> | { readonly kind: 'broken'; readonly error: unknown };

/** One layer on its way through a thread. */
export class LayerTransfer {
  readonly #thread: Worker;
  readonly #layer: Layer;
  readonly #options: ScanOptions;
  #inFlight = 0;
  #verdict: Verdict | undefined;
  #wake = () => {};

  constructor(thread: Worker, layer: Layer, options: ScanOptions) {
    this.#thread = thread;
    this.#layer = layer;
    this.#options = options;
  }

  /** @throws UserError as `scanLayer`; what breaks the thread */
  async run(filter: ScanFilter, allowance: Allowance): Promise<LayerScan> {
    const { open: _, ...layer } = this.#layer;
    const { signal } = this.#options;
    const listen = (message: FromThread) => this.#hear(message);
    const breakOff = (error: unknown) => this.#settle({ kind: 'broken', error });
    const stop = () => breakOff(abortReason(signal));
    this.#thread.on('message', listen).once('error', breakOff);
    signal.addEventListener('abort', stop, { once: true });
    try {
      this.#tell({ kind: 'layer', layer, question: filter.toString(), allowance: allowance.bytes });
      await this.#feed();
      return await this.#end();
    } finally {
      this.#thread.off('message', listen).off('error', breakOff);
      signal.removeEventListener('abort', stop);
    }
  }

  /** Sends the layer, as fast as it is taken in, until its end or until the thread has said its last word. */
  async #feed(): Promise<void> {
    const { signal, onBytes } = this.#options;
    let pieces: Uint8Array<ArrayBuffer>[] = [];
    let length = 0;
    const send = () => {
      const buffers = pieces.map(({ buffer }) => buffer);
      this.#tell({ kind: 'pieces', pieces }, buffers);
      this.#inFlight += length;
      [pieces, length] = [[], 0];
    };
    for await (const piece of await this.#layer.open(signal, 'whole')) {
      if (signal.aborted) throw abortReason(signal);
      onBytes?.(piece.length);
      pieces.push(onItsOwn(piece));
      length += piece.length;
      if (length < BATCH_BYTES) continue;
      send();
      while (this.#inFlight >= MAX_IN_FLIGHT_BYTES && !this.#verdict) await this.#changed();
      if (this.#verdict) return;
    }
    if (length > 0) send();
    this.#tell({ kind: 'end' });
  }

  async #end(): Promise<LayerScan> {
    while (!this.#verdict) await this.#changed();
    const verdict = this.#verdict;
    if (verdict.kind === 'broken') throw verdict.error;
    if (verdict.kind === 'failed') throw new UserError(verdict.code, verdict.message, verdict);
    const { operations, contents } = verdict.scan;
    // A Buffer comes over as a plain array of bytes.
    const buffers = [...contents].map(([position, bytes]) => [position, Buffer.from(bytes)] as const);
    return { operations, contents: new Map(buffers) };
  }

  #hear(message: FromThread): void {
    if (message.kind === 'taken') this.#inFlight -= message.bytes;
    else if (message.kind === 'content') this.#options.onContent?.();
    else this.#settle(message);
    this.#wake();
  }

  #settle(verdict: Verdict): void {
    this.#verdict ??= verdict;
    this.#wake();
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #tell(message: ToThread, transfer: ArrayBuffer[] = []): void {
    this.#thread.postMessage(message, transfer);
  }
}

/** The piece itself if it has its memory to itself, as it mostly has: then it can be given away. */
function onItsOwn(piece: Buffer): Uint8Array<ArrayBuffer> {
  if (exclusiveBuffer(piece)) return piece as Buffer<ArrayBuffer>;
  const own = Buffer.allocUnsafeSlow(piece.length);
  piece.copy(own);
  return own;
}
