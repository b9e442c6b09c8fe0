/** The program of a thread: scans layers whose bytes come through its port, one layer after the other. */

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
/** What has come and is not taken yet, and who waits for it. */
const waiting: (readonly Uint8Array<ArrayBuffer>[] | 'end')[] = [];
let wake = () => {};

port.on('message', (message: ToThread) => {
  if (message.kind === 'layer') scan(message);
  else {
    waiting.push(message.kind === 'pieces' ? message.pieces : 'end');
    wake();
  }
});

// The compiler of Node 20 sets about optimizing as soon as a layer is read, and takes a seventh of the processors' time for
// what is hardly used before all is done. Later ones wait by themselves, and do not know the flag.
if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=2000000');

/** Bytes of a heap that is worth cleaning up; the program itself takes half of that. */
const UNTIDY = 5 * 1024 * 1024;
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Nobody can stop it but who ends the thread. */
const { signal } = new AbortController();

async function scan({ layer, question, allowance }: Extract<ToThread, { kind: 'layer' }>): Promise<void> {
  const own: Layer = { ...layer, open: async () => bytes() };
  const onContent = () => tell({ kind: 'content' });
  const options = { signal, onContent, mayBlock: true };
  try {
    tell({ kind: 'done', scan: await scanLayer(own, ScanFilter.parse(question), { bytes: allowance }, options) });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, suggestions } = error;
    tell({ kind: 'failed', code, message, suggestions });
  }
  // Left to itself, the heap grows to three times of what is in use before anything is thrown away.
  if (getHeapStatistics().used_heap_size > UNTIDY) collectGarbage();
}

/** The bytes of the layer. A piece may still be unpacked while the next one is hashed, and is done with only after that. */
async function* bytes(): AsyncGenerator<Buffer> {
  let before: ArrayBuffer | undefined;
  for (;;) {
    const pieces = waiting.shift();
    if (pieces === 'end') return;
    let length = 0;
    for (const { buffer } of pieces ?? []) {
      yield Buffer.from(buffer);
      length += buffer.byteLength;
      if (before) freeMemory(before);
      before = buffer;
    }
    if (pieces) tell({ kind: 'taken', bytes: length });
    else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
}

function tell(message: FromThread): void {
  port.postMessage(message);
}
