import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createHttpClient, type HttpClientOptions } from '../../../src/http/index.ts';
import { readBlob } from '../../../src/oci/registry/blob.ts';
import { createRepository } from '../../../src/oci/registry/repository.ts';
import { startHttpServer } from '../../services/http-server.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;
const KIB = 1024;
const bytes = randomBytes(300 * KIB);

// Without jitter there would be no wait between attempts: this takes it all away.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(-0.5));
afterEach(() => void vi.restoreAllMocks());

type Answer = (request: IncomingMessage, response: ServerResponse, range: { start: number; end: number }) => void;

/** Answers a range as RFC 9110, 14.2 and 15.3.7 say, or the whole. @param length how much of it before the line breaks */
const asAsked =
  (length?: number): Answer =>
  ({ headers }, response, { start, end }) => {
    const part = bytes.subarray(start, end);
    const range = { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` };
    response.writeHead(headers.range ? 206 : 200, { 'content-length': part.length, ...(headers.range && range) });
    send(response, part, length);
  };

/** Answers with the whole, as servers without ranges do. */
const whole =
  (length?: number): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    send(response, bytes, length);
  };

const status =
  (code: number): Answer =>
  (_, response) =>
    void response.writeHead(code).end('an error page '.repeat(200));

function send(response: ServerResponse, part: Buffer, length?: number): void {
  if (length === undefined) response.end(part);
  else response.write(part.subarray(0, length), () => response.destroy());
}

interface ReadOptions extends Pick<HttpClientOptions, 'pace'> {
  readonly mode?: 'whole' | 'beginning';
  readonly size?: number;
}

/** Reads a blob from a registry that gives these answers, the last again and again. */
async function read(answers: readonly Answer[], { mode = 'whole', size = bytes.length, pace }: ReadOptions = {}) {
  const left = [...answers];
  const registry = await startHttpServer((request, response) => {
    const [, start = '0', end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const range = { start: Number(start), end: end === undefined ? size : Number(end) + 1 };
    (left.length > 1 ? left.shift() : left[0])?.(request, response, range);
  });
  const client = createHttpClient({ environment: {}, attempts: 1, ...(pace && { pace }) });
  onTestFinished(() => client.close());
  const repository = createRepository(`${registry.url}/v2/x`, client, { credentials: undefined }, () => {});
  const chunks: Buffer[] = [];
  let code = 'read';
  let message = '';
  try {
    const { signal } = new AbortController();
    for await (const chunk of readBlob(repository, { digest: DIGEST, size }, signal, mode)) chunks.push(chunk);
  } catch (error) {
    ({ code, message } = error as { code: string; message: string });
  }
  const ranges = registry.requests.map(({ headers }) => headers.range ?? 'all');
  return { content: Buffer.concat(chunks), code, message, ranges, registry };
}

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

/** Ends the body early, and the connection in order: nothing but the size shows that something is missing. */
const short =
  (length: number, isRange = true): Answer =>
  (_, response, { start, end }) => {
    const range = { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` };
    if (start > 0 && isRange) response.writeHead(206, { ...range, connection: 'close' });
    else response.writeHead(200, { connection: 'close' });
    response.end(bytes.subarray(isRange ? start : 0, Math.min(end, (isRange ? start : 0) + length)));
  };

test('a body that ends early in order is resumed, too', async () => {
  const { content, ranges } = await read([short(100_000), short(50_000), asAsked()]);
  expect(content.equals(bytes)).toBe(true);
  expect(ranges).toEqual(['all', `bytes=100000-${bytes.length - 1}`, `bytes=150000-${bytes.length - 1}`]);
});

/** Answers a range with another part of the blob. */
const part =
  (first: number, range: string | undefined): Answer =>
  (_, response) =>
    void response.writeHead(206, range === undefined ? {} : { 'content-range': range }).end(bytes.subarray(first));

// 416: RFC 9110, 15.5.17; google/go-containerregistry's own registry sends it for ranges that it cannot parse
// (anchore/stereoscope#695). 501: RFC 9110, 15.6.2. The others: gateways that know no ranges. A part that begins elsewhere
// must not be used (RFC 9110, 15.3.7.1; containers/image, docker/body_reader.go, v5.37).
test.each<[string, Answer]>([
  ...[400, 405, 406, 411, 412, 413, 415, 416, 417, 422, 431, 501, 505].map(
    (code) => [`with ${code}`, status(code)] as [string, Answer],
  ),
  ['with a part that begins later', part(200_000, `bytes 200000-${bytes.length - 1}/${bytes.length}`)],
  ['with a part that does not say where it begins', part(100_000, undefined)],
  ['with a part that says it in other words', part(100_000, 'chunks 100000-')],
  [
    'with several parts',
    (_, response) => void response.writeHead(206, { 'content-type': 'multipart/byteranges; boundary=x' }).end('--x--'),
  ],
])('a resume that is refused %s is followed by the whole blob, which is skipped up to there', async (_, refusal) => {
  for (const cut of [asAsked(100_000), short(100_000)]) {
    const { content, code, ranges } = await read([cut, refusal, whole()]);
    expect([code, content.equals(bytes)]).toEqual(['read', true]);
    expect(ranges).toEqual(['all', `bytes=100000-${bytes.length - 1}`, 'all']);
  }
});

test('a registry that refuses ranges is not asked for one again', async () => {
  const { content, ranges } = await read([asAsked(100_000), status(416), whole(200_000), whole()]);
  expect(content.equals(bytes)).toBe(true);
  expect(ranges).toEqual(['all', `bytes=100000-${bytes.length - 1}`, 'all', 'all']);
  const beginning = await read([status(501), whole()], { mode: 'beginning' });
  expect([beginning.content.equals(bytes), beginning.ranges]).toEqual([true, ['bytes=0-65535', 'all']]);
});

test.each<[string, readonly Answer[], number, number]>([
  ['and refuses ranges', [short(100_000, false), status(416), short(100_000, false)], 100_000, 4],
  ['whatever is asked for', [short(100_000, false)], 100_000, 3],
  ['with nothing in it', [short(0, false)], 0, 3],
])(
  'a blob that is shorter at the registry itself is not asked for again and again: %s',
  async (_, answers, at, count) => {
    const { content, code, message, ranges, registry } = await read(answers);
    expect([content.length, code, ranges.length]).toEqual([at, 'SPACECTL_UNREACHABLE', count]);
    expect(message).toBe(`The blob ${DIGEST} from ${registry.host} ended early, after ${at} of ${bytes.length} bytes`);
  },
);

test('a blob that breaks at the same place each time says how far it came, and why', async () => {
  const { code, message, registry } = await read([asAsked(100_000), asAsked(0)]);
  expect(code).toBe('SPACECTL_UNREACHABLE');
  expect(message).toBe(
    `The blob ${DIGEST} ended early, after 100000 of ${bytes.length} bytes. Cannot reach ${registry.host}: the connection was closed before the response was complete`,
  );
});

test('a part that was not asked for is not taken for the beginning', async () => {
  const { code, ranges, content } = await read([part(5000, `bytes 5000-${bytes.length - 1}/${bytes.length}`)]);
  expect([code, ranges.length, content.length]).toEqual(['SPACECTL_UNREACHABLE', 6, 0]);
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
