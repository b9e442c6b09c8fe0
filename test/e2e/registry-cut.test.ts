import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { type HttpServer, startHttpServer } from '../services/http-server.ts';
import { buildImage, file } from '../services/image.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** Large enough for a thread, which hashes what it gets. */
const LAYER_BYTES = 4_000_000;

/** Serves an image whose layer ends early, in order, each time or once; ranges are answered or ignored. */
async function startCuttingRegistry(times: number, hasRanges: boolean): Promise<HttpServer & { size: number }> {
  const bundle = await readFile('/etc/ssl/certs/ca-certificates.crt');
  const entries = [file('etc/ssl/certs/ca-certificates.crt', bundle), file('usr/lib/x', randomBytes(LAYER_BYTES))];
  const { manifest, config, layers } = buildImage({
    platform: { os: 'linux', architecture: 'amd64' },
    layers: [entries],
  });
  const [layer] = layers;
  let left = times;
  const server = await startHttpServer(({ url, headers }, response) => {
    const name = url?.split('/').at(-1);
    const found = [config, ...layers].find(({ digest }) => digest === name) ?? manifest;
    const [, start = 0] = (hasRanges && /^bytes=(\d+)-/.exec(headers.range ?? '')) || [];
    const bytes = found.bytes.subarray(Number(start));
    const range = { 'content-range': `bytes ${start}-${found.size - 1}/${found.size}` };
    const isCut = found === layer && left-- > 0;
    response.writeHead(Number(start) > 0 ? 206 : 200, { connection: 'close', ...(Number(start) > 0 && range) });
    response.end(isCut ? bytes.subarray(0, 3_000_000) : bytes);
  });
  return { ...server, size: layer?.size ?? 0 };
}

async function build({ host }: HttpServer) {
  const folder = await temporaryFolder();
  const flags = ['--dir', folder, '--ca', path.resolve('docs/example-ca.pem'), '--image', `${host}/runner`];
  return spacectl(['ca-bundle', 'build', '--source', 'registry', '--no-cache', ...flags], { env: { HOME: folder } });
}

testWith()('a layer that ends early is resumed, or fetched whole where the registry knows no ranges', async () => {
  for (const hasRanges of [true, false]) {
    const registry = await startCuttingRegistry(1, hasRanges);
    expect(await build(registry)).toMatchObject({ exitCode: 0 });
    const ranges = registry.requests.flatMap(({ headers }) => headers.range ?? []);
    expect(ranges).toEqual([`bytes=3000000-${registry.size - 1}`]);
  }
});

testWith()('a layer that ends early each time is said to end early, not to be altered', async () => {
  const registry = await startCuttingRegistry(99, false);
  const { exitCode, stderr } = await build(registry);
  expect(exitCode).toBe(69);
  expect(String(stderr).replace(/\s+/g, ' ')).toContain(`ended early, after 3000000 of ${registry.size} bytes`);
  expect(stderr).not.toMatch(/alter|digest/);
});
