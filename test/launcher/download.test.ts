import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, vi } from 'vitest';
import { launcher } from '../../src/launcher/download-step.ts';
import { ask } from '../../src/step/ask.ts';
import { applyPlans, planSteps, type RunTasks } from '../../src/step/run.ts';
import { type DownloadHost, LAUNCHER, machine, program, sha256, startDownloadHost } from '../services/download-host.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const test = testWith('gpg');
const good = program('the launcher of today');
const goodSums = `${sha256(good)}  ${LAUNCHER}\n`;

afterEach(() => vi.unstubAllEnvs());

const quietly: RunTasks = async (tasks) => {
  for (const task of tasks) await task.run(() => {});
};

/** Plans and applies the download into a folder with a cache of its own. @returns the plan's warnings */
async function download(host: DownloadHost, folder: string): Promise<readonly string[]> {
  vi.stubEnv('XDG_STATE_HOME', path.join(folder, 'state'));
  const flags = {
    'launcher-mirror': [host.url],
    'key-server': [host.url],
    fingerprint: [host.fingerprint],
    output: [path.join(folder, 'launcher')],
  };
  const { values } = await ask(launcher.inputs, { flags, environment: {}, answersFile: {} });
  const options = { signal: new AbortController().signal, force: false, runTasks: quietly };
  const plans = await planSteps([launcher], values, options);
  await applyPlans(plans, options);
  return plans.flatMap(({ plan }) => plan.warnings ?? []);
}

const PAST = '20200101T000000';
const refusals: readonly (readonly [string, (host: DownloadHost) => Promise<unknown>, string | RegExp])[] = [
  ['a tampered program', async ({ files }) => files.set(`/${LAUNCHER}`, program('evil')), 'does not match its SHA-256'],
  [
    'a truncated program',
    async ({ files }) => files.set(`/${LAUNCHER}`, good.subarray(0, 70)),
    'does not match its SHA-256',
  ],
  ['a web page with status 200', async ({ files }) => files.set(`/${LAUNCHER}`, Buffer.from('<html>')), 'a web page'],
  [
    'a web page for the signature',
    async ({ files }) => files.set(`/${LAUNCHER}_SHA256SUMS.sig`, Buffer.from('<html>')),
    'is not an OpenPGP signature but a web page',
  ],
  [
    'checksums changed after signing',
    async ({ files }) => files.set(`/${LAUNCHER}_SHA256SUMS`, Buffer.from(`${'0'.repeat(64)}  ${LAUNCHER}\n`)),
    'has no valid signature',
  ],
  [
    'a signature by another key, though the server offers that key too',
    async (host) => {
      const other = await host.keyring.makeKey('other@example.com');
      await host.sign(goodSums, other);
    },
    'signed by a different key',
  ],
  [
    'another key from the key server',
    async (host) => {
      const other = await host.keyring.makeKey('other@example.com');
      await host.sign(goodSums, other);
      host.files.set(`/vks/v1/by-fingerprint/${host.fingerprint}`, await host.keyring.exportKey(other));
    },
    'does not contain the key',
  ],
  [
    'a key that had expired when it signed',
    async (host) => {
      const { keyring } = host;
      const old = await keyring.makeKey('old@example.com', 'never', 'sign', ['--faked-system-time', PAST]);
      const signature = await keyring.sign(goodSums, old);
      await keyring.gpg('--faked-system-time', '20200601T000000', '--quick-set-expire', old, '2021-01-01');
      await pin(host, old, signature);
    },
    'expired on 2021-01-01',
  ],
  [
    'a subkey that had expired when it signed',
    async (host) => {
      const { keyring } = host;
      const primary = await keyring.makeKey('sub@example.com', 'never', 'cert', ['--faked-system-time', PAST]);
      await keyring.gpg('--faked-system-time', PAST, '--quick-add-key', primary, 'ed25519', 'sign', 'never');
      const signature = await keyring.sign(goodSums, primary);
      await keyring.gpg('--faked-system-time', '20200601T000000', '--quick-set-expire', primary, '2021-01-01', '*');
      await pin(host, primary, signature);
    },
    'has no valid signature',
  ],
  [
    'a revoked key, though it signed before',
    async (host) => {
      const { keyring, fingerprint } = host;
      await keyring.revoke(fingerprint);
      await host.publishKey(fingerprint);
    },
    /^The signing key [0-9A-F]{40} is revoked$/,
  ],
  [
    'checksums that name another file: FedRAMP for standard',
    (host) => host.sign(`${sha256(good)}  spacelift-launcher-fedramp-${machine.name}\n`),
    `only spacelift-launcher-fedramp-${machine.name}`,
  ],
  ['two lines for the file', (host) => host.sign(`${goodSums}${'0'.repeat(64)}  ${LAUNCHER}\n`), '2 times'],
  ['checksums that are something else', (host) => host.sign('hello\n'), 'does not contain SHA-256 checksums'],
  ['a program for another kind of machine', (host) => host.publish(program('x', machine.other)), 'not for'],
  ['signed, but no program', (host) => host.publish(Buffer.from('#!/bin/sh\n')), 'is not a Linux program'],
];

/** Puts a key in the place of the pinned one. */
async function pin(host: DownloadHost, fingerprint: string, signature: Buffer): Promise<void> {
  host.files.set(`/${LAUNCHER}_SHA256SUMS`, Buffer.from(goodSums));
  host.files.set(`/${LAUNCHER}_SHA256SUMS.sig`, signature);
  await host.publishKey(fingerprint);
  Object.assign(host, { fingerprint });
}

test.each(refusals)('a launcher is refused and the existing one kept: %s', async (_case, spoil, message) => {
  const host = await startDownloadHost();
  await host.publish(good);
  await spoil(host);
  const folder = await temporaryFolder();
  const file = path.join(folder, 'launcher');
  await writeFile(file, program('old'));
  const code = /not a Linux program|not for/.test(String(message)) ? 'SPACECTL_BAD_DATA' : 'SPACECTL_DIGEST_MISMATCH';
  const failed = download(host, folder);
  await expect(failed).rejects.toMatchObject({ code });
  await expect(failed).rejects.toThrow(message);
  expect(await readFile(file)).toEqual(program('old'));
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('a signature by a subkey, by a key that expired later, and by one whose expiry was extended is accepted', async () => {
  const host = await startDownloadHost();
  const { keyring } = host;
  host.files.set(`/${LAUNCHER}`, good);
  const primary = await keyring.makeKey('sub@example.com', 'never', 'cert');
  await keyring.gpg('--quick-add-key', primary, 'ed25519', 'sign', 'never');
  await pin(host, primary, await keyring.sign(goodSums, primary));
  expect(await download(host, await temporaryFolder())).toEqual([]);

  const extended = await keyring.makeKey('extended@example.com', '1y', 'sign', ['--faked-system-time', PAST]);
  await pin(host, extended, await keyring.sign(goodSums, extended, '--faked-system-time', '20200601T000000'));
  expect((await download(host, await temporaryFolder())).join()).toContain('expired on 2020-12-31');
  await keyring.gpg('--quick-set-expire', extended, '1y');
  await host.publishKey(extended);
  expect(await download(host, await temporaryFolder())).toEqual([]);
});
