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
  | { readonly kind: 'piece'; readonly buffer: ArrayBuffer; readonly length: number }
  | { readonly kind: 'end' };

/** What it says: that a buffer can be filled again, what `onContent` is for, and how it ended. */
export type FromThread =
  | { readonly kind: 'taken'; readonly buffer: ArrayBuffer }
  | { readonly kind: 'content' }
  | { readonly kind: 'done'; readonly survey: Survey }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly suggestions: readonly string[];
    };

/** One is unpacked, one waits for that, one is filled; bytes of each. */
const [BUFFERS, PIECE] = [3, 256 * 1024];
/** Bytes below which a layer is read before a thread has started. */
const WORTH_A_THREAD = 2 * 1024 * 1024;

/** Where the bundled program has it; there is none among the sources, where layers are read without. */
const PROGRAM = new URL('./layer-worker.js', import.meta.url);

/**
 * Threads that unpack, hash and search layers while this one talks to the registry: the two halves of the work take about
 * as long as each other. Bytes go over in buffers that come back, so that little is left for the garbage collector.
 */
export class LayerThreads {
  readonly #program: URL;
  readonly #isThere: boolean;
  readonly #idle: Worker[] = [];

  /** @param program what threads run, if not what is beside this file */
  constructor(program = PROGRAM) {
    this.#program = program;
    this.#isThere = existsSync(fileURLToPath(program));
  }

  /** Whether a layer is better read by a thread. */
  isWorthwhile({ size }: Layer): boolean {
    return this.#isThere && size >= WORTH_A_THREAD;
  }

  /** The same as `surveyLayer`, which it leaves to a thread. */
  async survey(layer: Layer, interest: Interest, allowance: Allowance, options: SurveyOptions): Promise<Survey> {
    refuseUnreadable(layer);
    const thread = this.#idle.pop() ?? this.#start();
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

  #start(): Worker {
    // Left to itself, a thread takes three times the memory, and is no faster.
    return new Worker(this.#program, { resourceLimits: { maxYoungGenerationSizeMb: 4 } });
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
  readonly #free = Array.from({ length: BUFFERS }, () => new ArrayBuffer(PIECE));
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
    let buffer: Buffer | undefined;
    let filled = 0;
    const send = () => {
      const own = buffer?.buffer as ArrayBuffer;
      this.#tell({ kind: 'piece', buffer: own, length: filled }, [own]);
      [buffer, filled] = [undefined, 0];
    };
    for await (const piece of await this.#layer.open(signal, 'whole')) {
      if (signal.aborted) throw abortion(signal);
      onBytes?.(piece.length);
      for (let at = 0; at < piece.length; ) {
        buffer ??= await this.#nextFree();
        if (this.#verdict || !buffer) return;
        const copied = piece.copy(buffer, filled, at);
        at += copied;
        filled += copied;
        if (filled === buffer.length) send();
      }
    }
    if (filled > 0) send();
    this.#tell({ kind: 'end' });
  }

  async #nextFree(): Promise<Buffer | undefined> {
    while (this.#free.length === 0 && !this.#verdict) await this.#changed();
    const free = this.#free.pop();
    return free && Buffer.from(free);
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
    if (message.kind === 'taken') this.#free.push(message.buffer);
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
