import { afterEach, expect, test, vi } from 'vitest';
import { ProxyFailure } from '../../src/http/proxy-failure.ts';
import { delayBefore, isIdempotent, isTransientError } from '../../src/http/retry.ts';
import { client, textOf } from '../services/http-client.ts';
import { startHttpServer } from '../services/http-server.ts';

const { signal } = new AbortController();
const NOW = '2026-03-01T12:00:00Z';
const at = (time: string) => new Date(`2026-03-01T${time}Z`).toUTCString();

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A server that is busy once, and what a client makes of it. */
async function askBusy(headers: Readonly<Record<string, string>>, status = 429) {
  let isBusy = true;
  const server = await startHttpServer((_, response) => {
    response.writeHead(isBusy ? status : 200, isBusy ? headers : {}).end();
    isBusy = false;
  });
  const own = client();
  const response = await own.request({ url: server.url, signal });
  return { status: response.status, waits: own.waits };
}

test.each([
  ['0', 0],
  ['1', 1000],
  ['30', 30_000],
  [' 30 ', 30_000],
  ['60', 60_000],
  [at('12:00:30'), 30_000],
  [at('12:01:00'), 60_000],
  [at('12:00:00'), 0],
  [at('11:00:00'), 0],
  ['Sunday, 01-Mar-26 12:00:20 GMT', 20_000],
])('Retry-After: %s is waited for', async (value, expected) => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(NOW) });
  expect(await askBusy({ 'retry-after': value })).toEqual({ status: 200, waits: [expected] });
});

test.each(['61', '3600', '99999999999999999999', at('12:01:01'), at('13:00:00')])(
  'Retry-After: %s is too long: the response is final',
  async (value) => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(NOW) });
    expect(await askBusy({ 'retry-after': value })).toEqual({ status: 429, waits: [] });
  },
);

test.each([{}, ...['', 'soon', '30s', 'PT30'].map((value) => ({ 'retry-after': value }))])(
  '%j asks for nothing: backs off',
  async (headers) => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    expect(await askBusy(headers)).toEqual({ status: 200, waits: [250] });
  },
);

test('the backoff doubles from attempt to attempt, and differs from client to client', () => {
  const delays = (random: number) => {
    vi.spyOn(Math, 'random').mockReturnValue(random);
    return [1, 2, 3, 4].map((attempt) => delayBefore(attempt, undefined));
  };
  expect(delays(0)).toEqual([125, 250, 500, 1000]);
  expect(delays(0.5)).toEqual([250, 500, 1000, 2000]);
});

test.each([408, 429, 500, 502, 503, 504])('the status %i may pass: the request is sent again', async (status) => {
  expect(await askBusy({ 'retry-after': '2' }, status)).toEqual({ status: 200, waits: [2000] });
});

test.each([200, 400, 401, 403, 404, 409, 410, 416, 501, 505])('the status %i is final', async (status) => {
  expect(await askBusy({ 'retry-after': '2' }, status)).toEqual({ status, waits: [] });
});

test('a POST is sent again where the caller says that it only queries, and a GET is not where it says otherwise', async () => {
  let count = 0;
  const server = await startHttpServer((_, response) => response.writeHead(++count % 2 === 1 ? 503 : 200).end('done'));
  const { url } = server;
  const post = await client().request({ method: 'POST', url, content: '{}', isRepeatable: true, signal });
  expect(await textOf(post)).toBe('done');
  expect((await client().request({ url, isRepeatable: false, signal })).status).toBe(503);
  expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'POST', 'GET']);
});

test('a POST that was turned away for its rate is sent again, whole, and none that failed', async () => {
  const bodies: string[] = [];
  const server = await startHttpServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    response.writeHead(bodies.length === 1 ? 429 : 503, { 'retry-after': '3' }).end();
  });
  const own = client();
  const response = await own.request({ method: 'POST', url: server.url, content: 'grüße', signal });
  expect([response.status, own.waits, bodies]).toEqual([503, [3000], ['grüße', 'grüße']]);
  expect(server.requests[0]?.headers['content-length']).toBe('7');
});

test('a POST that is turned away for its rate again and again is given up after five attempts', async () => {
  let count = 0;
  const server = await startHttpServer((_, response) => response.writeHead(++count > 9 ? 200 : 429).end());
  const own = client();
  expect((await own.request({ method: 'POST', url: server.url, content: '{}', signal })).status).toBe(429);
  expect([count, own.waits.length]).toEqual([5, 4]);
  count = 0;
  const twice = client({ attempts: 2 });
  expect((await twice.request({ method: 'POST', url: server.url, content: '{}', signal })).status).toBe(429);
  expect((await twice.request({ url: server.url, signal })).status).toBe(429);
  expect([count, twice.waits.length]).toEqual([4, 2]);
});

test('methods that may be sent twice', () => {
  const methods = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'POST', 'PATCH', 'CONNECT'];
  expect(methods.filter(isIdempotent)).toEqual(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);
});

test('errors of the network that may pass, and those that will not', () => {
  const isTransient = (code: string) => isTransientError(Object.assign(new Error(code), { code }));
  const codes = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ECONNREFUSED', 'ENOTFOUND', 'CERT_HAS_EXPIRED'];
  expect(codes.filter(isTransient)).toEqual(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN']);
  expect([new Error('x'), undefined, 'ECONNRESET'].map(isTransientError)).toEqual([false, false, false]);
});

test('a proxy that fails is asked again by its status, or by the reason why it cannot be reached', () => {
  const proxy = new URL('http://proxy.example');
  const failure = (given: ConstructorParameters<typeof ProxyFailure>[2]) =>
    isTransientError(new ProxyFailure(proxy, 'far.example:443', given));
  const reset = Object.assign(new Error('x'), { code: 'ECONNRESET' });
  const refused = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
  expect([{ status: 503 }, { status: 403 }, { cause: reset }, { cause: refused }].map(failure)).toEqual([
    true,
    false,
    true,
    false,
  ]);
});
