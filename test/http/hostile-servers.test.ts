import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { readBody } from '../../src/http/index.ts';
import { client } from '../services/http-client.ts';

const { signal } = new AbortController();

/** A server that does with each connection, after its request, what it likes. */
async function startServer(act: (socket: Socket) => void): Promise<{ url: string; connections: () => number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => act(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    connections: () => sockets.size,
  };
}

/** Sends a text first, and then another one again and again. */
const drip =
  (first: string, text: string, every = 5) =>
  (socket: Socket) => {
    socket.write(first);
    const timer = setInterval(() => socket.write(text), every);
    socket.once('close', () => clearInterval(timer));
  };

const OK = 'HTTP/1.1 200 OK\r\n';
const LIMITS = { headTimeout: 400, totalTimeout: 1_500, idleTimeout: 1_000, pace: { bytes: 10_000, period: 300 } };
const SLOW = /it sent only \d+ bytes in 0\.3 seconds$/;
const LONG = /it did not finish its answer within 1\.5 seconds$/;
const LATE = /timed out$/;

test.each<[string, (socket: Socket) => void, RegExp]>([
  ['one byte of the body at a time', drip(`${OK}Content-Length: 1000000\r\n\r\n`, '.'), SLOW],
  ['one byte of the body at a time, without a length', drip(`${OK}\r\n`, '.'), SLOW],
  ['one tiny chunk at a time', drip(`${OK}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n.\r\n'), SLOW],
  ['several tiny chunks at a time', drip(`${OK}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n.\r\n'.repeat(20)), SLOW],
  ['a chunk extension that never ends', drip(`${OK}Transfer-Encoding: chunked\r\n\r\n1;`, 'x'), SLOW],
  ['trailers that never end', drip(`${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n`, 'a: b\r\n', 50), SLOW],
  ['a body that is fast and never ends', drip(`${OK}\r\n`, 'x'.repeat(20_000)), LONG],
  ['one byte of a header at a time', drip(`${OK}X-Slow: `, 'x'), LATE],
  ['one byte of the status line at a time', drip('HTTP/1.1 200 ', 'O', 20), LATE],
  ['an interim response now and then', drip('', 'HTTP/1.1 102 Processing\r\n\r\n', 100), LATE],
  ['nothing at all', () => {}, LATE],
  ['nothing after the headers', (socket) => void socket.write(`${OK}Content-Length: 5\r\n\r\n`), SLOW],
])('A server that sends %s is given up', async (_, act, message) => {
  const { url, connections } = await startServer(act);
  const read = async () => {
    const response = await client({ ...LIMITS, attempts: 1 }).request({ url, signal });
    return readBody(response, { limit: Number.POSITIVE_INFINITY });
  };
  await expect(read()).rejects.toMatchObject({ code: 'SPACECTL_UNREACHABLE', message: expect.stringMatching(message) });
  expect(connections()).toBe(1);
});

test('A reader that is busy for long does not make the server slow', async () => {
  const body = Buffer.alloc(8_000_000, 'x');
  const { url } = await startServer((socket) => {
    socket.write(`${OK}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`);
    socket.write(body);
  });
  const own = client({ ...LIMITS, totalTimeout: 30_000, attempts: 1 });
  const response = await own.request({ url, signal });
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Longer than a period, in which nothing is read.
    if (size < 300_000) await new Promise((resolve) => setTimeout(resolve, 400));
  }
  expect(size).toBe(body.length);
});

test('An answer that is small and takes its time is no slow one, as long as it ends', async () => {
  const { url } = await startServer((socket) => {
    socket.write(`${OK}Content-Length: 2\r\n\r\no`);
    setTimeout(() => socket.write('k'), 100);
  });
  const response = await client({ ...LIMITS, attempts: 1 }).request({ url, signal });
  expect((await readBody(response, { limit: 10 })).toString()).toBe('ok');
});
