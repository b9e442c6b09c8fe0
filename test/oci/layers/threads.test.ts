import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import type { Layer } from '../../../src/oci/index.ts';
import { ScanFilter } from '../../../src/oci/layers/filter.ts';
import { scanLayer } from '../../../src/oci/layers/scan.ts';
import { LayerThreads } from '../../../src/oci/layers/threads.ts';
import { type Blob, blob, file, hardlink, opaque, symlink, whiteout } from '../../services/image.ts';
import { buildTar } from '../../services/tar.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const BUNDLE = 'etc/ssl/certs/ca-certificates.crt';
const GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip';
const filter = new ScanFilter([`/${BUNDLE}`]);
const { signal } = new AbortController();
const PROGRAM = { program: pathToFileURL('dist/layer-worker.cjs'), eval: false };
const threads = new LayerThreads([], PROGRAM);
afterAll(() => threads.close());

/** A layer whose bytes come in pieces, slowly if it is told so. */
function layerOf({ bytes, digest, mediaType, size }: Blob, pause = async () => {}): Layer {
  async function* pieces() {
    for (let [at, length] = [0, 1]; at < bytes.length; at += length, length = (length * 7) % 70_001 || 1) {
      await pause();
      yield bytes.subarray(at, at + length);
    }
  }
  return { digest, mediaType, size, open: async () => pieces() };
}

/** What is read here and in a thread: what the layer says, or the error. */
async function both(layer: Blob) {
  const allowance = () => ({ bytes: 1e9 });
  const outcome = (error: { code: string; message: string }) => ({ code: error.code, message: error.message });
  return {
    here: await scanLayer(layerOf(layer), filter, allowance(), { signal }).catch(outcome),
    there: await threads.scan(layerOf(layer), filter, allowance(), { signal }).catch(outcome),
  };
}

const content = randomBytes(3_000_000);
const tar = buildTar([
  file('usr/lib/large.bin', content.toString('latin1')),
  file(BUNDLE, 'first'),
  symlink('etc/pki', '/opt/päkï'),
  hardlink('etc/ssl/cert.pem', BUNDLE),
  whiteout('etc/old'),
  opaque('opt'),
  file(BUNDLE, 'the last counts'),
]);
const packed = gzipSync(tar);
const zeros = Buffer.alloc(1000);

test.each<[string, Blob]>([
  ['as it should be', blob(GZIP, packed)],
  ['many members, and zeros after the last', blob(GZIP, Buffer.concat([...membersOf(tar), zeros]))],
  ['not compressed', blob(GZIP, tar)],
  ['empty', blob(GZIP, Buffer.alloc(0))],
  ['rubbish after the data', blob(GZIP, Buffer.concat([packed, Buffer.from('rubbish')]))],
  ['cut off', blob(GZIP, packed.subarray(0, -20_000))],
  ['another checksum', blob(GZIP, Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8)]))],
  ['another digest', { ...blob(GZIP, packed), digest: blob(GZIP, tar).digest }],
  ['larger than promised', { ...blob(GZIP, packed), size: 1000 }],
  ['encrypted', blob(`${GZIP}+encrypted`, packed)],
])('a thread reads a layer as it is read here: %s', async (_, layer) => {
  const { here, there } = await both(layer);
  expect(there).toEqual(here);
});

test('a thread that is stopped in the middle of a layer is ended, and the next layer gets another', async () => {
  const stop = new AbortController();
  let pieces = 0;
  const pause = async () => {
    pieces++;
    if (pieces === 10) stop.abort();
  };
  const reading = threads.scan(layerOf(blob(GZIP, packed), pause), filter, { bytes: 1e9 }, { signal: stop.signal });
  await expect(reading).rejects.toMatchObject({ code: 'SPACECTL_INTERRUPTED' });
  expect(pieces).toBe(10);
  const { here, there } = await both(blob(GZIP, packed));
  expect(there).toEqual(here);
});

test('a thread that fails before it has anything to do is not missed, and one at work says why', async () => {
  const program = path.join(await temporaryFolder(), 'broken.cjs');
  const fail = (words: string, after: number) => `setTimeout(() => { throw new Error('${words}'); }, ${after})`;
  await writeFile(
    program,
    `const idle = ${fail('idle', 100)};
     require('node:worker_threads').parentPort.once('message', () => { clearTimeout(idle); ${fail('at work', 500)}; });`,
  );
  const layer = layerOf({ ...blob(GZIP, packed), size: 3_000_000 });
  const failing = new LayerThreads([layer, layer], { program: pathToFileURL(program), eval: false });
  await expect(failing.scan(layer, filter, { bytes: 1e9 }, { signal })).rejects.toThrow('at work');
  await failing.close();
});

test('where stacks name lines of the sources, those of a thread do as well', async () => {
  const unreadable = Object.assign(new ScanFilter([]), { toString: () => 'not JSON' });
  const stackOf = (error: Error) => error.stack;
  const scan = async () => {
    const fresh = new LayerThreads([], PROGRAM);
    return fresh.scan(layerOf(blob(GZIP, packed)), unreadable, { bytes: 1e9 }, { signal }).catch(stackOf);
  };
  expect(await scan()).toMatch(/dist\/(?:layer-)?worker[^/]*\.cjs:/);
  process.setSourceMapsEnabled(true);
  try {
    expect(await scan()).toMatch(/\/src\/oci\/layers\/filter\.ts:\d+/);
  } finally {
    process.setSourceMapsEnabled(false);
  }
});

function membersOf(bytes: Buffer): Buffer[] {
  const members: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 100_000) members.push(gzipSync(bytes.subarray(at, at + 100_000)));
  return members;
}
