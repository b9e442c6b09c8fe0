import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { refusedRelease } from '../../src/host/doctor/facts/launcher.ts';
import { sha256 as digest, LAUNCHER as NAME, program } from '../services/download-host.ts';
import { testWith } from '../services/programs.ts';
import { setUpUpdater, type UpdatingHost } from '../services/updater.ts';

const test = testWith('gpg', 'curl', 'dash', 'bash', 'busybox');
const SHELLS = [[['dash']], [['bash', '--posix']], [['busybox', 'sh']]] as const;
const older = program('the release of January');
const newer = program('the release of June');

/** Publishes a release that was signed on a date of this year, long after the key was made. */
async function publish(host: UpdatingHost, bytes: Buffer, time: string, which = host.fingerprint): Promise<void> {
  host.files.set(`/${NAME}`, bytes);
  await host.sign(`${digest(bytes)}  ${NAME}\n`, which, '--faked-system-time', time);
}

/** What the doctor reads of a refused release. */
async function refusal({ state }: UpdatingHost) {
  return refusedRelease(await readFile(path.join(state, 'refused'), 'utf8').catch(() => ''));
}

const JANUARY = '20200101T000000!';
const JUNE = '20200601T000000!';

/** A host whose signing key is old enough for both releases. */
async function setUp(shell: readonly string[] = ['dash'], downgrade: 'yes' | 'no' = 'no') {
  const host = await setUpUpdater(shell, downgrade);
  const fingerprint = await host.keyring.makeKey('old@example.com', 'never', 'sign', [
    '--faked-system-time',
    '20191201T000000!',
  ]);
  host.pinned.fingerprint = fingerprint;
  await host.publishKey(fingerprint);
  const keyUrl = { SPACELIFT_LAUNCHER_KEY_URL: `${host.url}/vks/v1/by-fingerprint/${fingerprint}` };
  const run = (env: Record<string, string> = {}, ...options: string[]) => host.run({ ...keyUrl, ...env }, ...options);
  const asked = () => host.requests.filter((each) => each.path.includes('fingerprint')).length;
  return { ...host, fingerprint, run, asked };
}

test.each(SHELLS)(
  'in %j a release older than the newest one seen is refused, and the launcher stays',
  async (shell) => {
    const host = await setUp(shell);
    await publish(host, newer, JUNE);
    expect(await host.run()).toMatchObject({ exitCode: 0 });
    const record = path.join(host.state, `${host.fingerprint}-spacelift.io-${NAME}.signed`);
    expect(await readFile(record, 'utf8')).toBe(`${Date.UTC(2020, 5, 1) / 1000}\n`);
    await publish(host, older, JANUARY);
    const refused = await host.run();
    expect(refused).toMatchObject({ exitCode: 0 });
    expect(refused.stderr).toContain(`refusing ${NAME}`);
    expect(refused.stderr).toContain('keeping the launcher that was verified earlier');
    expect(await readFile(host.destination)).toEqual(newer);
    expect(await refusal(host)).toEqual({ signed: new Date('2020-01-01'), seen: new Date('2020-06-01') });
    expect(await host.run({}, '--require-update')).toMatchObject({ exitCode: 1 });
    // Not even to a host that has no launcher any more.
    await rm(host.destination);
    expect(await host.run()).toMatchObject({ exitCode: 1 });
    await expect(readFile(host.destination)).rejects.toThrow('ENOENT');
    await publish(host, newer, JUNE);
    expect(await host.run()).toMatchObject({ exitCode: 0 });
    expect(await refusal(host)).toBeUndefined();
    expect((await readdir(host.state)).filter((name) => name.endsWith('.new'))).toEqual([]);
  },
);

test('one setting, rendered for a fleet or set on a host, lets an older release through', async () => {
  for (const [downgrade, env] of [
    ['yes', {}],
    ['no', { SPACELIFT_LAUNCHER_ALLOW_DOWNGRADE: 'yes' }],
  ] as const) {
    const host = await setUp(['dash'], downgrade);
    await publish(host, newer, JUNE);
    await host.run();
    await publish(host, older, JANUARY);
    const run = await host.run(env);
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
    expect(run.stderr).toContain('older than one seen before, which is allowed here');
    expect(await readFile(host.destination)).toEqual(older);
  }
});

test('a damaged or unwritable record does not keep a host from updating, and is reported', async () => {
  const host = await setUp();
  await publish(host, older, JANUARY);
  await host.run();
  const record = path.join(host.state, `${host.fingerprint}-spacelift.io-${NAME}.signed`);
  await writeFile(record, '');
  await publish(host, newer, JUNE);
  expect(await host.run()).toMatchObject({ exitCode: 0 });
  await writeFile(record, 'x1');
  const damaged = await host.run();
  expect(damaged).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('is damaged') });
  expect(await readFile(record, 'utf8')).toMatch(/^\d+\n$/);
  await rm(host.state, { recursive: true });
  await writeFile(host.state, 'a file');
  const unwritable = await host.run();
  expect(unwritable).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('cannot write') });
  expect(await readFile(host.destination)).toEqual(newer);
});

test.each(SHELLS)('in %j what an update came to is recorded, with the time', async (shell) => {
  const host = await setUp(shell);
  await publish(host, older, JANUARY);
  await host.run();
  expect(await host.result()).toBe('installed');
  await host.run();
  expect(await host.result()).toBe('current');
  host.files.delete(`/${NAME}_SHA256SUMS`);
  await host.run();
  expect(await host.result()).toBe('kept');
  await host.run({}, '--require-update');
  expect(await host.result()).toBe('failed');
  await rm(host.destination);
  await rm(path.join(host.state, 'launcher-update'));
  await host.run();
  expect(await host.result()).toBe('failed');
});

test.each(SHELLS)('in %j the key server is asked once, and what it sent is used from then on', async (shell) => {
  const host = await setUp(shell);
  await publish(host, older, JANUARY);
  await host.run();
  expect(host.asked()).toBe(1);
  expect(await readFile(path.join(host.state, `${host.fingerprint}.asc`), 'utf8')).toContain('PGP PUBLIC KEY BLOCK');
  await publish(host, newer, JUNE);
  const run = await host.run();
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  expect(await readFile(host.destination)).toEqual(newer);
  expect(host.asked()).toBe(1);
});

test('a host with a copy of the key asks no key server, whatever it answers', async () => {
  const host = await setUp();
  await writeFile(host.keyFile, await host.keyring.exportKey(host.fingerprint));
  await publish(host, older, JANUARY);
  const run = await host.run();
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  host.files.set(`/${NAME}_SHA256SUMS`, Buffer.from(`${'0'.repeat(64)}\n`));
  expect((await host.run()).stderr).toContain('not signed by a valid key');
  expect(host.asked()).toBe(0);
});

test('the key server is asked for a key that has expired, and for a subkey that is new', async () => {
  const host = await setUp();
  await writeFile(host.keyFile, await host.keyring.exportKey(host.fingerprint));
  const { gpg } = host.keyring;
  await gpg('--quick-add-key', host.fingerprint, 'ed25519', 'sign', 'never');
  await host.publishKey(host.fingerprint);
  await host.publish(older, `${digest(older)}  ${NAME}\n`);
  const listed = (await gpg('--list-keys', '--with-colons', host.fingerprint)).toString();
  const subkey = [...listed.matchAll(/^fpr:+([0-9A-F]{40}):/gm)].at(-1)?.[1] ?? '';
  await host.sign(`${digest(older)}  ${NAME}\n`, `${subkey}!`);
  expect(await host.run()).toMatchObject({ exitCode: 0 });
  expect(host.asked()).toBe(1);

  const expired = await setUp();
  await expired.keyring.gpg('--faked-system-time', JANUARY, '--quick-set-expire', expired.fingerprint, '2020-07-01');
  await writeFile(expired.keyFile, await expired.keyring.exportKey(expired.fingerprint));
  await expired.keyring.gpg('--quick-set-expire', expired.fingerprint, '1y');
  await expired.publishKey(expired.fingerprint);
  await publish(expired, newer, JUNE);
  const run = await expired.run();
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  expect(expired.asked()).toBe(1);
});

test('a revocation that a host has seen stays, whatever the key server sends', async () => {
  const host = await setUp();
  await publish(host, older, JANUARY);
  const valid = await host.keyring.exportKey(host.fingerprint);
  await host.keyring.revoke(host.fingerprint);
  await mkdir(host.state);
  await writeFile(path.join(host.state, `${host.fingerprint}.asc`), await host.keyring.exportKey(host.fingerprint));
  await writeFile(host.keyFile, valid);
  expect(await host.run()).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('not signed by a valid key'),
  });
  expect(host.asked()).toBe(0);
});
