import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { renderedSecrets } from '../../src/pool-folder/index.ts';
import { temporaryFolder } from '../services/temporary.ts';

test('only a rendered file with a secret in it is named as left over', async () => {
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
  expect(await renderedSecrets(dir)).toEqual(names.map((name) => path.join(dir, name)));
});
