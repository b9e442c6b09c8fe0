import { appendFile, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { poolCheckout } from '../services/pool-checkout.ts';
import { spacectl } from '../services/program.ts';
import { snapshot } from '../services/snapshot.ts';

const HOSTS = 'pool/systemd/custom-ca-bundle.crt';

test('status --update builds again what is stale in a checkout without the key, and says what is left', async () => {
  const { dir, git, changeImage } = await poolCheckout();
  await changeImage();
  const { exitCode, stdout } = await spacectl(['status', 'pool', '--update', '--json'], { cwd: dir });
  const { things } = JSON.parse(String(stdout));
  const states = Object.fromEntries(things.map(({ id, state }: { id: string; state: string }) => [id, state]));
  // A person has to change the protocol; what pool it is, is not known in a checkout.
  expect({ exitCode, states }).toMatchObject({
    exitCode: 10,
    states: { bundle: 'good', systemd: 'good', pool: 'unknown', comms: 'attention' },
  });
  expect(await readFile(path.join(dir, HOSTS))).toEqual(await readFile(path.join(dir, 'pool/custom-ca-bundle.crt')));
  const changed = (await git('diff', '--name-only', '--', 'pool')).split('\n');
  expect(changed).toEqual(
    expect.arrayContaining(['pool/custom-ca-bundle.crt', 'pool/custom-ca-bundle.lock.json', HOSTS]),
  );
  // The private key of the pool is elsewhere, and no other is made.
  expect(Object.keys(await snapshot(dir)).filter((name) => name.endsWith('.key'))).toEqual([]);
  const before = await snapshot(dir);
  await spacectl(['status', 'pool', '--update', '--json'], { cwd: dir });
  expect(await snapshot(dir)).toEqual(before);
});

test('status --update leaves rendered files alone if one was edited by hand, and still builds the bundle', async () => {
  const { dir, changeImage } = await poolCheckout();
  const edited = path.join(dir, 'pool/systemd/install.sh');
  await appendFile(edited, '# mine\n');
  await changeImage();
  const hosts = await readFile(path.join(dir, HOSTS));
  const bundle = await readFile(path.join(dir, 'pool/custom-ca-bundle.crt'));
  expect(await spacectl(['status', 'pool', '--update'], { cwd: dir })).toMatchObject({ exitCode: 10 });
  expect(await readFile(edited, 'utf8')).toMatch(/# mine\n$/);
  expect(await readFile(path.join(dir, HOSTS))).toEqual(hosts);
  expect(await readFile(path.join(dir, 'pool/custom-ca-bundle.crt'))).not.toEqual(bundle);
});

test('status --update and --offline conflict: what is stale cannot be found out offline', async () => {
  const { dir } = await poolCheckout();
  const offline = await spacectl(['status', 'pool', '--update', '--offline'], { cwd: dir });
  expect(offline).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--update and --offline conflict') });
});

test('apply does the rest in a checkout whose key is elsewhere, and init says that the key is missing', async () => {
  const { dir, git } = await poolCheckout();
  await rm(path.join(dir, 'pool/cloud-init.yaml'));
  expect(await spacectl(['apply', 'pool'], { cwd: dir })).toMatchObject({ exitCode: 0 });
  expect(await git('status', '--porcelain', '--', 'pool')).toBe('');
  const init = await spacectl(['init', 'pool', '--no-input'], { cwd: dir });
  expect(init).toMatchObject({ exitCode: 73, stderr: expect.stringContaining('spacelift.key is missing') });
});
