import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createHttpClient } from '../../../src/http/index.ts';
import { readBlob } from '../../../src/oci/registry/blob.ts';
import { createRepository } from '../../../src/oci/registry/repository.ts';
import { type Answer, asAsked, bytes, DIGEST, KIB, read, status, whole } from '../../services/blob-registry.ts';
import { startHttpServer } from '../../services/http-server.ts';

// Without jitter there would be no wait between attempts: this takes it all away.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(-0.5));
afterEach(() => void vi.restoreAllMocks());

test('a blob is requested at once, without a range', async () => {
  const { content, ranges, registry } = await read([asAsked()]);
  expect(content.equals(bytes)).toBe(true);
  expect(ranges).toEqual(['all']);
  expect(registry.requests[0]?.path).toBe(`/v2/x/blobs/${DIGEST}`);
});

test('where only the beginning may be needed, ranges double, and end with the blob', async () => {
  const { content, ranges } = await read([asAsked()], { mode: 'beginning' });
  expect(content.equals(bytes)).toBe(true);
  expect(ranges).toEqual(['bytes=0-65535', 'bytes=65536-196607', `bytes=196608-${bytes.length - 1}`]);
});

test('a blob that fits in the first range is requested without one', async () => {
  expect((await read([asAsked()], { mode: 'beginning', size: 64 * KIB })).ranges).toEqual(['all']);
  expect((await read([asAsked()], { mode: 'beginning', size: 64 * KIB + 1 })).ranges).toEqual([
    'bytes=0-65535',
    'bytes=65536-65536',
  ]);
});

test('a registry without ranges sends the whole, which is read once', async () => {
  const { content, ranges } = await read([whole()], { mode: 'beginning' });
  expect(content.equals(bytes)).toBe(true);
  expect(ranges).toEqual(['bytes=0-65535']);
});

test.each<[string, Answer]>([
  ['asks for the rest', asAsked()],
  ['skips what it has, of a registry without ranges', whole()],
  [
    'skips what it has, of a range that begins earlier',
    (_, response) => {
      response.writeHead(206, { 'content-range': `bytes 50000-${bytes.length - 1}/${bytes.length}` });
      response.end(bytes.subarray(50_000));
    },
  ],
])('a transfer that breaks goes on: %s', async (_, rest) => {
  const { content, ranges } = await read([asAsked(100_000), rest]);
  expect(content.equals(bytes)).toBe(true);
  expect(ranges).toEqual(['all', `bytes=100000-${bytes.length - 1}`]);
});

test('a transfer that breaks often, but moves on each time, is finished', async () => {
  const { content, ranges } = await read([...Array.from({ length: 12 }, () => asAsked(20_000)), asAsked()]);
  expect(content.equals(bytes)).toBe(true);
  expect(ranges).toHaveLength(13);
  expect(ranges.at(-1)).toBe(`bytes=240000-${bytes.length - 1}`);
});

test('a transfer that fails six times in a row without a byte is given up', async () => {
  const { code, ranges } = await read([asAsked(0)]);
  expect([code, ranges.length]).toEqual(['SPACECTL_UNREACHABLE', 6]);
  const five = await read([...Array.from({ length: 5 }, () => status(503)), asAsked()]);
  expect([five.code, five.content.equals(bytes), five.ranges.length]).toEqual(['read', true, 6]);
});

test('progress starts the count of failures again', async () => {
  const failures = (count: number) => Array.from({ length: count }, () => status(503));
  const { content, ranges } = await read([...failures(5), asAsked(20_000), ...failures(4), asAsked()]);
  expect(content.equals(bytes)).toBe(true);
  expect(ranges).toHaveLength(11);
  expect((await read([...failures(5), asAsked(20_000), status(503)])).ranges).toHaveLength(11);
});

test('a registry that sends a few bytes a connection is given up', async () => {
  const { code, ranges } = await read([asAsked(1000)]);
  expect([code, ranges.length]).toEqual(['SPACECTL_UNREACHABLE', 6]);
});

test('a registry that sends a byte at a time is given up at once: it would be no faster again', async () => {
  const drip: Answer = (_, response) => {
    response.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, 20_000));
    const timer = setInterval(() => response.write('.'), 5);
    response.once('close', () => clearInterval(timer));
  };
  const { code, ranges } = await read([drip], { pace: { bytes: 50_000, period: 200 } });
  expect([code, ranges.length]).toEqual(['SPACECTL_UNREACHABLE', 1]);
});

test('a range that is complete starts the count of failures again', async () => {
  const failures = Array.from({ length: 5 }, () => status(503));
  const { content, ranges } = await read([...failures, asAsked(), ...failures, asAsked()], { mode: 'beginning' });
  expect(content.equals(bytes)).toBe(true);
  expect(ranges).toHaveLength(13);
});

test('a blob that the registry does not have is an error that names it', async () => {
  const { code, message, ranges } = await read([status(404)]);
  expect([code, ranges]).toEqual(['SPACECTL_BAD_IMAGE', ['all']]);
  expect(message).toBe(`The registry does not have the blob ${DIGEST} that its manifest lists`);
});

test('a blob that may not be read is an error at once', async () => {
  const { code, ranges } = await read([status(403)]);
  expect([code, ranges]).toEqual(['SPACECTL_NOT_ALLOWED', ['all']]);
});

test('a range that is shorter than requested is followed by the next', async () => {
  const short: Answer = (_, response, { start, end }) => {
    response.writeHead(206, { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` });
    response.end(bytes.subarray(start, Math.min(end, start + 50_000)));
  };
  const { content } = await read([short, asAsked()], { mode: 'beginning' });
  expect(content.equals(bytes)).toBe(true);
});

test('when the user stops, nothing is requested again', async () => {
  const stopping = new AbortController();
  const registry = await startHttpServer(() => stopping.abort());
  const client = createHttpClient({ environment: {} });
  onTestFinished(() => client.close());
  const repository = createRepository(`${registry.url}/v2/x`, client, { credentials: undefined }, () => {});
  const reading = readBlob(repository, { digest: DIGEST, size: 1 }, stopping.signal).next();
  await expect(reading).rejects.toMatchObject({ code: 'SPACECTL_INTERRUPTED' });
  expect(registry.requests).toHaveLength(1);
});
