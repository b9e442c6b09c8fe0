import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { LAUNCHER, program, sha256, startDownloadHost } from '../services/download-host.ts';
import { setUpDownload } from '../services/launcher-download.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';

const test = testWith('gpg');
const older = program('the release of January');
const newer = program('the release of June');

/** A download host whose key is old enough for two releases, and a machine that downloads from it. */
async function setUp() {
  const host = await startDownloadHost();
  const fingerprint = await host.keyring.makeKey('old@example.com', 'never', 'sign', [
    '--faked-system-time',
    '20191201T000000!',
  ]);
  await host.publishKey(fingerprint);
  const { folder, file, env } = await setUpDownload(host);
  const source = ['--launcher-mirror', host.url, '--key-server', host.url, '--fingerprint', fingerprint, '--json'];
  const run = (command: string, ...args: string[]) =>
    spacectl(['launcher', command, ...source, ...args], { cwd: folder, env });
  const download = (...args: string[]) => run('download', '--output', file, ...args);
  const publish = async (bytes: Buffer, month: string) => {
    host.files.set(`/${LAUNCHER}`, bytes);
    await host.sign(`${sha256(bytes)}  ${LAUNCHER}\n`, fingerprint, '--faked-system-time', `2020${month}01T000000!`);
  };
  const record = path.join(folder, 'state/spacectl/launchers', `${fingerprint}-spacelift.io-${LAUNCHER}.signed`);
  return { folder, file, run, download, publish, record };
}

test('a genuine launcher that is older than the newest one seen is refused, and the one on disk stays', async () => {
  const { download, publish, file, run, record } = await setUp();
  await publish(newer, '06');
  expect(await download()).toMatchObject({ exitCode: 0 });
  const kept = await readFile(record);
  await publish(older, '01');
  const refused = await download();
  expect(refused.exitCode).toBe(76);
  expect(JSON.parse(String(refused.stdout)).error).toMatchObject({
    code: 'SPACECTL_DIGEST_MISMATCH',
    message: expect.stringContaining('signed on 2020-01-01T00:00:00Z, and a newer release was seen'),
    suggestions: expect.arrayContaining([{ text: expect.stringContaining('--allow-downgrade') }]),
  });
  expect(await readFile(file)).toEqual(newer);
  expect(await run('verify', file)).toMatchObject({ exitCode: 76 });
  // It is about releases, not about this file.
  await rm(file);
  expect(await download()).toMatchObject({ exitCode: 76 });
  expect(await readFile(record)).toEqual(kept);
});

test('--allow-downgrade accepts an older launcher with a warning, once: the newest time seen stays', async () => {
  const { download, publish, file, record } = await setUp();
  await publish(newer, '06');
  await download();
  const kept = await readFile(record);
  await publish(older, '01');
  const allowed = await download('--allow-downgrade');
  expect(allowed).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(String(allowed.stdout)).warnings).toEqual([expect.stringContaining('a newer release was seen')]);
  expect(await readFile(file)).toEqual(older);
  expect(await readFile(record)).toEqual(kept);
  expect(await download()).toMatchObject({ exitCode: 76 });
});

test('a launcher of another environment is another one, and may be older', async () => {
  const { download, publish, folder } = await setUp();
  await publish(newer, '06');
  await download();
  await publish(older, '01');
  expect(await download('--environment', 'us', '--force')).toMatchObject({ exitCode: 0 });
  expect((await readdir(path.join(folder, 'state/spacectl/launchers'))).filter((name) => /signed$/.test(name))).toEqual(
    expect.arrayContaining([expect.stringContaining('-us.spacelift.io-'), expect.stringContaining('-spacelift.io-')]),
  );
});

test('a damaged record, and one that cannot be written, are warnings', async () => {
  const { download, publish, folder, record } = await setUp();
  await publish(newer, '06');
  await download();
  await writeFile(record, 'yesterday');
  const warningsOf = async () => JSON.parse(String((await download()).stdout)).warnings;
  expect(await warningsOf()).toEqual([expect.stringContaining('is damaged')]);
  expect(await warningsOf()).toEqual([]);
  await rm(path.join(folder, 'state'), { recursive: true });
  await writeFile(path.join(folder, 'state'), '');
  expect(await warningsOf()).toEqual(
    expect.arrayContaining([expect.stringContaining('An older launcher would not be noticed next time')]),
  );
});

test('the key server is asked once, and again for a signature by a subkey that the kept key does not have', async () => {
  const host = await startDownloadHost();
  const { keyring, fingerprint } = host;
  await host.publish(older);
  const { run } = await setUpDownload(host);
  const asked = () => host.requests.filter((each) => each.path.includes('by-fingerprint')).length;
  for (const _ of [1, 2]) expect(await run()).toMatchObject({ exitCode: 0 });
  expect(asked()).toBe(1);
  await keyring.gpg('--quick-add-key', fingerprint, 'ed25519', 'sign', 'never');
  const [, subkey] = await keyring.fingerprintsOf(fingerprint);
  await host.publishKey(fingerprint);
  host.files.set(`/${LAUNCHER}`, newer);
  await host.sign(`${sha256(newer)}  ${LAUNCHER}\n`, `${subkey}!`);
  expect(await run()).toMatchObject({ exitCode: 0 });
  expect(asked()).toBe(2);
});
