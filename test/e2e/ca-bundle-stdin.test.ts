import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { dockerArchive } from '../services/archive.ts';
import { debianLike } from '../services/bundle-images.ts';
import { spacectl } from '../services/program.ts';
import { buildTar, file } from '../services/tar.ts';
import { temporaryFolder } from '../services/temporary.ts';

const AUTHORITY = path.resolve('docs/example-ca.pem');

test('what comes on standard input is recognized by its content, and the lock file says where it came from', async () => {
  const base = await readFile('/etc/ssl/certs/ca-certificates.crt', 'utf8');
  const archive = dockerArchive({ 'runner:1': debianLike('amd64', base, 'none') });
  const inputs: readonly [string, Buffer, string, object][] = [
    ['archive', archive, '-', { source: 'archive', image: { reference: '-' } }],
    ['named', gzipSync(archive), '-:runner:1', { source: 'archive', image: { reference: '-:runner:1' } }],
    ['root', buildTar([file('etc/ssl/certs/ca-certificates.crt', base)]), '-', { source: 'archive' }],
    ['bundle', Buffer.from(base), '-', { source: 'file', file: { path: '-' } }],
  ];
  for (const [name, input, image, expected] of inputs) {
    const folder = path.join(await temporaryFolder(), name);
    const args = ['ca-bundle', 'build', '--dir', folder, '--ca', AUTHORITY, '--image', image, '--json'];
    const { exitCode, stdout, stderr } = await spacectl(args, { input, stdin: 'pipe' });
    expect({ name, exitCode, stderr }).toEqual({ name, exitCode: 0, stderr: '' });
    const { facts, notes } = JSON.parse(String(stdout));
    expect(facts.caBundle).toMatchObject(expected);
    expect(notes.join()).toMatch(/ certificates from (?:\/etc\/ssl\/certs\/ca-certificates\.crt of )?standard input/);
    expect((await readFile(path.join(folder, 'custom-ca-bundle.crt'), 'utf8')).startsWith(base)).toBe(true);
    if (name !== 'named') continue;
    const check = await spacectl(['ca-bundle', 'check', '--dir', folder, '--update', '--json']);
    expect(check).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(String(check.stdout)).notes).toContain(
      'The base was read from standard input: whether it has changed since is not known',
    );
  }
});

test('ca-bundle inspect - reads the clients of an image, and the certificates of anything else', async () => {
  const base = await readFile('/etc/ssl/certs/ca-certificates.crt', 'utf8');
  const archive = dockerArchive({ 'runner:1': debianLike('amd64', base, 'none') });
  const inspect = async (input: Buffer) => {
    const { exitCode, stdout } = await spacectl(['ca-bundle', 'inspect', '-', '--json'], { input, stdin: 'pipe' });
    return { exitCode, ...JSON.parse(String(stdout)) };
  };
  expect(await inspect(gzipSync(archive))).toMatchObject({
    exitCode: 0,
    bundle: '/etc/ssl/certs/ca-certificates.crt',
    clients: expect.arrayContaining([expect.objectContaining({ client: expect.any(String) })]),
  });
  expect(await inspect(await readFile(AUTHORITY))).toMatchObject({ exitCode: 0, total: 1 });
  expect(await inspect(Buffer.from('{}'))).toMatchObject({ error: { code: 'SPACECTL_BAD_CERTIFICATE' } });
});

test('a pipe is recognized by its content too', async () => {
  const folder = await temporaryFolder();
  const base = await readFile('/etc/ssl/certs/ca-certificates.crt', 'utf8');
  const archive = path.join(folder, 'saved.tar.gz');
  await writeFile(archive, gzipSync(dockerArchive({ 'runner:1': debianLike('amd64', base, 'none') })));
  const args = ['dist/run.cjs', 'ca-bundle', 'build', '--dir', folder, '--ca', AUTHORITY, '--json'];
  const script = '"$0" "$@" --image <(cat "$ARCHIVE")';
  const run = await execa('bash', ['-c', script, process.execPath, ...args], { env: { ARCHIVE: archive } });
  expect(JSON.parse(run.stdout).facts.caBundle).toMatchObject({ source: 'archive', image: { reference: '-' } });
});

test('standard input that is used twice, empty or no archive is an error', async () => {
  const folder = await temporaryFolder();
  const build = async (input: Buffer, ...more: readonly string[]) => {
    const args = ['ca-bundle', 'build', '--dir', folder, '--image', '-', ...more, '--json'];
    const { exitCode, stdout } = await spacectl(args, { input, stdin: 'pipe' });
    return { exitCode, error: JSON.parse(String(stdout)).error };
  };
  const pem = await readFile(AUTHORITY);
  expect(await build(pem, '--ca', '-')).toMatchObject({
    exitCode: 2,
    error: { message: 'Standard input (-) was already read: use it for one input only' },
  });
  expect(await build(Buffer.alloc(0), '--ca', AUTHORITY)).toMatchObject({ exitCode: 65 });
  expect(await build(pem, '--ca', AUTHORITY, '--source', 'archive')).toMatchObject({
    exitCode: 65,
    error: { code: 'SPACECTL_BAD_IMAGE', message: 'standard input is not a tar archive, or it is damaged' },
  });
  expect(await build(pem, '--ca', AUTHORITY, '--source', 'oci-layout')).toMatchObject({ exitCode: 2 });
});
