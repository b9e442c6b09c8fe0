import { X509Certificate } from 'node:crypto';
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connect, createServer } from 'node:tls';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import { debianLike, makeAuthority } from '../services/bundle-images.ts';
import { writeLayout } from '../services/image.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { snapshot } from '../services/snapshot.ts';
import { temporaryFolder } from '../services/temporary.ts';

let base = '';

beforeAll(async () => {
  base = await readFile('/etc/ssl/certs/ca-certificates.crt', 'utf8');
});

testWith('openssl')(
  'a TLS server under the custom authority is trusted with the built bundle, and not without',
  async () => {
    const folder = await temporaryFolder();
    const { key, certificate } = await makeAuthority(folder, 'Corporate Root');
    const [leafKey, leaf] = [path.join(folder, 'leaf.key'), path.join(folder, 'leaf.pem')];
    const names = [
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
      '-addext',
      'basicConstraints=critical,CA:FALSE',
    ];
    await execa('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      leafKey,
      '-out',
      leaf,
      '-CA',
      certificate,
      '-CAkey',
      key,
      '-days',
      '5',
      ...names,
    ]);
    await spacectl(['ca-bundle', 'build', '--dir', folder, '--ca', certificate, '--offline']);
    const bundle = await readFile(path.join(folder, 'custom-ca-bundle.crt'), 'utf8');
    const server = createServer({ key: await readFile(leafKey), cert: await readFile(leaf) }, (socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const handshake = (ca: string) =>
      new Promise<string>((resolve) => {
        const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca }, () => resolve('trusted'));
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
      });
    try {
      expect(await handshake(bundle.slice(0, bundle.indexOf('# O=Test')))).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
      expect(await handshake(bundle)).toBe('trusted');
    } finally {
      server.close();
    }
  },
);

test.each([
  ['a private key', async (folder: string) => (await makeAuthority(folder, 'A')).key, 'is a private key'],
  [
    'a leaf',
    async (folder: string) =>
      (await makeAuthority(folder, 'Leaf', '-addext', 'basicConstraints=critical,CA:FALSE')).certificate,
    'CN=Leaf',
  ],
  ['a page of HTML', async (folder: string) => write(folder, '<!DOCTYPE html><p>Not found'), 'web page'],
  ['an empty file', async (folder: string) => write(folder, ''), 'is empty'],
  ['a block cut off', async (folder: string) => write(folder, '-----BEGIN CERTIFICATE-----\nMIIB'), 'cut off'],
])('build refuses --ca with %s, and names the file', async (_case, make, message) => {
  const folder = await temporaryFolder();
  const given = await make(folder);
  const { exitCode, stderr } = await spacectl(['ca-bundle', 'build', '--dir', folder, '--offline', '--ca', given]);
  expect(exitCode).toBe(65);
  expect(stderr).toContain(given);
  expect(stderr).toContain(message);
});

const write = async (folder: string, text: string): Promise<string> => {
  const name = path.join(folder, 'given.pem');
  await writeFile(name, text);
  return name;
};

test('build repairs CRLF, byte order marks, indentation and joined blocks, accepts DER and standard input, and adds nothing twice', async () => {
  const folder = await temporaryFolder();
  const [one, two] = [await makeAuthority(folder, 'One'), await makeAuthority(folder, 'Two')];
  const [first, second] = [await readFile(one.certificate, 'utf8'), await readFile(two.certificate, 'utf8')];
  const input = `\u{feff}text before\r\n${first.replaceAll('\n', '\r\n  ').trimEnd()}${second.trimEnd()}`;
  const der = path.join(folder, 'one.der');
  await writeFile(der, new X509Certificate(first).raw);
  const run = await spacectl(['ca-bundle', 'build', '--dir', folder, '--offline', '--ca', '-', '--ca', der, '--json'], {
    input,
    stdin: 'pipe',
  });
  expect(run.exitCode).toBe(0);
  const { facts } = JSON.parse(String(run.stdout));
  expect(facts.caBundle.added.map(({ subject }: { subject: string }) => subject)).toEqual([
    'O=Test, CN=One',
    'O=Test, CN=Two',
  ]);
  const bundle = await readFile(path.join(folder, 'custom-ca-bundle.crt'), 'utf8');
  expect(bundle).toContain(first);
  expect(bundle.endsWith(second)).toBe(true);
});

test('--output is never what the bundle is made from, through links either, nor with --force', async () => {
  const folder = await temporaryFolder();
  const own = path.join(folder, 'own');
  await mkdir(own);
  const [ca, bundle, link, layout] = ['own/ca.pem', 'base.crt', 'link.pem', 'layout'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string, string];
  await copyFile('docs/example-ca.pem', ca);
  await writeFile(bundle, base);
  await symlink(ca, link);
  await writeLayout(layout, { v1: debianLike('amd64', base) });
  const before = await snapshot(folder);
  for (const [given, image, output] of [
    [ca, bundle, ca],
    [ca, bundle, link],
    [link, bundle, ca],
    [ca, bundle, bundle],
    [own, bundle, path.join(own, 'new.crt')],
    [ca, layout, path.join(layout, 'index.json')],
  ] as const) {
    const args = ['--ca', given, '--image', image, '--output', output, '--force'];
    const { exitCode, stderr } = await spacectl(['ca-bundle', 'build', ...args]);
    expect({ output, exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--output') });
  }
  expect(await snapshot(folder)).toEqual(before);
});

test.each([
  ['nothing at all', [], 'Missing --ca'],
  ['a bundle file that is not named', ['--source', 'file', '--ca', 'docs/example-ca.pem'], 'Missing --image'],
])('without a terminal, %s is an error that names the flag', async (_name, more, message) => {
  const dir = await temporaryFolder();
  const { exitCode, stderr } = await spacectl(['ca-bundle', 'build', '--dir', dir, ...more]);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
});
