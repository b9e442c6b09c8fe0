import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { createAuthority } from '../services/authority.ts';
import { sha256 as digest, machine, LAUNCHER as NAME, program } from '../services/download-host.ts';
import { withoutPrograms } from '../services/hidden-programs.ts';
import { startHttpServer } from '../services/http-server.ts';
import { NAMESPACES, testWith } from '../services/programs.ts';
import { setUpUpdater as setUp, type UpdatingHost } from '../services/updater.ts';

testWith('gpg', 'curl', 'dash', 'bash', 'busybox').each([[['dash']], [['bash', '--posix']], [['busybox', 'sh']]])(
  'in %j the update script installs what is signed, updates it, and leaves a current one alone',
  async (shell) => {
    const host = await setUp(shell);
    await host.publish(program('one'));
    const first = await host.run();
    expect({ exitCode: first.exitCode, stderr: first.stderr }).toMatchObject({ exitCode: 0 });
    expect(await readFile(host.destination)).toEqual(program('one'));
    expect((await stat(host.destination)).mode & 0o777).toBe(0o755);
    expect((await host.run()).stderr).toContain('the launcher is up to date');
    await host.publish(program('two'));
    await host.run();
    expect(await readFile(host.destination)).toEqual(program('two'));
  },
);

const good = program('good');
const cases: readonly (readonly [string, (host: UpdatingHost) => Promise<unknown>, string])[] = [
  ['a tampered program', async (host) => host.files.set(`/${NAME}`, program('evil')), 'does not match its checksum'],
  [
    'a truncated program',
    async (host) => host.files.set(`/${NAME}`, good.subarray(0, 20)),
    'does not match its checksum',
  ],
  [
    'checksums changed after signing',
    async (host) => host.files.set(`/${NAME}_SHA256SUMS`, Buffer.from('0'.repeat(64))),
    'not signed by a valid key',
  ],
  ['no signature', async (host) => host.files.delete(`/${NAME}_SHA256SUMS.sig`), 'cannot download'],
  [
    'a web page for a signature',
    async (host) => host.files.set(`/${NAME}_SHA256SUMS.sig`, Buffer.from('<html>')),
    'not signed',
  ],
  [
    'not signed by the key',
    async (host) => {
      const other = await host.keyring.makeKey('other@example.com');
      await host.sign(`${digest(good)}  ${NAME}\n`, other);
      await host.publishKey(other);
    },
    'not signed by the key',
  ],
  [
    'a digest of another file',
    (host) => host.sign(`${digest(good)}  spacelift-launcher-fedramp-${machine.name}\n`),
    'have no digest',
  ],
  [
    'two digests for the file',
    (host) => host.sign(`${digest(good)}  ${NAME}\n${'0'.repeat(64)}  ${NAME}\n`),
    'have no digest',
  ],
  [
    'a web page for the program, with status 200',
    async (host) => host.files.set(`/${NAME}`, Buffer.from('<html>Sign in</html>')),
    'does not match its checksum',
  ],
  ['no program', async (host) => host.files.delete(`/${NAME}`), 'cannot download'],
  [
    'the pinned key itself, expired',
    async (host) => {
      const [made, used] = ['20200101T000000!', '20200601T000000!'].map((time) => ['--faked-system-time', time]);
      host.pinned.fingerprint = await host.keyring.makeKey('expired@example.com', '1y', 'sign', made);
      await host.publishKey(host.pinned.fingerprint);
      await host.sign(`${digest(good)}  ${NAME}\n`, host.pinned.fingerprint, ...(used ?? []));
    },
    'not signed by a valid key',
  ],
  [
    'the pinned key itself, revoked',
    async (host) => {
      await host.keyring.revoke(host.fingerprint);
      await host.publishKey(host.fingerprint);
    },
    'not signed by a valid key',
  ],
  ['a program for another machine', (host) => host.publish(program('arm', 0x28)), 'for another architecture'],
  ['something that is no program', (host) => host.publish(Buffer.from('<html>')), 'not an ELF program'],
];

testWith('gpg', 'curl', 'dash').each(cases)(
  'the update script refuses a launcher and installs nothing: %s',
  async (_case, spoil, message) => {
    const host = await setUp(['dash']);
    await host.publish(good);
    await spoil(host);
    const run = await host.run();
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(message);
    await expect(stat(host.destination)).rejects.toThrow('ENOENT');
  },
);

testWith(
  'gpg',
  'curl',
  'dash',
)('a launcher verified earlier stays when the update fails, and the script succeeds', async () => {
  const host = await setUp(['dash']);
  await mkdir(path.dirname(host.destination), { recursive: true });
  await writeFile(host.destination, 'old');
  await chmod(host.destination, 0o755);
  await host.publish(good);
  host.files.set(`/${NAME}`, program('evil'));
  const run = await host.run();
  expect(run).toMatchObject({ exitCode: 0 });
  expect(run.stderr).toContain('keeping the launcher that was verified earlier');
  expect(await readFile(host.destination, 'utf8')).toBe('old');
});

testWith(
  'gpg',
  'curl',
  'dash',
)('the update script accepts a signature by a subkey of the pinned key', async () => {
  const host = await setUp(['dash']);
  await host.publish(good);
  const { gpg } = host.keyring;
  await gpg('--quick-add-key', host.fingerprint, 'ed25519', 'sign', 'never');
  const listed = (await gpg('--list-keys', '--with-colons', host.fingerprint)).toString();
  const subkey = [...listed.matchAll(/^fpr:+([0-9A-F]{40}):/gm)].at(-1)?.[1] ?? '';
  expect(subkey).not.toBe(host.fingerprint);
  await host.publishKey(host.fingerprint);
  await host.sign(`${digest(good)}  ${NAME}\n`, `${subkey}!`);
  const run = await host.run();
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  expect(await readFile(host.destination)).toEqual(good);
});

testWith(
  'gpg',
  'curl',
  'dash',
  'openssl',
)('the update script follows redirects from HTTPS to HTTPS, and never to plain HTTP', async () => {
  const host = await setUp(['dash']);
  await host.publish(good);
  const tls = await createAuthority();
  const authority = path.join(host.folder, 'ca.crt');
  await writeFile(authority, tls.authority);
  const secure = await startHttpServer((request, response) => {
    const body = host.files.get(request.url ?? '');
    response.writeHead(body ? 200 : 404).end(body);
  }, tls);
  const redirecting = (to: string) =>
    startHttpServer((request, response) => response.writeHead(302, { location: `${to}${request.url}` }).end(), tls);
  const from = (url: string) => ({
    CURL_CA_BUNDLE: authority,
    SPACELIFT_LAUNCHER_DOWNLOADS: url,
    SPACELIFT_LAUNCHER_KEY_URL: `${url}/key`,
  });
  const down = await host.run(from((await redirecting(host.url)).url));
  expect(down.exitCode).toBe(1);
  expect(down.stderr).toContain('cannot download');
  await expect(stat(host.destination)).rejects.toThrow('ENOENT');
  const along = await host.run(from((await redirecting(secure.url)).url));
  expect({ exitCode: along.exitCode, stderr: along.stderr }).toMatchObject({ exitCode: 0 });
  const plain = await host.run({ SPACELIFT_LAUNCHER_DOWNLOADS: 'http://downloads.spacelift.io' });
  expect(plain.stderr).toContain('not HTTPS');
});

testWith(
  NAMESPACES,
  'gpg',
  'wget',
  'curl',
  'dash',
)('the update script uses wget where curl is missing', async () => {
  const host = await setUp(['dash']);
  await host.publish(good);
  host.within.push(...withoutPrograms('curl'));
  const run = await host.run();
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  expect(await readFile(host.destination)).toEqual(good);
  expect(host.requests.at(-1)?.headers['user-agent']).toContain('Wget');
  host.files.delete(`/${NAME}_SHA256SUMS`);
  expect((await host.run()).stderr).toContain('keeping the launcher that was verified earlier');
});

// gnupg2-minimal of Amazon Linux 2023 has no gpg-agent (amazonlinux/amazon-linux-2023, issue 791).
testWith(
  NAMESPACES,
  'gpg',
  'gpg-agent',
  'curl',
  'dash',
)('the update script needs no gpg-agent', async () => {
  const host = await setUp(['dash']);
  await host.publish(good);
  host.within.push(...withoutPrograms('gpg-agent'));
  const run = await host.run();
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  expect(await readFile(host.destination)).toEqual(good);
});

testWith(
  'gpg',
  'curl',
  'dash',
)('with --require-update, an older launcher will not do', async () => {
  const host = await setUp(['dash']);
  await host.publish(good);
  expect(await host.run({}, '--require-update')).toMatchObject({ exitCode: 0 });
  host.files.delete(`/${NAME}_SHA256SUMS`);
  expect(await host.run()).toMatchObject({ exitCode: 0 });
  expect(await host.run({}, '--require-update')).toMatchObject({ exitCode: 1 });
  expect(await readFile(host.destination)).toEqual(good);
});
