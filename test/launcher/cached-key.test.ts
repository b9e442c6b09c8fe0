import { mkdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, vi } from 'vitest';
import { createHttpClient } from '../../src/http/index.ts';
import { findSigningKey } from '../../src/launcher/signing-key.ts';
import { startDownloadHost } from '../services/download-host.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const test = testWith('gpg');
const HOUR = 60 * 60 * 1000;
const OLD = '20200101T000000!';

afterEach(() => vi.unstubAllEnvs());

/** A key server, and a cache that is empty. */
async function setUp() {
  const server = await startDownloadHost();
  const cache = await temporaryFolder();
  vi.stubEnv('XDG_STATE_HOME', cache);
  const cacheFile = (fingerprint = server.fingerprint) => path.join(cache, 'spacectl/launchers', `${fingerprint}.asc`);
  const find = (fingerprint = server.fingerprint, file?: string, mustAsk = false) =>
    findSigningKey(
      { fingerprint, file, server: server.url, mustAsk },
      createHttpClient({}),
      new AbortController().signal,
    );
  /** Puts a key in the cache, written so many hours ago. */
  const cacheKey = async (hours: number, which = server.fingerprint) => {
    await mkdir(path.dirname(cacheFile()), { recursive: true });
    await writeFile(cacheFile(which), await server.keyring.exportKey(which));
    const written = new Date(Date.now() - hours * HOUR);
    await utimes(cacheFile(which), written, written);
  };
  const goDown = () => server.files.delete(`/vks/v1/by-fingerprint/${server.fingerprint}`);
  return { ...server, cacheFile, find, cacheKey, goDown };
}

test('the key of the key server is kept, readable by all, and then used without asking again', async () => {
  const { find, cacheFile, requests, url, fingerprint, files } = await setUp();
  const address = `${url}/vks/v1/by-fingerprint/${fingerprint}`;
  expect(await find()).toMatchObject({ origin: address, warnings: [], signingKey: { fingerprint } });
  expect(await readFile(cacheFile())).toEqual(files.get(`/vks/v1/by-fingerprint/${fingerprint}`));
  expect((await stat(cacheFile())).mode & 0o777).toBe(0o644);
  expect(await find()).toMatchObject({ origin: cacheFile(), warnings: [], signingKey: { fingerprint } });
  expect(requests).toHaveLength(1);
});

test.each([
  ['23 hours ago', 23],
  ['three years ago', 26_000],
  ['in an hour, by a clock that was wrong', -1],
])('a key that was kept %s is used as long as it has not expired: the key server is not asked', async (_, hours) => {
  const { find, cacheKey, requests } = await setUp();
  await cacheKey(hours);
  expect(await find()).toMatchObject({ warnings: [], isKept: true });
  expect(requests).toHaveLength(0);
});

test('an expired key in the cache is asked for again: its expiry may have been extended', async () => {
  const { find, cacheKey, keyring, publishKey, requests } = await setUp();
  const expired = await keyring.makeKey('old@example.com', '1y', 'sign', ['--faked-system-time', OLD]);
  await cacheKey(1, expired);
  await keyring.gpg('--quick-set-expire', expired, '1y');
  await publishKey(expired);
  const { signingKey } = await find(expired);
  expect(requests).toHaveLength(1);
  expect(signingKey.expiresAt?.getTime()).toBeGreaterThan(Date.now());
});

test('a revocation stays, whatever the key server sends, and is seen where the server is asked', async () => {
  const { find, cacheKey, cacheFile, keyring, fingerprint, files, requests, publishKey } = await setUp();
  await cacheKey(1);
  const valid = await readFile(cacheFile());
  await keyring.revoke(fingerprint);
  await publishKey(fingerprint);
  expect((await find()).signingKey.isRevoked).toBe(false);
  expect((await find(fingerprint, undefined, true)).signingKey.isRevoked).toBe(true);
  expect(requests).toHaveLength(1);
  expect((await find()).signingKey.isRevoked).toBe(true);
  // The server serves the key as it was before.
  files.set(`/vks/v1/by-fingerprint/${fingerprint}`, valid);
  expect((await find(fingerprint, undefined, true)).signingKey.isRevoked).toBe(true);
  expect((await find()).signingKey.isRevoked).toBe(true);
  expect(requests).toHaveLength(2);
});

test('while the key server fails, the cached key is used however old it is, with a warning', async () => {
  const { find, cacheKey, cacheFile, goDown } = await setUp();
  await cacheKey(1000);
  goDown();
  const { origin, warnings } = await find(undefined, undefined, true);
  expect(origin).toBe(cacheFile());
  expect(warnings).toEqual([expect.stringMatching(/HTTP 404.*\. Using the key that was kept, .*\.asc$/)]);
});

test('without a cached key, or with a damaged one, a key server that fails ends the run', async () => {
  const { find, cacheFile, goDown } = await setUp();
  goDown();
  await expect(find()).rejects.toMatchObject({ code: 'SPACECTL_UNREACHABLE' });
  await mkdir(path.dirname(cacheFile()), { recursive: true });
  await writeFile(cacheFile(), 'damaged');
  await expect(find()).rejects.toMatchObject({ code: 'SPACECTL_UNREACHABLE' });
});

test('another key from the key server is an error, not cached, and no reason to use the cached key', async () => {
  const { find, cacheKey, cacheFile, keyring, fingerprint, files } = await setUp();
  await cacheKey(1000);
  const ask = () => find(fingerprint, undefined, true);
  const before = await readFile(cacheFile());
  const other = await keyring.makeKey('other@example.com');
  files.set(`/vks/v1/by-fingerprint/${fingerprint}`, await keyring.exportKey(other));
  await expect(ask()).rejects.toMatchObject({
    code: 'SPACECTL_DIGEST_MISMATCH',
    message: expect.stringContaining(`does not contain the key ${fingerprint}, only ${other}`),
  });
  expect(await readFile(cacheFile())).toEqual(before);
});

test('a cache that cannot be written is done without', async () => {
  const { find, url } = await setUp();
  const file = path.join(await temporaryFolder(), 'no-directory');
  await writeFile(file, '');
  vi.stubEnv('XDG_STATE_HOME', file);
  for (const _ of [1, 2]) expect((await find()).origin).toContain(url);
});

test('a key in a file is used alone: neither the cache nor the server is asked', async () => {
  const { find, cacheKey, keyring, fingerprint, requests } = await setUp();
  await cacheKey(1);
  const file = path.join(await temporaryFolder(), 'key.asc');
  await expect(find(fingerprint, file)).rejects.toMatchObject({ code: 'SPACECTL_CANNOT_READ' });
  await writeFile(file, await keyring.exportKey(fingerprint));
  expect(await find(fingerprint, file)).toMatchObject({ origin: file, warnings: [] });
  expect(requests).toHaveLength(0);
});
