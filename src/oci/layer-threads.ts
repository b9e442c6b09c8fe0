import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { abortion, type ErrorCode, UserError } from '../step/errors.ts';
import type { Layer } from './image.ts';
import type { Interest } from './interest.ts';
import { refuseUnreadable } from './readable-layer.ts';
import type { Allowance, Survey, SurveyOptions } from './survey.ts';

/** What a thread is told: which layer comes, its bytes, and that there are no more. */
export type ToThread =
  | {
      readonly kind: 'layer';
      readonly layer: Omit<Layer, 'open'>;
      readonly question: string;
      readonly allowance: number;
    }
  | { readonly kind: 'bytes'; readonly pieces: readonly ArrayBuffer[] }
  | { readonly kind: 'end' };

/** What it says: how many bytes it has taken in, what `onContent` is for, and how it ended. */
export type FromThread =
  | { readonly kind: 'taken'; readonly bytes: number }
  | { readonly kind: 'content' }
  | { readonly kind: 'done'; readonly survey: Survey }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly suggestions: readonly string[];
    };

/** Bytes that are sent at a time, and that may be on their way. */
const [SHIPMENT, MOST_UNDERWAY] = [256 * 1024, 1024 * 1024];
/** Bytes below which a layer is read before a thread has started. */
const WORTH_A_THREAD = 2 * 1024 * 1024;

/** Where the bundled program has it; there is none among the sources, where layers are read without. */
const PROGRAM = new URL('./layer-worker.js', import.meta.url);

/**
 * Threads that unpack, hash and search layers while this one talks to the registry: the two halves of the work take about
 * as long as each other. Bytes are handed over and not copied: what comes in is garbage there, where there is little else.
 */
export class LayerThreads {
  readonly #isThere = existsSync(fileURLToPath(PROGRAM));
  readonly #idle: Worker[] = [];

  /** Whether a layer is better read by a thread. */
  isWorthwhile({ size }: Layer): boolean {
    return this.#isThere && size >= WORTH_A_THREAD;
  }

  /** The same as `surveyLayer`, which it leaves to a thread. */
  async survey(layer: Layer, interest: Interest, allowance: Allowance, options: SurveyOptions): Promise<Survey> {
    refuseUnreadable(layer);
    const thread = this.#idle.pop() ?? new Worker(PROGRAM);
    try {
      const survey = await new Feeding(thread, layer, options).run(interest, allowance);
      for (const { length } of survey.contents.values()) allowance.bytes -= length;
      this.#idle.push(thread);
      return survey;
    } catch (error) {
      // What it has been given of this layer must not be taken for the next one.
      await thread.terminate();
      throw error;
    }
  }

  /** Ends the threads that are not at work; those that are end with their work's signal. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((thread) => thread.terminate()));
  }
}

/** How it ended. `broken`: not by what the layer holds. */
type Verdict = Extract<FromThread, { kind: 'done' | 'failed' }> | { readonly kind: 'broken'; readonly error: unknown };

/** One layer on its way through a thread. */
class Feeding {
  readonly #thread: Worker;
  readonly #layer: Layer;
  readonly #options: SurveyOptions;
  #underway = 0;
  #verdict: Verdict | undefined;
  #wake = () => {};

  constructor(thread: Worker, layer: Layer, options: SurveyOptions) {
    this.#thread = thread;
    this.#layer = layer;
    this.#options = options;
  }

  async run(interest: Interest, allowance: Allowance): Promise<Survey> {
    const { open: _, ...layer } = this.#layer;
    const { signal } = this.#options;
    const listen = (message: FromThread) => this.#hear(message);
    const breakOff = (error: unknown) => this.#settle({ kind: 'broken', error });
    const stop = () => breakOff(abortion(signal));
    this.#thread.on('message', listen).once('error', breakOff);
    signal.addEventListener('abort', stop, { once: true });
    try {
      this.#tell({ kind: 'layer', layer, question: interest.toString(), allowance: allowance.bytes });
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
    let pieces: ArrayBuffer[] = [];
    let size = 0;
    const send = () => {
      this.#underway += size;
      this.#tell({ kind: 'bytes', pieces }, pieces);
      [pieces, size] = [[], 0];
    };
    for await (const piece of await this.#layer.open(signal, 'whole')) {
      if (signal.aborted) throw abortion(signal);
      onBytes?.(piece.length);
      pieces.push(bufferOf(piece));
      size += piece.length;
      if (size < SHIPMENT) continue;
      send();
      while (this.#underway > MOST_UNDERWAY && !this.#verdict) await this.#changed();
      if (this.#verdict) return;
    }
    send();
    this.#tell({ kind: 'end' });
  }

  async #end(): Promise<Survey> {
    while (!this.#verdict) await this.#changed();
    const verdict = this.#verdict;
    if (verdict.kind === 'broken') throw verdict.error;
    if (verdict.kind === 'failed') throw new UserError(verdict.code, verdict.message, verdict);
    const { operations, contents } = verdict.survey;
    // A Buffer comes over as a plain array of bytes.
    const buffers = [...contents].map(([position, bytes]) => [position, Buffer.from(bytes)] as const);
    return { operations, contents: new Map(buffers) };
  }

  #hear(message: FromThread): void {
    if (message.kind === 'taken') this.#underway -= message.bytes;
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

/** What a piece is in, if it is alone in it, or else a copy. */
function bufferOf({ buffer, byteOffset, byteLength }: Buffer): ArrayBuffer {
  const isAlone = byteLength === buffer.byteLength;
  return (isAlone ? buffer : buffer.slice(byteOffset, byteOffset + byteLength)) as ArrayBuffer;
}
