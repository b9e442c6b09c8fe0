import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { makeCertificate } from '../services/certificate.ts';
import { spacectl } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';

const root = makeCertificate({ subject: { O: 'Test', CN: 'Root' } });
const expired = makeCertificate({ subject: { CN: 'Old' }, notBefore: new Date(0), notAfter: new Date(86_400_000) });
const leaf = makeCertificate({ subject: { CN: 'Leaf' }, issuer: root, isCa: false });
const key = String(root.keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));

async function inspect(file: string, ...flags: readonly string[]) {
  const run = await spacectl(['ca-bundle', 'inspect', file, '--json', ...flags]);
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(String(run.stdout));
}

const subjects = (document: { items: readonly { certificate?: { subject: string } }[] }) =>
  document.items.map(({ certificate }) => certificate?.subject);

test('inspect shows everything in a mixed file and why build would reject it, and nothing of a private key', async () => {
  const file = path.join(await temporaryFolder(), 'mixed.pem');
  await writeFile(file, root.pem + expired.pem + key + leaf.pem);
  const document = await inspect(file);
  expect(document).toMatchObject({
    total: 4,
    items: [
      { position: 1, certificate: { subject: 'O=Test, CN=Root', isRoot: true, key: 'EC P-256' } },
      { position: 2, certificate: { subject: 'CN=Old' }, rejected: 'expired on 1970-01-02' },
      { position: 3, rejected: expect.stringContaining('is a private key') },
      { position: 4, certificate: { issuer: 'O=Test, CN=Root' }, rejected: expect.stringContaining('CA:FALSE') },
    ],
  });
  expect(document.items[0].rejected).toBeUndefined();
  expect(subjects(await inspect(file, '--rejected'))).toEqual(['CN=Old', undefined, 'CN=Leaf']);
  expect(subjects(await inspect(file, '--sort', 'expiry', '--filter', 'cn='))).toEqual([
    'CN=Old',
    'O=Test, CN=Root',
    'CN=Leaf',
  ]);
  const table = await spacectl(['ca-bundle', 'inspect', file]);
  expect(table.stdout).toContain('rejects');
  expect(table.stdout).not.toContain(key.split('\n')[1]);
});

test('what was added is told by the lock file, and without one by the comments in the bundle', async () => {
  const folder = await temporaryFolder();
  const given = path.join(folder, 'root.pem');
  await writeFile(given, root.pem);
  await spacectl(['ca-bundle', 'build', '--dir', folder, '--offline', '--ca', given]);
  const bundle = path.join(folder, 'custom-ca-bundle.crt');
  const locked = await inspect(bundle);
  expect(locked.items[0].origin).toBe('mozilla');
  expect(subjects(await inspect(bundle, '--added'))).toEqual(['O=Test, CN=Root']);
  const copy = path.join(folder, 'copy.crt');
  await writeFile(copy, await readFile(bundle));
  expect(subjects(await inspect(copy, '--added'))).toEqual(['O=Test, CN=Root']);
  expect((await inspect(copy)).items[0].origin).toBe('base');
});

test('inspect reads standard input, and says when a file holds no certificates', async () => {
  const run = await spacectl(['ca-bundle', 'inspect', '-', '--json'], { input: root.der, stdin: 'pipe' });
  expect(subjects(JSON.parse(String(run.stdout)))).toEqual(['O=Test, CN=Root']);
  const page = await spacectl(['ca-bundle', 'inspect', '-'], { input: '<html>', stdin: 'pipe' });
  expect(page).toMatchObject({ exitCode: 65, stdout: '' });
  expect(page.stderr).toContain('standard input is a web page');
});
