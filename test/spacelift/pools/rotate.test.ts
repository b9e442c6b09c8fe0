import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeKey, makeRequest } from '../../../src/pki/index.ts';
import { staleFiles } from '../../../src/pool-folder/index.ts';
import { createApi } from '../../../src/spacelift/api/client.ts';
import { fromEnvironment } from '../../../src/spacelift/login/credentials.ts';
import { rotateOnce } from '../../../src/spacelift/pools/rotate.ts';
import { startSpacelift } from '../../services/spacelift.ts';
import { temporaryFolder } from '../../services/temporary.ts';

test('the key that another rotation left while this one made its own is the one that is put in place', async () => {
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

test('stale is what was rendered with a secret in it, and nothing else that is private', async () => {
  const dir = await temporaryFolder();
  const files = {
    'systemd/secrets.env': '# Rendered by spacectl.\nSPACELIFT_TOKEN=a\n',
    'cloud-init.yaml': '#cloud-config\n# Rendered by spacectl.\n',
    'ansible/group_vars/spacelift_workers/vault.yml': '$ANSIBLE_VAULT;1.1;AES256\n00\n',
    'systemd/launcher.env': '# Rendered by spacectl.\n',
    'documents/id_rsa': '-----BEGIN RSA PRIVATE KEY-----\n',
    '.ssh/id_rsa': '-----BEGIN RSA PRIVATE KEY-----\n',
    '.cache/secrets.env': '# Rendered by spacectl.\n',
    'node_modules/a/secrets.env': '# Rendered by spacectl.\n',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
    await writeFile(path.join(dir, name), text, { mode: 0o600 });
  }
  await writeFile(path.join(dir, 'install.sh'), '#!/bin/sh\n# Rendered by spacectl.\n', { mode: 0o644 });
  const names = ['ansible/group_vars/spacelift_workers/vault.yml', 'cloud-init.yaml', 'systemd/secrets.env'];
  expect(await staleFiles(dir)).toEqual(names.map((name) => path.join(dir, name)));
});
