/** The program of a thread: scans layers, one after the other, whose bytes come through its port. */

import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type MessagePort, parentPort } from 'node:worker_threads';
import { UserError } from '../../core/errors.ts';
import { freeMemory } from '../../core/free-memory.ts';
import type { Layer } from '../image.ts';
import { ScanFilter } from './filter.ts';
import { scanLayer } from './scan.ts';
import type { FromThread, ToThread } from './transfer.ts';

const port = parentPort as MessagePort;
/** Messages that are not processed yet, and the callback that waits for one. */
const waiting: (readonly Uint8Array<ArrayBuffer>[] | 'end')[] = [];
let wake = () => {};

port.on('message', (message: ToThread) => {
  if (message.kind === 'layer') scan(message);
  else {
    waiting.push(message.kind === 'chunks' ? message.chunks : 'end');
    wake();
  }
});

// The compiler of Node 20 starts to optimize as soon as a layer is read. That takes a seventh of the processor time, and the
// result is hardly used before the work is done. Later versions wait, and do not have the flag.
if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=2000000');

/** Bytes of the heap from which garbage is collected after a layer; the program itself takes half of that. */
const GC_THRESHOLD_BYTES = 5 * 1024 * 1024;
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Never aborted: the thread is terminated instead. */
const { signal } = new AbortController();

async function scan({ layer, filter, allowance }: Extract<ToThread, { kind: 'layer' }>): Promise<void> {
  const own: Layer = { ...layer, open: async () => bytes() };
  const onContent = () => post({ kind: 'content' });
  const options = { signal, onContent, mayBlock: true };
  try {
    post({ kind: 'done', scan: await scanLayer(own, ScanFilter.parse(filter), { bytes: allowance }, options) });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, suggestions } = error;
    post({ kind: 'failed', code, message, suggestions });
  }
  // By default, the heap grows to three times the memory in use before garbage is collected.
  if (getHeapStatistics().used_heap_size > GC_THRESHOLD_BYTES) collectGarbage();
}

/** Yields the bytes of the layer. A chunk may still be unpacked while the next one is hashed, and is freed only then. */
async function* bytes(): AsyncGenerator<Buffer> {
  let before: ArrayBuffer | undefined;
  for (;;) {
    const chunks = waiting.shift();
    if (chunks === 'end') return;
    let length = 0;
    for (const { buffer } of chunks ?? []) {
      yield Buffer.from(buffer);
      length += buffer.byteLength;
      if (before) freeMemory(before);
      before = buffer;
    }
    if (chunks) post({ kind: 'taken', bytes: length });
    else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
}

function post(message: FromThread): void {
  port.postMessage(message);
}
