import { expect, test } from 'vitest';
import { readBody } from '../../src/http/index.ts';
import { client, textOf } from '../services/http-client.ts';
import { startHttpServer } from '../services/http-server.ts';

const { signal } = new AbortController();

test('a POST is neither redirected nor repeated', async () => {
  const server = await startHttpServer(({ url }, response) => {
    response.writeHead(url === '/moved' ? 307 : 503, { location: '/other' }).end();
  });
  const own = client();
  const statuses = [];
  for (const url of [`${server.url}/moved`, `${server.url}/busy`]) {
    statuses.push((await own.request({ method: 'POST', url, content: 'x', signal })).status);
  }
  expect(statuses).toEqual([307, 503]);
  expect(server.requests).toHaveLength(2);
});

test('a failing server is asked again after longer and longer waits, and its last answer counts', async () => {
  const server = await startHttpServer((_, response) => response.writeHead(500).end());
  const own = client();
  expect((await own.request({ url: server.url, signal })).status).toBe(500);
  expect(server.requests).toHaveLength(5);
  expect(own.waits).toHaveLength(4);
  expect(own.waits[3]).toBeGreaterThan(own.waits[0] as number);
});

test('a request is repeated when the connection is reset', async () => {
  let count = 0;
  const server = await startHttpServer((request, response) => {
    count++;
    if (count < 3) request.socket.resetAndDestroy();
    else response.end('done');
  });
  expect(await textOf(await client().request({ url: server.url, signal }))).toBe('done');
});

test('a body that breaks off is an error of the network, with its cause', async () => {
  const server = await startHttpServer((request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('part', () => request.socket.destroy());
  });
  const response = await client().request({ url: server.url, signal });
  await expect(textOf(response)).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: `Cannot reach ${server.host}: the connection was closed before the response was complete`,
    cause: expect.any(Error),
  });
});

test('a server that says nothing is given up, before and within the body', async () => {
  const server = await startHttpServer(({ url }, response) => {
    if (url === '/body') response.writeHead(200).write('part');
  });
  const own = client({ idleTimeout: 50 });
  await expect(own.request({ url: server.url, signal })).rejects.toThrow('timed out');
  const response = await own.request({ url: `${server.url}/body`, signal });
  await expect(textOf(response)).rejects.toThrow('timed out');
});

test('a body that was not read for a while and broke off meanwhile is given up as well', async () => {
  const server = await startHttpServer((_, response) => response.writeHead(200).write(Buffer.alloc(2 * 1024 * 1024)));
  const response = await client({ idleTimeout: 50 }).request({ url: server.url, signal });
  await new Promise((resolve) => setTimeout(resolve, 200));
  await expect(readBody(response, { limit: 4 * 1024 * 1024 })).rejects.toThrow('timed out');
});

test('a request that may be sent only once does not go over a connection that the server may have closed', async () => {
  const used = new Set<unknown>();
  const server = await startHttpServer((request, response) => {
    if (used.has(request.socket)) request.socket.destroy();
    else response.end('done');
    used.add(request.socket);
  });
  const own = client();
  expect(await textOf(await own.request({ url: server.url, signal }))).toBe('done');
  for (let count = 0; count < 2; count++) {
    const response = await own.request({ method: 'POST', url: server.url, content: 'x', signal });
    expect(await textOf(response)).toBe('done');
  }
  expect(server.requests).toHaveLength(3);
});
