import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ansible } from '../services/ansible.ts';
import { renderRole, VAULT_PASSWORD } from '../services/ansible-role.ts';
import { putKeyPair } from '../services/key-pair.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { sliceOf } from '../services/slice.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { makeToken } from '../services/token.ts';

testWith(
  'ansible-playbook',
  'ansible-vault',
  'openssl',
)('Ansible takes the playbook, and its vault opens with the password alone', async () => {
  const { folder, password, token, key, render } = await renderRole(undefined);
  const syntax = await ansible(
    'ansible-playbook',
    folder,
    '--syntax-check',
    '--vault-password-file',
    password,
    'site.yml',
  );
  expect({ exitCode: syntax.exitCode, stderr: syntax.stderr }).toEqual({ exitCode: 0, stderr: '' });
  const vault = 'group_vars/spacelift_workers/vault.yml';
  expect((await stat(path.join(folder, vault))).mode & 0o777).toBe(0o600);
  const view = await ansible('ansible-vault', folder, 'view', '--vault-password-file', password, vault);
  expect({ exitCode: view.exitCode, stderr: view.stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(view.stdout).toContain(`spacelift_token: "${token}"`);
  expect(view.stdout).toContain(`spacelift_pool_private_key: "${key}"`);
  const wrong = path.join(folder, '../wrong');
  await writeFile(wrong, 'something else');
  expect((await ansible('ansible-vault', folder, 'view', '--vault-password-file', wrong, vault)).exitCode).not.toBe(0);
  const again = JSON.parse(String((await render('--json')).stdout));
  expect(new Set(again.changes.map(({ status }: { status: string }) => status))).toEqual(new Set(['unchanged']));
  expect(JSON.stringify(again)).not.toContain(VAULT_PASSWORD);
});

test('without a password the commands that encrypt are printed, and have no secret among their arguments', async () => {
  const dir = path.join(await temporaryFolder(), 'pool');
  await putKeyPair(dir);
  await writeFile(path.join(dir, 'worker-pool.config'), await makeToken({ key: path.join(dir, 'spacelift.key') }));
  const run = await spacectl(['render', 'ansible', '--dir', dir, '--json']);
  const { next } = JSON.parse(String(run.stdout));
  const inventory = path.join(dir, 'ansible/inventory.yml');
  const named = (await readFile(inventory, 'utf8')).replace('worker-1.example.com', 'real-host-7.corp');
  await writeFile(inventory, named);
  expect((await spacectl(['render', 'ansible', '--dir', dir])).exitCode).toBe(0);
  expect(await readFile(inventory, 'utf8')).toBe(named);
  expect(named).toContain('real-host-7.corp');
  expect(JSON.stringify(next)).toContain('ansible-vault encrypt_string --stdin-name spacelift_token');
  expect(JSON.stringify(next)).toContain('inventory.yml');
});

test.each([
  ['a percentage of nothing', ['--serial', '0%'], '--serial'],
  ['a host that would break the inventory', ['--host', 'a: {b}'], '--host'],
  ['secrets that are to be encrypted on disk', ['--secrets', 'encrypted'], '--secrets encrypted'],
] as const)('%s is refused', async (_title, flags, message) => {
  const run = await spacectl(['render', 'ansible', '--dir', await temporaryFolder(), ...flags]);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain(message);
});

/** Inputs that change what Ansible reads, or which files the role has. */
const VARIANTS: readonly (readonly [title: string, ...flags: readonly string[]])[] = [
  ['defaults'],
  [
    'secrets as credentials, a proxy and variables that mean something to Jinja',
    '--secrets',
    'credentials',
    '--https-proxy',
    'http://user:hush@proxy:3128',
    '--env',
    'A={{ 7*7 }} {% x %}',
  ],
  [
    'secrets from a store, Podman, recycled',
    '--secrets-from',
    'aws-ssm:/spacelift/pool',
    '--engine',
    'podman',
    '--recycle',
    '--stop-timeout',
    '4200',
  ],
  [
    'a pinned launcher, one host at a time, log files',
    '--launcher-from',
    'https://mirror.example.com/launcher',
    '--launcher-sha256',
    'a'.repeat(64),
    '--worker-comms-url',
    'https://app.spacelift.io',
    '--serial',
    '1',
    '--logs',
    'files',
  ],
  ['a CA bundle, built on the host', '--trust-on-host', '--ca-strategy', 'host'],
  ['a CA bundle, shipped', '--ca-strategy', 'inline', '--engine', 'rootless', '--hardening', 'off'],
];

testWith('ansible-lint', 'ansible-playbook', 'openssl').each(sliceOf(VARIANTS, VARIANTS.length))(
  'ansible-lint finds nothing at its strictest profile in what is rendered with %s',
  async (title, ...flags) => {
    const hasBundle = title.startsWith('a CA bundle');
    const { folder } = await renderRole(hasBundle ? 'bundle' : undefined, ...flags);
    const lint = await ansible('ansible-lint', folder, '--offline', '--strict', '--nocolor', '--profile', 'production');
    expect({ exitCode: lint.exitCode, found: lint.stdout }).toEqual({ exitCode: 0, found: '' });
    expect(lint.stderr).toMatch(/Passed with production profile: 0 failure\(s\), 0 warning\(s\) on [12]\d files/);
  },
);
