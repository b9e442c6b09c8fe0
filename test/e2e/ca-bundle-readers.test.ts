import { randomBytes } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { linux } from '../services/bundle-images.ts';
import { toPem } from '../services/certificate.ts';
import { constraints, makeAuthority, soundExtensions } from '../services/certificate-shapes/authority.ts';
import { extension, name, printable, utf8 } from '../services/certificate-shapes/encode.ts';
import { publicKeyOf } from '../services/certificate-shapes/keys.ts';
import { buildImage, type Entry, file, writeLayout } from '../services/image.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const subject = name(['CN', utf8('Corp Root')]);
const brainpool = toPem(makeAuthority('brainpool', { subject, key: 'brainpoolP256r1' }).der);
const WARNING = 'CN=Corp Root: Terraform (Go), git (GnuTLS) and Java do not trust this CA: curve brainpoolP256r1';

async function build(pem: string, ...flags: readonly string[]) {
  return buildFrom(pem, '--source', 'mozilla', ...flags);
}

async function buildFrom(pem: string, ...flags: readonly string[]) {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'ca.pem'), pem);
  const output = path.join(folder, 'out');
  await mkdir(output);
  const args = ['ca-bundle', 'build', '--ca', path.join(folder, 'ca.pem'), '--dir', output];
  const run = await spacectl([...args, ...flags]);
  const text = `${run.stdout}${run.stderr}`.replaceAll(/\s+/g, ' ');
  return { exitCode: run.exitCode, stdout: String(run.stdout), text, written: await readdir(output) };
}

test('build warns in one line which programs do not trust a CA, and --json has each rule', async () => {
  const told = await build(brainpool);
  expect(told).toMatchObject({ exitCode: 0 });
  expect(told.text).toContain(WARNING);
  const { facts } = JSON.parse((await build(brainpool, '--json')).stdout);
  const [{ findings }] = facts.caBundle.readerFindings;
  expect(findings).toContainEqual({
    reader: 'go',
    rule: 'go/key',
    consequence: 'ignores',
    reason: 'curve brainpoolP256r1',
  });
});

testWith('openssl').each<[string, readonly Entry[], string | undefined]>([
  ['Go and OpenSSL', [file('usr/lib/libcrypto.so.3', '')], 'Terraform (Go)'],
  ['GnuTLS too', [file('usr/lib/libgnutls.so.30', '')], 'Terraform (Go) and git (GnuTLS)'],
])('build warns only of programs that the image has: %s', async (_case, files, named) => {
  const folder = await temporaryFolder();
  const base = toPem(makeAuthority('base', { subject: name(['CN', utf8('Base')]) }).der);
  const bundle = file('etc/ssl/certs/ca-certificates.crt', base);
  const image = buildImage({
    platform: linux('amd64'),
    layers: [files, [bundle, file('usr/share/x', randomBytes(1e5))]],
  });
  await writeLayout(folder, { latest: image });
  const told = await buildFrom(brainpool, '--image', folder);
  expect(told.text).toContain(`Warning: CN=Corp Root: ${named} `);
});

test('--strict makes a warning an error, and writes nothing', async () => {
  const strict = await build(brainpool, '--strict', '--json');
  expect(strict).toMatchObject({ exitCode: 65, written: [] });
  expect(JSON.parse(strict.stdout).error).toMatchObject({
    code: 'SPACECTL_BAD_CERTIFICATE',
    message: expect.stringContaining(WARNING),
  });
});

test('a certificate for which git would lose all others is refused', async () => {
  const extensions = [...soundExtensions(publicKeyOf('P-256')), extension(constraints)];
  const refused = await build(toPem(makeAuthority('twice', { subject, extensions }).der));
  expect(refused).toMatchObject({ exitCode: 65, written: [] });
  expect(refused.text).toContain(
    '(CN=Corp Root) would make git (GnuTLS) ignore the whole bundle: it has basicConstraints twice',
  );
});

testWith('openssl').each([
  ['rejects them', ['-addreject', 'serverAuth'], 65],
  ['lists only other purposes', ['-addtrust', 'emailProtection'], 65],
  ['lists them', ['-addtrust', 'serverAuth'], 0],
])('a TRUSTED CERTIFICATE that %s for TLS servers never becomes trusted by mistake', async (_case, flags, exitCode) => {
  const plain = toPem(makeAuthority('plain', { subject }).der);
  const { stdout } = await execa('openssl', ['x509', '-trustout', ...flags], { input: plain });
  const run = await build(`${stdout}\n`);
  expect({ exitCode: run.exitCode, message: run.text.includes('is marked as not trusted for TLS servers') }).toEqual({
    exitCode,
    message: exitCode !== 0,
  });
});

test('inspect has a column for each reader, and the rules as data', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'ca.pem');
  const other = makeAuthority('underscore', { subject: name(['CN', printable('a_b')]) });
  await writeFile(file, brainpool + toPem(other.der));
  const table = String((await spacectl(['ca-bundle', 'inspect', file])).stdout).split('\n');
  expect(table[0]).toMatch(/ GO +OPENSSL +GNUTLS +PYTHON +JAVA +NODE /);
  expect(table[1]).toMatch(/ no +yes +no +yes +no +yes +accepts$/);
  expect(table.join('\n')).toContain(`Warning: ${file}: block 1 (line 1) (CN=Corp Root): Terraform (Go), git`);
  const { items } = JSON.parse(String((await spacectl(['ca-bundle', 'inspect', file, '--json'])).stdout));
  expect(items[1].readers).toMatchObject({
    go: { trusts: false, rule: 'go/name', reason: 'its name has "_" in a PrintableString' },
    openssl: { trusts: true },
  });
});
