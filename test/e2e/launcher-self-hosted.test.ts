import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { LAUNCHER, sha256, startDownloadHost } from '../services/download-host.ts';
import { launcherBytes, setUpDownload } from '../services/launcher-download.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { startBucket } from '../services/s3.ts';
import { temporaryFolder } from '../services/temporary.ts';

const test = testWith('gpg');

test('--offline-dir takes the launcher from a folder and the key from a file, without a request', async () => {
  const host = await startDownloadHost();
  await host.publish(launcherBytes);
  const { folder, file, run } = await setUpDownload(host);
  const carried = path.join(folder, 'carried');
  await mkdir(carried);
  for (const [name, bytes] of host.files) {
    if (name.startsWith(`/${LAUNCHER}`)) await writeFile(path.join(carried, name), bytes);
  }
  expect((await run('--offline-dir', 'carried')).exitCode).toBe(2);
  await writeFile(path.join(carried, 'key.asc'), await host.keyring.exportKey(host.fingerprint));
  const asked = host.requests.length;
  expect(await run('--offline-dir', 'carried', '--signing-key', 'carried/key.asc')).toMatchObject({ exitCode: 0 });
  expect(host.requests).toHaveLength(asked);
  expect(sha256(await readFile(file))).toBe(sha256(launcherBytes));
});

test('a self-hosted launcher is taken from a file or a URL with its SHA-256, and never without', async () => {
  const host = await startDownloadHost();
  host.files.set('/own', launcherBytes);
  const { folder, file, run } = await setUpDownload(host);
  await writeFile(path.join(folder, 'release'), launcherBytes);
  expect((await run('--from', 'release')).exitCode).toBe(2);
  const wrong = await run('--from', `${host.url}/own?X-Amz-Signature=hush`, '--sha256', '0'.repeat(64));
  expect(wrong.exitCode).toBe(69);
  host.files.set('/own?X-Amz-Signature=hush', launcherBytes);
  const other = await run('--from', `${host.url}/own?X-Amz-Signature=hush`, '--sha256', '0'.repeat(64));
  expect(other.exitCode).toBe(76);
  expect(`${wrong.stdout}${other.stdout}`).not.toContain('hush');
  for (const from of ['release', `${host.url}/own?X-Amz-Signature=hush`]) {
    expect(await run('--from', from, '--sha256', sha256(launcherBytes).toUpperCase())).toMatchObject({ exitCode: 0 });
    expect(sha256(await readFile(file))).toBe(sha256(launcherBytes));
  }
});

testWith('aws', 'openssl')(
  'a self-hosted launcher is taken from a bucket, with the credentials the AWS CLI has',
  async () => {
    const folder = await temporaryFolder();
    const bucket = await startBucket('launchers', new Map([['v1/spacelift-launcher', launcherBytes]]));
    const file = path.join(folder, 'spacelift-launcher');
    const download = (env: Readonly<Record<string, string>>, from = 's3://launchers/v1/spacelift-launcher') =>
      spacectl(
        ['launcher', 'download', '--from', from, '--sha256', sha256(launcherBytes), '--output', file, '--json'],
        {
          cwd: folder,
          env,
        },
      );
    const wrongKey = await download({ ...bucket.environment, AWS_SECRET_ACCESS_KEY: 'another' });
    expect(wrongKey.exitCode).toBe(69);
    expect(JSON.parse(String(wrongKey.stdout)).error).toMatchObject({ code: 'SPACECTL_PROGRAM_FAILED' });
    expect((await download(bucket.environment, 's3://launchers/none')).exitCode).toBe(69);
    expect(await readdir(folder)).toEqual([]);
    const run = await download(bucket.environment);
    expect({ exitCode: run.exitCode, stdout: run.stdout }).toMatchObject({ exitCode: 0 });
    expect(sha256(await readFile(file))).toBe(sha256(launcherBytes));
  },
);
