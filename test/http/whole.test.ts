import { setInterval as every, setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { requestWhole } from '../../src/http/index.ts';
import { client } from '../services/http-client.ts';
import { startHttpServer } from '../services/http-server.ts';

const { signal } = new AbortController();
const whole = { limit: 1000, wait: async () => {} };

/** A server that ends its answer early the given number of times. */
async function cutServer(times: number) {
  let count = 0;
  return startHttpServer((_, response) => {
    response.writeHead(200, { 'content-length': '10' });
    if (++count > times) response.end('0123456789');
    else response.write('01234', () => response.destroy());
  });
}

test('an answer that is cut in the middle is asked for again, if the request may be sent twice', async () => {
  const server = await cutServer(2);
  const request = { method: 'POST', url: server.url, content: 'x', signal } as const;
  const { body } = await requestWhole(client(), { ...request, isRepeatable: true }, whole);
  expect([body.toString(), server.requests.length]).toEqual(['0123456789', 3]);
  const once = await cutServer(2);
  await expect(requestWhole(client(), { ...request, url: once.url, isRepeatable: false }, whole)).rejects.toMatchObject(
    { code: 'SPACECTL_UNREACHABLE' },
  );
  expect(once.requests).toHaveLength(1);
  const always = await cutServer(99);
  await expect(
    requestWhole(client(), { ...request, url: always.url, isRepeatable: true }, whole),
  ).rejects.toMatchObject({ code: 'SPACECTL_UNREACHABLE' });
  expect(always.requests).toHaveLength(5);
});

test('a server that goes on sending, but never finishes, is given up', async () => {
  const server = await startHttpServer(async (_, response) => {
    response.writeHead(200);
    for await (const _ of every(20)) if (!response.write('.')) return;
  });
  const request = { url: server.url, isRepeatable: true, signal };
  await expect(requestWhole(client({ totalTimeout: 300 }), request, whole)).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: expect.stringMatching(/did not finish its answer within 0\.3 seconds$/),
  });
  expect(server.requests).toHaveLength(1);
  const quick = await startHttpServer((_, response) => response.end('done'));
  const { body } = await requestWhole(client({ totalTimeout: 300 }), { ...request, url: quick.url }, whole);
  await pause(350);
  expect(body.toString()).toBe('done');
});

test('after 429 nothing was done, so even a request that must not be sent twice is sent again', async () => {
  let count = 0;
  const server = await startHttpServer((_, response) => {
    response.writeHead(++count < 3 ? 429 : 503, { 'retry-after': '2' }).end();
  });
  const request = { method: 'POST', url: server.url, content: 'x', isRepeatable: false, signal };
  const { status } = await client({ wait: async () => {} }).request(request);
  // 503 says nothing about what was done.
  expect([status, count]).toEqual([503, 3]);
});

test('a request names the program and its version', async () => {
  const server = await startHttpServer((_, response) => response.end());
  await client().request({ url: server.url, signal });
  expect(server.requests[0]?.headers['user-agent']).toBe(`spacectl/${packageJson.version}`);
});
