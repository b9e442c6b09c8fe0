import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import type { HttpClient } from '../../../src/http/index.ts';
import { createApi, withApi } from '../../../src/spacelift/api/client.ts';
import { deletePool } from '../../../src/spacelift/api/pool-changes.ts';
import { UnconfirmedError } from '../../../src/spacelift/api/unconfirmed.ts';
import { listPools } from '../../../src/spacelift/api/worker-pools.ts';
import { fromEnvironment } from '../../../src/spacelift/login/credentials.ts';
import { startHttpServer } from '../../services/http-server.ts';
import { startSpacelift } from '../../services/spacelift.ts';

const { signal } = new AbortController();
const unreachable = (cause?: unknown) => new UserError('SPACECTL_UNREACHABLE', 'no answer', { cause });
const systemError = (code: string) => Object.assign(new Error(code), { code });

/** Credentials that need no login. */
function withToken(endpoint: string) {
  const claims = Buffer.from(JSON.stringify({ aud: endpoint, exp: 2_000_000_000 })).toString('base64url');
  return { method: 'token', endpoint, token: `head.${claims}.proof`, source: 'a test' } as const;
}

/** An API whose connections do what they are told. */
function apiOver(request: HttpClient['request']) {
  let isClosed = false;
  const close = () => {
    isClosed = true;
  };
  const api = createApi(withToken('https://acme.example'), { request, close });
  return { api, isClosed: () => isClosed };
}

const answering = (status: number, body: string): HttpClient['request'] => {
  return async ({ url }) => ({ status, headers: {}, url: new URL(url), body: Readable.from([Buffer.from(body)]) });
};
const failing = (error: unknown) => () => Promise.reject(error);

test.each<[string, HttpClient['request']]>([
  ['a connection that breaks', failing(unreachable(systemError('ECONNRESET')))],
  ['an answer of too many bytes', failing(new UserError('SPACECTL_BAD_DATA', 'too large'))],
  ['a page with HTTP 200', answering(200, '<p>hello</p>')],
  ['a page with HTTP 500', answering(500, '<p>sorry</p>')],
  ['errors with HTTP 500', answering(500, '{"errors":[{"message":"oops"}]}')],
  ['an answer without the field', answering(200, '{"data":{}}')],
])('After %s, a deletion may have been carried out', async (_, request) => {
  const error = await deletePool(apiOver(request).api, 'id', signal).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(UnconfirmedError);
});

const aborted = new DOMException('stopped', 'AbortError');

test.each<[string, HttpClient['request'], object]>([
  ['a server that cannot be connected to', failing(unreachable(systemError('ECONNREFUSED'))), { message: 'no answer' }],
  ['a proxy that cannot be used', failing(new UserError('SPACECTL_BAD_INPUT', 'bad proxy')), { message: 'bad proxy' }],
  ['an interruption', failing(aborted), aborted],
  ['a page with HTTP 499', answering(499, '<p>no</p>'), { message: expect.stringContaining('HTTP 499') }],
  ['errors with HTTP 499', answering(499, '{"errors":[{"message":"oops"}]}'), { code: 'SPACECTL_REQUEST_REFUSED' }],
])('After %s, a deletion was not carried out', async (_, request, expected) => {
  const error = await deletePool(apiOver(request).api, 'id', signal).catch((caught: unknown) => caught);
  expect(error).not.toBeInstanceOf(UnconfirmedError);
  expect(error).toMatchObject(expected);
});

test('A query is never said to have been carried out', async () => {
  const { api } = apiOver(answering(200, '<p>hello</p>'));
  const error = await listPools(api, signal).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(UserError);
  expect(error).not.toBeInstanceOf(UnconfirmedError);
});

test('Closing the API closes its connections', () => {
  const { api, isClosed } = apiOver(failing(unreachable()));
  api.close();
  expect(isClosed()).toBe(true);
});

test('After work with the API, its connections are closed', async () => {
  const { url, server } = await startHttpServer((_, response) => response.end('{"data":{"workerPools":[]}}'));
  expect(await withApi(withToken(url), (api) => listPools(api, signal))).toEqual([]);
  await expect.poll(() => promisify(server.getConnections.bind(server))()).toBe(0);
});

test('A login that is still valid is not repeated to ask who is logged in', async () => {
  const server = await startSpacelift();
  const { credentials: own } = fromEnvironment(server.environment);
  if (!own) throw new Error('no credentials');
  await withApi(own, async (api) => {
    await listPools(api, signal);
    await api.viewer(signal);
  });
  expect(server.operations).toEqual(['apiKeyUser', 'workerPools', 'viewer']);
});
