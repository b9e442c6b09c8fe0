import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { redact } from '../../src/core/secrets.ts';
import { LONGEST_TRANSFER, readBody } from '../../src/http/index.ts';
import { client, textOf } from '../services/http-client.ts';
import { startHttpServer } from '../services/http-server.ts';

const { signal } = new AbortController();

test('a compressed body is handed on as it is', async () => {
  const bytes = gzipSync('hello');
  const server = await startHttpServer((_, response) => response.setHeader('content-encoding', 'gzip').end(bytes));
  const response = await client().request({ url: server.url, signal });
  expect(await readBody(response, { limit: 1000 })).toEqual(bytes);
  expect(server.requests[0]?.headers['accept-encoding']).toBe('identity');
});

test('large bodies, one after the other on one connection, come as they were sent, to a slow reader too', async () => {
  const bytes = randomBytes(3_000_000);
  const sockets = new Set<unknown>();
  const server = await startHttpServer(({ url, socket }, response) => {
    sockets.add(socket);
    if (url === '/framed')
      for (let at = 0; at < bytes.length; at += 70_001) response.write(bytes.subarray(at, at + 70_001));
    else response.setHeader('content-length', bytes.length).write(bytes);
    response.end();
  });
  const { request } = client();
  for (const each of ['whole', 'framed', 'whole', 'framed', 'whole']) {
    const { body } = await request({ url: `${server.url}/${each}`, signal });
    const pieces: Buffer[] = [];
    for await (const piece of body) {
      pieces.push(piece);
      if (pieces.length % 8 === 0) await pause(2);
    }
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  }
  expect(sockets.size).toBe(1);
});

test('a body larger than its limit is refused', async () => {
  const server = await startHttpServer((_, response) => response.end('x'.repeat(2000)));
  const response = await client().request({ url: server.url, signal });
  await expect(textOf(response)).rejects.toMatchObject({ code: 'SPACECTL_BAD_DATA' });
});

test('an error names host and reason where nothing listens and where no such host exists', async () => {
  const refused = client().request({ url: 'http://127.0.0.1:1/x', signal });
  await expect(refused).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: 'Cannot reach 127.0.0.1:1: connection refused',
  });
  const unknown = client().request({ url: 'http://no-such-host.invalid/', signal });
  await expect(unknown).rejects.toThrow(/^Cannot reach no-such-host.invalid: (no such host|the host name cannot)/);
});

test('a request stops when the user does, before, while waiting for an answer, and between two attempts', async () => {
  const server = await startHttpServer(({ url }, response) => {
    if (url === '/busy') response.writeHead(503).end();
    else controller.abort();
  });
  let controller = new AbortController();
  await expect(client().request({ url: server.url, signal: controller.signal })).rejects.toMatchObject({
    code: 'SPACECTL_INTERRUPTED',
  });
  const early = new AbortController();
  const begun = client().request({ url: `${server.url}/never`, signal: early.signal });
  early.abort();
  await expect(begun).rejects.toMatchObject({ code: 'SPACECTL_INTERRUPTED' });
  expect(server.requests).toHaveLength(1);
  const aborted = client().request({ url: server.url, signal: controller.signal });
  await expect(aborted).rejects.toMatchObject({ code: 'SPACECTL_INTERRUPTED' });
  controller = new AbortController();
  const wait = async () => controller.abort();
  const waiting = client({ wait }).request({ url: `${server.url}/busy`, signal: controller.signal });
  await expect(waiting).rejects.toMatchObject({ code: 'SPACECTL_INTERRUPTED' });
});

test('a runner image of 4 GB has the time that it takes at 300 KB a second, and no more than a working day', () => {
  expect((LONGEST_TRANSFER / 1000) * 300_000).toBeGreaterThan(4_000_000_000);
  expect(LONGEST_TRANSFER).toBeLessThan(8 * 60 * 60 * 1000);
});

test('plain HTTP needs no CA certificates: a file of them that is gone does not matter', async () => {
  const server = await startHttpServer((_, response) => response.end('open'));
  const own = client({ environment: { SSL_CERT_FILE: '/nonexistent/ca.pem' } });
  expect(await textOf(await own.request({ url: server.url, signal }))).toBe('open');
  await expect(own.request({ url: server.url.replace('http:', 'https:'), signal })).rejects.toMatchObject({
    code: 'SPACECTL_CANNOT_READ',
  });
});

test('closing a client closes the connections that it keeps', async () => {
  const sockets = new Set<Socket>();
  const server = await startHttpServer(({ socket }, response) => {
    sockets.add(socket);
    response.end('done');
  });
  const own = client();
  expect(await textOf(await own.request({ url: server.url, signal }))).toBe('done');
  const closed = [...sockets].map((socket) => once(socket, 'close'));
  own.close();
  await Promise.all(closed);
  expect(sockets.size).toBe(1);
});

test('the credentials of a request are removed from every text that is shown later, and nothing else of it is', async () => {
  const server = await startHttpServer((_, response) => response.end());
  const headers = { AUTHORIZATION: 'Bearer hunter2-hunter2', 'x-trace': 'some ordinary-words' };
  await client().request({ url: server.url, headers, signal });
  expect(redact('hunter2-hunter2 and ordinary-words')).toBe('[redacted] and ordinary-words');
});
