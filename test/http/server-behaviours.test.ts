import { expect, test } from 'vitest';
import { ERROR_CODES, type ErrorCode, UserError } from '../../src/core/errors.ts';
import { createHttpClient, type HttpClient } from '../../src/http/index.ts';
import { digestFor } from '../../src/launcher/checksums.ts';
import { webSource } from '../../src/launcher/source.ts';
import { fetchManifest } from '../../src/oci/registry/manifest.ts';
import { createRepository } from '../../src/oci/registry/repository.ts';
import { createApi } from '../../src/spacelift/api/client.ts';
import { listPools } from '../../src/spacelift/api/worker-pools.ts';
import { BEHAVIOURS, startHostileServer } from '../services/hostile-servers.ts';
import { sliceOf } from '../services/slice.ts';

const { signal } = new AbortController();
const TOKEN = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2lnbmF0dXJl';

/** What is asked of each kind of server, and which errors may come of it. */
const ASKED: Readonly<
  Record<string, { ask: (host: string, client: HttpClient) => Promise<unknown>; codes: readonly ErrorCode[] }>
> = {
  'A registry': {
    async ask(host, client) {
      const login = { credentials: undefined };
      const repository = createRepository(`http://${host}/v2/a`, client, login, () => {});
      const { manifest } = await fetchManifest(repository, { tag: 'latest' }, `${host}/a`, signal);
      return manifest;
    },
    codes: [
      'SPACECTL_UNREACHABLE',
      'SPACECTL_BAD_IMAGE',
      'SPACECTL_NOT_ALLOWED',
      'SPACECTL_NO_IMAGE',
      'SPACECTL_BAD_DATA',
    ],
  },
  'An API': {
    ask(host, client) {
      const endpoint = `http://${host}`;
      return listPools(createApi({ method: 'token', token: TOKEN, endpoint, source: 'a test' }, client), signal);
    },
    codes: ['SPACECTL_UNREACHABLE', 'SPACECTL_NOT_ALLOWED', 'SPACECTL_REQUEST_REFUSED', 'SPACECTL_BAD_DATA'],
  },
  'A download host': {
    async ask(host, client) {
      return digestFor(await webSource(`http://${host}`, client, signal).readSmall('sums'), 'launcher');
    },
    codes: ['SPACECTL_UNREACHABLE', 'SPACECTL_NOT_ALLOWED', 'SPACECTL_DIGEST_MISMATCH', 'SPACECTL_BAD_DATA'],
  },
};

const TABLE = Object.entries(ASKED).flatMap(([who, asked]) =>
  Object.entries(BEHAVIOURS).map(([what, behave]) => [who, what, asked, behave] as const),
);

test.each(sliceOf(TABLE, 4))('%s that %s ends in a clear error', async (_who, _what, { ask, codes }, behave) => {
  const server = await startHostileServer(behave);
  const limits = { connectTimeout: 5000, idleTimeout: 400, headTimeout: 800, totalTimeout: 1500, attempts: 2 };
  const client = createHttpClient({ environment: {}, wait: async () => {}, ...limits });
  const error = await ask(server.host, client).then(
    (value) => new Error(`accepted: ${JSON.stringify(value)?.slice(0, 80)}`),
    (caught: unknown) => caught,
  );
  client.close();
  expect(error).toBeInstanceOf(UserError);
  const { code, message, exitCode } = error as UserError;
  expect({ code, message }).toMatchObject({ code: expect.toBeOneOf([...codes]) });
  expect(exitCode).toBe(ERROR_CODES[code].exit);
  // It names the server, and holds nothing of ours.
  expect(message.length).toBeGreaterThan(20);
  expect(`${message} ${String((error as UserError).stack)}`).not.toContain(TOKEN);
  // Bounded: attempts, redirects and logins, but no loop.
  expect(server.requests()).toBeLessThan(30);
});

test('The table has at least 80 ways of three kinds of servers', () => {
  expect(Object.keys(BEHAVIOURS).length).toBeGreaterThanOrEqual(80);
  expect(TABLE.length).toBe(3 * Object.keys(BEHAVIOURS).length);
});
