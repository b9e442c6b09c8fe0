import { readdir } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { expect, test } from 'vitest';
import { download } from '../../src/launcher/download.ts';
import type { Report } from '../../src/step/content.ts';
import { program, sha256 } from '../services/download-host.ts';
import { client } from '../services/http-client.ts';
import { startHttpServer } from '../services/http-server.ts';
import { temporaryFolder } from '../services/temporary.ts';

const { signal } = new AbortController();
const bytes = program(Buffer.alloc(300_000, 'launcher '));

/** A download from a server that sends parts of the launcher, as ranges ask for it. */
async function downloadFrom(send: (rest: Buffer, response: ServerResponse) => void, report?: Report) {
  const server = await startHttpServer((request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': bytes.length - start, ...(start > 0 && range) });
    send(bytes.subarray(start), response);
  });
  const folder = await temporaryFolder();
  const own = client({ attempts: 1, pace: { bytes: 50_000, period: 200 } });
  const target = path.join(folder, 'launcher');
  const request = { url: server.url, name: 'launcher', digest: sha256(bytes), target, client: own, signal, report };
  const failed = await download(request).catch((error) => error);
  return { failed, folder, asked: server.requests.length };
}

test('a download host that sends a few bytes a connection is given up, and what came is kept', async () => {
  const { failed, folder, asked } = await downloadFrom((rest, response) => {
    response.write(rest.subarray(0, 1000), () => response.destroy());
  });
  expect(failed).toMatchObject({ code: 'SPACECTL_UNREACHABLE' });
  expect(asked).toBe(3);
  expect(await readdir(folder)).toEqual([expect.stringMatching(/\.spacectl-part$/)]);
});

test('a download host that sends a byte at a time is given up at once: it would be no faster again', async () => {
  const { failed, asked } = await downloadFrom((rest, response) => {
    // More than counts as progress first.
    response.write(rest.subarray(0, 20_000));
    const timer = setInterval(() => response.write('.'), 5);
    response.once('close', () => clearInterval(timer));
  });
  expect(failed).toMatchObject({ code: 'SPACECTL_UNREACHABLE', message: expect.stringMatching(/sent only \d+ bytes/) });
  expect(asked).toBe(1);
});

test('How much has arrived is reported with the total, also after a broken connection', async () => {
  const reports: unknown[] = [];
  const report = (...progress: unknown[]) => void reports.push(progress);
  const { failed } = await downloadFrom((rest, response) => {
    response.write(rest.subarray(0, 100_000));
    // Late enough for a report. The first connection breaks off there; the second one sends the rest.
    const [next, isFirst] = [rest.subarray(100_000, 200_000), rest.length === bytes.length];
    setTimeout(() => response.write(next, () => isFirst && response.destroy()), 150);
  }, report);
  expect(failed).toEqual(bytes);
  expect(reports).toEqual([
    ['Received 0.2 of 0.3 MB', 'passing'],
    ['Received 0.3 of 0.3 MB', 'passing'],
  ]);
});
