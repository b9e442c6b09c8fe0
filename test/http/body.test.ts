import { once } from 'node:events';
import { expect, test } from 'vitest';
import { discard, readBody } from '../../src/http/index.ts';
import { client } from '../services/http-client.ts';
import { startHttpServer } from '../services/http-server.ts';

const { signal } = new AbortController();

test('a body may be as large as its limit, and not a byte larger', async () => {
  const server = await startHttpServer((_, response) => response.end('x'.repeat(2000)));
  const read = async (limit: number) => readBody(await client().request({ url: server.url, signal }), { limit });
  expect((await read(2000)).toString()).toBe('x'.repeat(2000));
  await expect(read(1999)).rejects.toMatchObject({
    code: 'SPACECTL_BAD_DATA',
    message: `The response from ${server.host} is larger than 1999 bytes`,
  });
});

test.each<[string, number, boolean, number]>([
  ['a small body is read, and its connection used again', 64 * 1024, true, 1],
  ['the connection of a large body is closed', 64 * 1024 + 1, true, 2],
  ['the connection of a body of unknown size is closed', 1024, false, 2],
])('a body that is not wanted: %s', async (_, size, hasLength, connections) => {
  const sockets = new Set<unknown>();
  const server = await startHttpServer(({ socket }, response) => {
    sockets.add(socket);
    if (hasLength) response.setHeader('content-length', size);
    response.write('x');
    // One of unknown size may go on forever.
    if (hasLength) response.end('x'.repeat(size - 1));
  });
  const own = client();
  for (let count = 0; count < 2; count++) {
    const response = await own.request({ url: server.url, signal });
    const closed = once(response.body, 'close');
    discard(response);
    await closed;
  }
  expect(sockets.size).toBe(connections);
});
