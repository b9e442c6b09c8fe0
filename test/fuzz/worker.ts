import { parentPort, workerData } from 'node:worker_threads';
import { countAllocations } from './allocations.ts';
import { faultOf, inputOf, type Target } from './target.ts';

/** What a thread is to do. */
export interface Order {
  readonly name: string;
  readonly seed: string;
  /** The numbers of the inputs: from the first up to the second, which is not tried. */
  readonly from: number;
  readonly to: number;
  /** One input to try instead. */
  readonly input?: Uint8Array;
  /** [number of the present input, its length], and its bytes: readable while the thread is busy. */
  readonly progress: Int32Array;
  readonly bytes: Uint8Array;
}

/** What a thread reports: an input with a fault, or that it is done. */
export type Report =
  | { readonly kind: 'fault'; readonly index: number; readonly fault: string; readonly input: Uint8Array }
  | { readonly kind: 'done'; readonly refused: number; readonly slowest: number };

/** More bytes than any parser needs for an input of some kilobytes. */
const MAX_ALLOCATED = 192 * 1024 * 1024;

/** Tries the inputs that this thread was started for. */
export async function tryInputs(target: Target): Promise<void> {
  const { name, seed, from, to, input: only, progress, bytes } = workerData as Order;
  const post = (report: Report) => parentPort?.postMessage(report);
  const allocated = countAllocations();
  let [refused, slowest] = [0, 0];
  for (let index = from; index < to; index++) {
    const input = only ? Buffer.from(only) : inputOf(target, name, seed, index);
    bytes.set(input.subarray(0, bytes.length));
    Atomics.store(progress, 1, Math.min(input.length, bytes.length));
    Atomics.store(progress, 0, index);
    const before = allocated();
    const start = performance.now();
    let fault: string | undefined;
    try {
      await target.parse(Buffer.from(input));
      if (target.isRefused && index < target.seeds.length) fault = 'a seed that should be refused is accepted';
    } catch (error) {
      refused++;
      fault = faultOf(error, target);
      const isSeed = !only && index < target.seeds.length && !target.isRefused;
      if (isSeed) fault ??= `a seed is refused: ${(error as Error).message}`;
    }
    slowest = Math.max(slowest, performance.now() - start);
    const used = allocated() - before;
    if (used > MAX_ALLOCATED) fault ??= `it asked for ${used} bytes of memory`;
    if (fault !== undefined) post({ kind: 'fault', index, fault, input });
  }
  post({ kind: 'done', refused, slowest });
}
