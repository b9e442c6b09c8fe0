import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { currentOwner, formatOwner } from '../../src/files/owner.ts';
import { createAuthority } from '../services/authority.ts';
import { type DownloadHost, LAUNCHER, machine, program, sha256, startDownloadHost } from '../services/download-host.ts';
import { startHttpServer } from '../services/http-server.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { startBucket } from '../services/s3.ts';
import { temporaryFolder } from '../services/temporary.ts';

const test = testWith('gpg');
const good = program(Buffer.alloc(3_000_000, 'launcher '));

/** A folder to download into, and a cache of its own. */
async function setUp(host: DownloadHost) {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'spacelift-launcher');
  const env = { XDG_CACHE_HOME: path.join(folder, 'cache'), CI: 'true' };
  const source = ['--launcher-mirror', host.url, '--key-server', host.url, '--fingerprint', host.fingerprint];
  const run = (...args: string[]) =>
    spacectl(['launcher', 'download', ...source, '--output', file, '--json', ...args], { cwd: folder, env });
  return { folder, file, env, source, run };
}

test('download puts a verified launcher in place, leaves a current one alone, and takes a new one', async () => {
  const host = await startDownloadHost();
  const { file, run } = await setUp(host);
  await host.publish(good);
  const first = await run();
  expect({ exitCode: first.exitCode, out: first.stdout }).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(String(first.stdout))).toMatchObject({
    changes: [{ path: file, mode: '0755', status: 'create', sha256: sha256(good) }],
    facts: { launcher: { sha256: sha256(good), fingerprint: host.fingerprint, environment: 'standard' } },
  });
  expect(sha256(await readFile(file))).toBe(sha256(good));
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
  const { folder, run } = await setUp(host);
  await host.publish(good);
  expect(JSON.parse(String((await run('--dry-run')).stdout)).changes).toMatchObject([{ status: 'create' }]);
  expect(host.requests.map(({ path }) => path)).not.toContain(`/${LAUNCHER}`);
  expect(await readdir(folder)).toEqual(['cache']);
});

test('404 and a redirect to plain http end in 69', async () => {
  const host = await startDownloadHost();
  const { folder, env, run } = await setUp(host);
  const missing = await run();
  expect(missing.exitCode).toBe(69);
  expect(String(missing.stdout)).toContain('HTTP 404');
  const tls = await createAuthority();
  const secure = await startHttpServer((_, response) => {
    response.writeHead(302, { location: `${host.url}/${LAUNCHER}` }).end();
  }, tls);
  const ca = path.join(await temporaryFolder(), 'ca.pem');
  await writeFile(ca, tls.authority);
  await host.publish(good);
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
  await host.publish(good);
  const { folder, file, run } = await setUp(host);
  const without = await run();
  expect(without.exitCode).toBe(69);
  expect(JSON.parse(String(without.stdout)).error.suggestions.join()).toContain('--download-ca');
  await writeFile(path.join(folder, 'ca.pem'), tls.authority);
  expect(await run('--download-ca', 'ca.pem')).toMatchObject({ exitCode: 0 });
  expect(sha256(await readFile(file))).toBe(sha256(good));
});

test('a cached key is used while the key server is unreachable, and fetched again once it has expired', async () => {
  const host = await startDownloadHost();
  await host.publish(good);
  const { run } = await setUp(host);
  await run();
  const key = host.files.get(`/vks/v1/by-fingerprint/${host.fingerprint}`);
  host.files.delete(`/vks/v1/by-fingerprint/${host.fingerprint}`);
  expect(await run()).toMatchObject({ exitCode: 0 });
  expect(key).toBeDefined();
  const other = await setUp(host);
  expect((await other.run()).exitCode).toBe(69);
  const kept = path.join(other.folder, 'cache/spacectl/signing-keys');
  await mkdir(kept, { recursive: true });
  await writeFile(path.join(kept, `${host.fingerprint}.asc`), 'damaged');
  expect((await other.run()).exitCode).toBe(69);
});

test('a download that breaks off goes on where it ended, within one run and in the next', async () => {
  const host = await startDownloadHost();
  await host.publish(good);
  const { folder, file, run } = await setUp(host);
  host.breaks.push(1_000_000, 500_000);
  expect(await run()).toMatchObject({ exitCode: 0 });
  const ranges = host.requests.filter(({ path }) => path === `/${LAUNCHER}`).map(({ headers }) => headers.range);
  expect(ranges).toHaveLength(3);
  expect(ranges.slice(1)).toEqual([expect.stringMatching(/^bytes=\d{5,}-$/), expect.stringMatching(/^bytes=\d{6,}-$/)]);
  expect(sha256(await readFile(file))).toBe(sha256(good));

  const next = await setUp(host);
  host.breaks.push(700_000, 0, 0, 0, 0, 0);
  expect((await next.run()).exitCode).toBe(69);
  expect((await readdir(next.folder)).filter((name) => name.endsWith('.spacectl-part'))).toHaveLength(1);
  host.breaks.length = 0;
  const asked = host.requests.length;
  expect(await next.run()).toMatchObject({ exitCode: 0 });
  const resumed = host.requests.slice(asked).filter(({ path }) => path === `/${LAUNCHER}`);
  expect(resumed.map(({ headers }) => headers.range)).toEqual([expect.stringMatching(/^bytes=\d{5,}-$/)]);
  expect(sha256(await readFile(next.file))).toBe(sha256(good));
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('a damaged partial download of an earlier run is fetched again, and not blamed on the server', async () => {
  const host = await startDownloadHost();
  await host.publish(good);
  const { folder, file, run } = await setUp(host);
  const left = path.join(
    folder,
    `.spacelift-launcher.${sha256(good).slice(0, 16)}.${formatOwner({ ...currentOwner(), processId: 999999999 })}.spacectl-part`,
  );
  await writeFile(left, Buffer.alloc(1000));
  expect(await run()).toMatchObject({ exitCode: 0 });
  expect(sha256(await readFile(file))).toBe(sha256(good));
  expect(await readdir(folder)).toEqual(['cache', 'spacelift-launcher']);
});

test('offline: everything from a folder, the key from a file', async () => {
  const host = await startDownloadHost();
  await host.publish(good);
  const { folder, file, run } = await setUp(host);
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
  expect(sha256(await readFile(file))).toBe(sha256(good));
});

test('self-hosted: a file or URL with its SHA-256, and never without', async () => {
  const host = await startDownloadHost();
  host.files.set('/own', good);
  const { folder, file, run } = await setUp(host);
  await writeFile(path.join(folder, 'release'), good);
  expect((await run('--from', 'release')).exitCode).toBe(2);
  const wrong = await run('--from', `${host.url}/own?X-Amz-Signature=hush`, '--sha256', '0'.repeat(64));
  expect(wrong.exitCode).toBe(69);
  host.files.set('/own?X-Amz-Signature=hush', good);
  const other = await run('--from', `${host.url}/own?X-Amz-Signature=hush`, '--sha256', '0'.repeat(64));
  expect(other.exitCode).toBe(76);
  expect(`${wrong.stdout}${other.stdout}`).not.toContain('hush');
  for (const from of ['release', `${host.url}/own?X-Amz-Signature=hush`]) {
    expect(await run('--from', from, '--sha256', sha256(good).toUpperCase())).toMatchObject({ exitCode: 0 });
    expect(sha256(await readFile(file))).toBe(sha256(good));
  }
});

testWith('aws', 'openssl')('self-hosted: out of a bucket, with the credentials AWS has for it', async () => {
  const folder = await temporaryFolder();
  const bucket = await startBucket('launchers', new Map([['v1/spacelift-launcher', good]]));
  const file = path.join(folder, 'spacelift-launcher');
  const download = (env: Readonly<Record<string, string>>, from = 's3://launchers/v1/spacelift-launcher') =>
    spacectl(['launcher', 'download', '--from', from, '--sha256', sha256(good), '--output', file, '--json'], {
      cwd: folder,
      env,
    });
  const wrongKey = await download({ ...bucket.environment, AWS_SECRET_ACCESS_KEY: 'another' });
  expect(wrongKey.exitCode).toBe(69);
  expect(JSON.parse(String(wrongKey.stdout)).error).toMatchObject({ code: 'SPACECTL_PROGRAM_FAILED' });
  expect((await download(bucket.environment, 's3://launchers/none')).exitCode).toBe(69);
  expect(await readdir(folder)).toEqual([]);
  const run = await download(bucket.environment);
  expect({ exitCode: run.exitCode, stdout: run.stdout }).toMatchObject({ exitCode: 0 });
  expect(sha256(await readFile(file))).toBe(sha256(good));
});

test('a file that is no program is not overwritten without --force', async () => {
  const host = await startDownloadHost();
  await host.publish(good);
  const { file, run } = await setUp(host);
  await writeFile(file, 'my notes');
  expect((await run()).exitCode).toBe(73);
  expect(await readFile(file, 'utf8')).toBe('my notes');
  expect((await run('--force')).exitCode).toBe(0);
});

test('verify: the current launcher, an older one, one for another environment', async () => {
  const host = await startDownloadHost();
  await host.publish(good);
  const { folder, file, source, env } = await setUp(host);
  const verify = (...args: string[]) =>
    spacectl(['launcher', 'verify', file, ...source, ...args], { cwd: folder, env });
  await writeFile(file, good);
  const fine = await verify();
  expect(fine).toMatchObject({ exitCode: 0 });
  expect(fine.stdout).toContain(`is ${LAUNCHER}, signed on`);
  await writeFile(file, program('older'));
  expect((await verify()).exitCode).toBe(76);
  await writeFile(file, good);
  expect((await verify('--environment', 'fedramp')).exitCode).toBe(69);
  expect((await verify('--arch', machine.name === 'x86_64' ? 'aarch64' : 'x86_64')).exitCode).toBe(65);
});

test.each([
  ['worker-iot.spacelift.io', 'https://downloads.spacelift.io/spacelift-launcher-aarch64'],
  ['ssl://worker-iot.us.spacelift.io:8883', 'https://downloads.us.spacelift.io/spacelift-launcher-aarch64'],
  ['worker-iot.fedramp.spacelift.io', 'https://downloads.spacelift.io/spacelift-launcher-fedramp-aarch64'],
])('the token says where the launcher is: %s', async (endpoint, url) => {
  const folder = await temporaryFolder();
  const token = Buffer.from(JSON.stringify({ broker: { endpoint } })).toString('base64');
  await writeFile(path.join(folder, 'worker-pool.config'), token);
  const inFolder = await spacectl(['launcher', 'url', '--arch', 'arm64'], { cwd: folder });
  expect(inFolder.stdout).toBe(url);
  const given = await spacectl(['launcher', 'url', '--arch', 'arm64', '--token-file', '-'], {
    input: token,
    stdin: 'pipe',
  });
  expect(given.stdout).toBe(url);
});

test('what is rendered for a host downloads from the domain of the token, unless another is given', async () => {
  const folder = await temporaryFolder();
  const broker = { endpoint: 'worker-iot.us.spacelift.io' };
  await writeFile(path.join(folder, 'worker-pool.config'), Buffer.from(JSON.stringify({ broker })).toString('base64'));
  const script = path.join(folder, 'systemd/spacelift-update-launcher');
  expect(await spacectl(['render', 'systemd', '--dir', folder])).toMatchObject({ exitCode: 0 });
  expect(await readFile(script, 'utf8')).toContain("\ndomain='us.spacelift.io'\n");
  const url = 'https://spacelift.example.com';
  const fedramp = ['--environment', 'fedramp', '--domain', 'mirror.example.com', '--worker-comms-url', url];
  await spacectl(['render', 'systemd', '--dir', folder, ...fedramp]);
  expect(await readFile(script, 'utf8')).toContain("\ndomain='mirror.example.com'\nvariant='-fedramp'\n");
});
