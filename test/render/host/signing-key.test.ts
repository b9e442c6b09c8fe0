import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, vi } from 'vitest';
import { createHttpClient } from '../../../src/http/index.ts';
import { findSigningKey } from '../../../src/launcher/signing-key.ts';
import { systemd } from '../../../src/render/systemd/step.ts';
import { startDownloadHost } from '../../services/download-host.ts';
import { testWith } from '../../services/programs.ts';
import { planPool, renderStep } from '../../services/render.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const test = testWith('gpg');
const NAME = 'systemd/launcher-signing-key.asc';

afterEach(() => vi.unstubAllEnvs());

/** A signing key, in a file and on a key server, and a state directory that is empty. */
async function setUp() {
  const server = await startDownloadHost();
  const folder = await temporaryFolder();
  vi.stubEnv('XDG_STATE_HOME', folder);
  const { fingerprint, keyring } = server;
  const file = path.join(folder, 'key.asc');
  await writeFile(file, await keyring.exportKey(fingerprint));
  const render = (...flags: string[]) => renderStep(systemd, planPool(), flags);
  return { ...server, file, render };
}

/** Reads a rendered key as GnuPG does. @returns its fingerprint and its kinds of packets */
async function packetsOf(key: string, keyring: Awaited<ReturnType<typeof setUp>>['keyring']) {
  const file = path.join(await temporaryFolder(), 'key');
  await writeFile(file, key);
  return (await keyring.gpg('--with-colons', '--show-keys', file)).toString();
}

test('--signing-key renders the key for hosts, public bytes only, with its fingerprint pinned', async () => {
  const { file, fingerprint, keyring, render, requests } = await setUp();
  await writeFile(file, await keyring.gpg('--export-secret-keys', '--armor', fingerprint));
  const texts = await render('--signing-key', file, '--fingerprint', fingerprint);
  const key = texts[NAME] ?? '';
  expect(key).toContain('BEGIN PGP PUBLIC KEY BLOCK');
  const packets = await packetsOf(key, keyring);
  expect(packets).toContain(`fpr:::::::::${fingerprint}:`);
  expect(packets).not.toMatch(/^sec:/m);
  expect(texts['systemd/spacelift-update-launcher']).toContain(`fingerprint='${fingerprint}'`);
  expect(texts['systemd/install.sh']).toContain(
    '644 root launcher-signing-key.asc /etc/spacelift/launcher-signing-key.asc',
  );
  expect(requests).toHaveLength(0);
});

test('another key than the pinned one is refused', async () => {
  const { file, render } = await setUp();
  await expect(render('--signing-key', file)).rejects.toMatchObject({ code: 'SPACECTL_DIGEST_MISMATCH' });
});

test('a key that was fetched for a download is rendered from then on; no key server is asked for it', async () => {
  const { fingerprint, keyring, render, url, requests } = await setUp();
  expect(await render('--fingerprint', fingerprint)).not.toHaveProperty([NAME]);
  await findSigningKey({ fingerprint, server: url }, createHttpClient(), new AbortController().signal);
  const asked = requests.length;
  const key = (await render('--fingerprint', fingerprint))[NAME] ?? '';
  expect(await packetsOf(key, keyring)).toContain(`fpr:::::::::${fingerprint}:`);
  expect(requests).toHaveLength(asked);
});
