/** The program of a thread: surveys layers whose bytes come through its port, one layer after the other. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { UserError } from '../step/errors.ts';
import type { Layer } from './image.ts';
import { Interest } from './interest.ts';
import type { FromThread, ToThread } from './layer-threads.ts';
import { surveyLayer } from './survey.ts';

const port = parentPort as MessagePort;
/** What has come and is not taken yet, and who waits for it. */
const pieces: (Buffer | 'end')[] = [];
let wake = () => {};

port.on('message', (message: ToThread) => {
  if (message.kind === 'layer') survey(message);
  else {
    pieces.push(message.kind === 'piece' ? Buffer.from(message.buffer, 0, message.length) : 'end');
    wake();
  }
});

/** Nobody can stop it but who ends the thread. */
const { signal } = new AbortController();

async function survey({ layer, question, allowance }: Extract<ToThread, { kind: 'layer' }>): Promise<void> {
  const own: Layer = { ...layer, open: async () => bytes() };
  const onContent = () => tell({ kind: 'content' });
  const options = { signal, onContent, mayBlock: true };
  try {
    tell({ kind: 'done', survey: await surveyLayer(own, Interest.parse(question), { bytes: allowance }, options) });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, suggestions } = error;
    tell({ kind: 'failed', code, message, suggestions });
  }
}

/** The bytes of the layer. A piece may still be unpacked while the next one is hashed, and goes back only after that. */
async function* bytes(): AsyncGenerator<Buffer> {
  let before: Buffer | undefined;
  for (;;) {
    const piece = pieces.shift();
    if (piece === 'end') return;
    if (piece) {
      yield piece;
      if (before) giveBack(before.buffer as ArrayBuffer);
      before = piece;
    } else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
}

function giveBack(buffer: ArrayBuffer): void {
  tell({ kind: 'taken', buffer }, [buffer]);
}

function tell(message: FromThread, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}
