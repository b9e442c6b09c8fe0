import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { currentOwner, formatOwner } from '../../src/files/owner.ts';
import { createAuthority } from '../services/authority.ts';
import { LAUNCHER, machine, program, sha256, startDownloadHost } from '../services/download-host.ts';
import { startHttpServer } from '../services/http-server.ts';
import { launcherBytes, setUpDownload } from '../services/launcher-download.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const test = testWith('gpg');

test('download puts a verified launcher in place, leaves a current one alone, and takes a new one', async () => {
  const host = await startDownloadHost();
  const { file, run } = await setUpDownload(host);
  await host.publish(launcherBytes);
  const first = await run();
  expect({ exitCode: first.exitCode, out: first.stdout }).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(String(first.stdout))).toMatchObject({
    changes: [{ path: file, mode: '0755', status: 'create', sha256: sha256(launcherBytes) }],
    facts: { launcher: { sha256: sha256(launcherBytes), fingerprint: host.fingerprint, environment: 'standard' } },
  });
  expect(sha256(await readFile(file))).toBe(sha256(launcherBytes));
  const asked = host.requests.length;
  expect(JSON.parse(String((await run()).stdout)).changes).toMatchObject([{ status: 'unchanged' }]);
  // Neither the launcher nor the key, which is kept.
  expect(host.requests.slice(asked).map((each) => each.path)).toEqual([
    `/${LAUNCHER}_SHA256SUMS`,
    `/${LAUNCHER}_SHA256SUMS.sig`,
  ]);
  await host.publish(program('two'));
  await run();
  expect(await readFile(file)).toEqual(program('two'));
  expect((await stat(file)).mode & 0o777).toBe(0o755);
});

test('a dry run fetches nothing but what says which launcher it would be', async () => {
  const host = await startDownloadHost();
  const { folder, run } = await setUpDownload(host);
  await host.publish(launcherBytes);
  expect(JSON.parse(String((await run('--dry-run')).stdout)).changes).toMatchObject([{ status: 'create' }]);
  expect(host.requests.map(({ path }) => path)).not.toContain(`/${LAUNCHER}`);
  expect(await readdir(folder)).toEqual(['state']);
});

test('a download that is missing, or redirected to plain http, ends with 69', async () => {
  const host = await startDownloadHost();
  const { folder, env, run } = await setUpDownload(host);
  const missing = await run();
  expect(missing.exitCode).toBe(69);
  expect(String(missing.stdout)).toContain('HTTP 404');
  const tls = await createAuthority();
  const secure = await startHttpServer((_, response) => {
    response.writeHead(302, { location: `${host.url}/${LAUNCHER}` }).end();
  }, tls);
  const ca = path.join(await temporaryFolder(), 'ca.pem');
  await writeFile(ca, tls.authority);
  await host.publish(launcherBytes);
  const redirected = await spacectl(
    ['launcher', 'download', '--launcher-mirror', secure.url, '--download-ca', ca, '--signing-key', 'none', '--json'],
    { cwd: folder, env },
  );
  expect(redirected.exitCode).toBe(69);
  expect(String(redirected.stdout)).toContain('which is not secure');
});

test('a private CA is trusted if given, and named as the cause of the failure if not', async () => {
  const tls = await createAuthority();
  const host = await startDownloadHost(tls);
  await host.publish(launcherBytes);
  const { folder, file, run } = await setUpDownload(host);
  const without = await run();
  expect(without.exitCode).toBe(69);
  expect(JSON.stringify(JSON.parse(String(without.stdout)).error.suggestions)).toContain('--download-ca');
  await writeFile(path.join(folder, 'ca.pem'), tls.authority);
  expect(await run('--download-ca', 'ca.pem')).toMatchObject({ exitCode: 0 });
  expect(sha256(await readFile(file))).toBe(sha256(launcherBytes));
});

test('a cached key is used without the key server; without one, or with a damaged one, the run fails', async () => {
  const host = await startDownloadHost();
  await host.publish(launcherBytes);
  const { run } = await setUpDownload(host);
  await run();
  const key = host.files.get(`/vks/v1/by-fingerprint/${host.fingerprint}`);
  host.files.delete(`/vks/v1/by-fingerprint/${host.fingerprint}`);
  expect(await run()).toMatchObject({ exitCode: 0 });
  expect(key).toBeDefined();
  const other = await setUpDownload(host);
  expect((await other.run()).exitCode).toBe(69);
  const kept = path.join(other.folder, 'state/spacectl/launchers');
  await mkdir(kept, { recursive: true });
  await writeFile(path.join(kept, `${host.fingerprint}.asc`), 'damaged');
  expect((await other.run()).exitCode).toBe(69);
});

test('a download that breaks off goes on where it ended, within one run and in the next', async () => {
  const host = await startDownloadHost();
  await host.publish(launcherBytes);
  const { folder, file, run } = await setUpDownload(host);
  host.breaks.push(1_000_000, 500_000);
  expect(await run()).toMatchObject({ exitCode: 0 });
  const ranges = host.requests.filter(({ path }) => path === `/${LAUNCHER}`).map(({ headers }) => headers.range);
  expect(ranges).toHaveLength(3);
  expect(ranges.slice(1)).toEqual([expect.stringMatching(/^bytes=\d{5,}-$/), expect.stringMatching(/^bytes=\d{6,}-$/)]);
  expect(sha256(await readFile(file))).toBe(sha256(launcherBytes));

  const next = await setUpDownload(host);
  host.breaks.push(700_000, 0, 0, 0, 0, 0);
  expect((await next.run()).exitCode).toBe(69);
  expect((await readdir(next.folder)).filter((name) => name.endsWith('.spacectl-part'))).toHaveLength(1);
  host.breaks.length = 0;
  const asked = host.requests.length;
  expect(await next.run()).toMatchObject({ exitCode: 0 });
  const resumed = host.requests.slice(asked).filter(({ path }) => path === `/${LAUNCHER}`);
  expect(resumed.map(({ headers }) => headers.range)).toEqual([expect.stringMatching(/^bytes=\d{5,}-$/)]);
  expect(sha256(await readFile(next.file))).toBe(sha256(launcherBytes));
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('a damaged partial download of an earlier run is fetched again, and not blamed on the server', async () => {
  const host = await startDownloadHost();
  await host.publish(launcherBytes);
  const { folder, file, run } = await setUpDownload(host);
  const left = path.join(
    folder,
    `.spacelift-launcher.${sha256(launcherBytes).slice(0, 16)}.${formatOwner({ ...currentOwner(), processId: 999999999 })}.spacectl-part`,
  );
  await writeFile(left, Buffer.alloc(1000));
  expect(await run()).toMatchObject({ exitCode: 0 });
  expect(sha256(await readFile(file))).toBe(sha256(launcherBytes));
  expect(await readdir(folder)).toEqual(['spacelift-launcher', 'state']);
});

test('download overwrites a file that is not a program only with --force', async () => {
  const host = await startDownloadHost();
  await host.publish(launcherBytes);
  const { file, run } = await setUpDownload(host);
  await writeFile(file, 'my notes');
  expect((await run()).exitCode).toBe(73);
  expect(await readFile(file, 'utf8')).toBe('my notes');
  expect((await run('--force')).exitCode).toBe(0);
});

test('verify accepts the current launcher, and neither an older one nor one for another environment', async () => {
  const host = await startDownloadHost();
  await host.publish(launcherBytes);
  const { folder, file, source, env } = await setUpDownload(host);
  const verify = (...args: string[]) =>
    spacectl(['launcher', 'verify', file, ...source, ...args], { cwd: folder, env });
  await writeFile(file, launcherBytes);
  const fine = await verify();
  expect(fine).toMatchObject({ exitCode: 0 });
  expect(fine.stdout).toContain(`is ${LAUNCHER}, signed on`);
  await writeFile(file, program('older'));
  expect((await verify()).exitCode).toBe(76);
  await writeFile(file, launcherBytes);
  expect((await verify('--environment', 'fedramp')).exitCode).toBe(69);
  expect((await verify('--arch', machine.name === 'x86_64' ? 'aarch64' : 'x86_64')).exitCode).toBe(65);
});
