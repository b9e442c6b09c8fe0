import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { keptSecretsIn } from '../../src/setup/status/kept-secrets.ts';
import { temporaryFolder } from '../services/temporary.ts';

test('status lists secrets that were typed in the wizard, and says if others may read them', async () => {
  const dir = await temporaryFolder();
  expect(await keptSecretsIn(dir)).toEqual([]);
  expect(await keptSecretsIn(path.join(dir, 'missing'))).toEqual([]);
  const file = path.join(dir, 'api-key-secret.secret');
  await writeFile(file, 'hush', { mode: 0o600 });
  const [kept, ...others] = await keptSecretsIn(dir);
  expect(others).toEqual([]);
  expect(kept).toMatchObject({ state: 'good', evidence: expect.stringContaining('api-key-secret.secret: typed in') });
  expect(kept?.evidence).not.toContain('hush');
  await chmod(file, 0o640);
  expect(await keptSecretsIn(dir)).toMatchObject([{ state: 'attention', command: `chmod 600 ${file}` }]);
});
