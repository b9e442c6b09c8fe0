import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { quoteForShell } from '../../src/render/shell.ts';
import { fillTemplate } from '../../src/render/template.ts';
import { sha256 as digest, machine, LAUNCHER as NAME, program, startDownloadHost } from '../services/download-host.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** A download host with a signing key of its own, and a machine that updates from it. */
async function setUp(shell: readonly string[]) {
  const folder = await temporaryFolder();
  const host = await startDownloadHost();
  const script = path.join(folder, 'update');
  await writeFile(
    script,
    await fillTemplate(
      'systemd/spacelift-update-launcher',
      { domain: 'spacelift.io', variant: '', fingerprint: host.fingerprint },
      quoteForShell,
    ),
  );
  const destination = path.join(folder, 'bin/spacelift-launcher');
  const run = () =>
    execa(shell[0] ?? 'sh', [...shell.slice(1), script], {
      reject: false,
      env: {
        SPACELIFT_LAUNCHER_DESTINATION: destination,
        SPACELIFT_LAUNCHER_DOWNLOADS: host.url,
        SPACELIFT_LAUNCHER_KEY_URL: `${host.url}/key`,
        SPACELIFT_LAUNCHER_KEY_FILE: path.join(folder, 'none'),
      },
    });
  return { ...host, run, destination };
}

testWith('gpg', 'curl', 'dash', 'bash', 'busybox').each([[['dash']], [['bash', '--posix']], [['busybox', 'sh']]])(
  '%j installs what is signed, updates it, and leaves a current one alone',
  async (shell) => {
    const host = await setUp(shell);
    await host.publish(program('one'));
    const first = await host.run();
    expect({ exitCode: first.exitCode, stderr: first.stderr }).toMatchObject({ exitCode: 0 });
    expect(await readFile(host.destination)).toEqual(program('one'));
    expect((await stat(host.destination)).mode & 0o777).toBe(0o755);
    expect((await host.run()).stderr).toContain('the launcher is current');
    await host.publish(program('two'));
    await host.run();
    expect(await readFile(host.destination)).toEqual(program('two'));
  },
);

type Host = Awaited<ReturnType<typeof setUp>>;
const good = program('good');
const cases: readonly (readonly [string, (host: Host) => Promise<unknown>, string])[] = [
  ['a tampered program', async (host) => host.files.set(`/${NAME}`, program('evil')), 'not what its checksum says'],
  [
    'a truncated program',
    async (host) => host.files.set(`/${NAME}`, good.subarray(0, 20)),
    'not what its checksum says',
  ],
  [
    'checksums changed after signing',
    async (host) => host.files.set(`/${NAME}_SHA256SUMS`, Buffer.from('0'.repeat(64))),
    'not signed by a valid key',
  ],
  ['no signature', async (host) => host.files.delete(`/${NAME}_SHA256SUMS.sig`), 'cannot fetch'],
  [
    'a web page for a signature',
    async (host) => host.files.set(`/${NAME}_SHA256SUMS.sig`, Buffer.from('<html>')),
    'not signed',
  ],
  [
    'another key',
    async (host) => {
      const other = await host.keyring.makeKey('other@example.com');
      await host.sign(`${digest(good)}  ${NAME}\n`, other);
      await host.publishKey(other);
    },
    'another key',
  ],
  [
    'a digest of another file',
    (host) => host.sign(`${digest(good)}  spacelift-launcher-fedramp-${machine.name}\n`),
    'name no digest',
  ],
  [
    'two digests for the file',
    (host) => host.sign(`${digest(good)}  ${NAME}\n${'0'.repeat(64)}  ${NAME}\n`),
    'name no digest',
  ],
  ['a program for another machine', (host) => host.publish(program('arm', 0x28)), 'another kind of machine'],
  ['something that is no program', (host) => host.publish(Buffer.from('<html>')), 'not a program'],
];

testWith('gpg', 'curl', 'dash').each(cases)('refused, and nothing installed: %s', async (_case, spoil, message) => {
  const host = await setUp(['dash']);
  await host.publish(good);
  await spoil(host);
  const run = await host.run();
  expect(run.exitCode).toBe(1);
  expect(run.stderr).toContain(message);
  await expect(stat(host.destination)).rejects.toThrow('ENOENT');
});

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
  expect(run.stderr).toContain('verified earlier stays');
  expect(await readFile(host.destination, 'utf8')).toBe('old');
});
