import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { makeKey, makeRequest } from '../../../src/pki/index.ts';
import { createApi } from '../../../src/spacelift/api/client.ts';
import { fromEnvironment } from '../../../src/spacelift/login/credentials.ts';
import { rotateOnce } from '../../../src/spacelift/tokens/rotate.ts';
import { startSpacelift } from '../../services/spacelift.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const { signal } = new AbortController();

/** A folder with the key of a pool, and what a rotation of it needs. */
async function poolFolder() {
  const [server, dir] = [await startSpacelift(), await temporaryFolder()];
  const { credentials } = fromEnvironment(server.environment);
  if (!credentials) throw new Error('no credentials');
  const api = createApi(credentials);
  onTestFinished(() => api.close());
  const { id } = server.addPool({ name: 'build' });
  const [file, old] = [path.join(dir, 'spacelift.key'), await makeKey(2048)];
  await writeFile(file, old, { mode: 0o600 });
  const request = (key: Uint8Array) => makeRequest(key, file, [{ type: 'CN', value: 'workers' }]);
  return { api, dir, file, old, rotation: { dir, id, makeRequest: request } };
}

test('A key that another rotation left behind is used rather than the one just made', async () => {
  const { api, dir, file, rotation } = await poolFolder();
  const [theirs, mine] = [await makeKey(2048), await makeKey(2048)];
  const makeOwn = async () => {
    // Killed after its reset: this is the only copy of the key that the pool trusts.
    await writeFile(`${file}.new`, theirs, { mode: 0o600 });
    return mine;
  };
  await rotateOnce(api, { ...rotation, makeKey: makeOwn }, signal);
  expect(await readFile(file, 'utf8')).toBe(theirs.toString());
  expect(await readFile(path.join(dir, 'spacelift.csr'), 'utf8')).toBe((await rotation.makeRequest(theirs)).toString());
  expect(await readdir(dir)).not.toContain('spacelift.key.new');
});

test('Two rotations within a second both succeed, and the key of each is kept', async () => {
  const { api, dir, file, old, rotation } = await poolFolder();
  const [second, third] = [await makeKey(2048), await makeKey(2048)];
  // The clock stands still within its second.
  vi.useFakeTimers({ now: new Date('2030-01-01T00:00:00.001Z'), toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  await rotateOnce(api, { ...rotation, makeKey: async () => second }, signal);
  vi.setSystemTime(new Date('2030-01-01T00:00:00.999Z'));
  await rotateOnce(api, { ...rotation, makeKey: async () => third }, signal);
  expect(await readFile(file)).toEqual(third);
  const backups = (await readdir(dir)).filter((name) => /^spacelift\.key\.\d/.test(name)).sort();
  const kept = await Promise.all(backups.map((name) => readFile(path.join(dir, name))));
  expect(kept).toEqual([old, second]);
});
