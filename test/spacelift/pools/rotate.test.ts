import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeKey, makeRequest } from '../../../src/pki/index.ts';
import { createApi } from '../../../src/spacelift/api/client.ts';
import { fromEnvironment } from '../../../src/spacelift/login/credentials.ts';
import { rotateOnce } from '../../../src/spacelift/pools/rotate.ts';
import { startSpacelift } from '../../services/spacelift.ts';
import { temporaryFolder } from '../../services/temporary.ts';

test('A key that another rotation left behind is used rather than the one just made', async () => {
  const [server, dir] = [await startSpacelift(), await temporaryFolder()];
  const { credentials } = fromEnvironment(server.environment);
  if (!credentials) throw new Error('no credentials');
  const api = createApi(credentials);
  onTestFinished(() => api.close());
  const { id } = server.addPool({ name: 'build' });
  const [old, theirs, mine] = [await makeKey(2048), await makeKey(2048), await makeKey(2048)];
  const file = path.join(dir, 'spacelift.key');
  await writeFile(file, old, { mode: 0o600 });
  const rotation = {
    dir,
    id,
    async makeKey() {
      // Killed after its reset: this is the only copy of the key that the pool trusts.
      await writeFile(`${file}.new`, theirs, { mode: 0o600 });
      return mine;
    },
    makeRequest: (key: Uint8Array) => makeRequest(key, file, [{ type: 'CN', value: 'workers' }]),
  };
  await rotateOnce(api, rotation, new AbortController().signal);
  expect(await readFile(file, 'utf8')).toBe(theirs.toString());
  expect(await readFile(path.join(dir, 'spacelift.csr'), 'utf8')).toBe((await rotation.makeRequest(theirs)).toString());
  expect(await readdir(dir)).not.toContain('spacelift.key.new');
});
