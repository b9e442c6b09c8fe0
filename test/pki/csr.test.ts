import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { beforeEach, expect } from 'vitest';
import { createCsr } from '../../src/pki/csr.ts';
import { checkKeyMatch } from '../../src/pki/key-match.ts';
import { publicKeyOf } from '../../src/pki/keypair.ts';
import { isRequest } from '../../src/pki/lazy.ts';
import { readCsr } from '../../src/pki/read-csr.ts';
import { attribute } from '../../src/pki/subject.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const test = testWith('openssl');

/** Makes a key and a request with OpenSSL. */
async function request(...options: readonly string[]) {
  const cwd = await temporaryFolder();
  const key = options.includes('-newkey') ? [] : ['-newkey', 'rsa:2048'];
  const args = ['req', '-new', ...key, '-nodes', '-keyout', 'key.pem', '-subj', '/O=Acme/CN=pool', ...options];
  const { stdout } = await execa('openssl', args, { cwd });
  return { pem: `${stdout}\n`, key: createPrivateKey(await readFile(path.join(cwd, 'key.pem'))), cwd };
}

const NAME = [
  ['2.5.4.10', 'Acme'],
  ['2.5.4.3', 'pool'],
];

let made: Awaited<ReturnType<typeof request>>;
beforeEach(async () => {
  made ??= await request();
});

/** The request with some of its DER changed, as valid PEM. */
function withBytes(change: (der: Buffer) => Buffer): string {
  const der = Buffer.from(made.pem.replace(/-----.*-----/g, ''), 'base64');
  const lines =
    change(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE REQUEST-----', ...lines, '-----END CERTIFICATE REQUEST-----', ''].join('\n');
}

const flip = (der: Buffer, at: number) => {
  const changed = Buffer.from(der);
  const index = at < 0 ? changed.length + at : at;
  changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
  return changed;
};

const kept: readonly (readonly [string, (pem: string) => string])[] = [
  ['as OpenSSL writes it', (pem) => pem],
  ['with Windows line ends', (pem) => pem.replaceAll('\n', '\r\n')],
  ['without a line end at its end', (pem) => pem.trimEnd()],
  ['after the text that openssl req -text writes', (pem) => `Certificate Request:\n    Data:\n${pem}`],
  ['with text after it', (pem) => `${pem}\nsent by mail\n`],
  ['after a byte order mark', (pem) => `\u{feff}${pem}`],
  ['with the label of older programs', (pem) => pem.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST')],
];

test.each(kept)('a request is read %s', async (_, change) => {
  const read = readCsr(change(made.pem));
  expect(read).toEqual({ publicKey: publicKeyOf(made.key), subject: NAME, isSelfSigned: true });
  expect(await isRequest(Buffer.from(change(made.pem)))).toBe(true);
});

const lines = () => made.pem.split('\n');
const damaged: readonly (readonly [string, () => string])[] = [
  ['empty', () => ''],
  ['cut off before its END line', () => lines().slice(0, -3).join('\n')],
  ['without a line in its middle', () => lines().toSpliced(5, 1).join('\n')],
  ['with a character that is not base64', () => made.pem.replace(/(\n.{20})./, '$1*')],
  ['under the label of a certificate', () => made.pem.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE')],
  ['with another label at its end', () => made.pem.replace('END CERTIFICATE REQUEST', 'END CERTIFICATE')],
  ['with bytes after its end', () => withBytes((der) => Buffer.concat([der, Buffer.from('0500', 'hex')]))],
  ['without its last byte', () => withBytes((der) => der.subarray(0, -1))],
  ['without its base64', () => withBytes(() => Buffer.alloc(0))],
];

test.each(damaged)('a request %s is not read', async (_, text) => {
  expect(readCsr(text())).toBeUndefined();
  expect(await isRequest(Buffer.from(text()))).toBe(false);
});

const forged: readonly (readonly [string, () => string])[] = [
  ['one bit of its signature changed', () => withBytes((der) => flip(der, -1))],
  ['another bit of its signature changed', () => withBytes((der) => flip(der, -200))],
  ['another name than was signed', () => withBytes((der) => flip(der, der.indexOf('Acme')))],
];

test.each(forged)('a request with %s is read, and not taken for signed', async (_, text) => {
  expect(readCsr(text())).toMatchObject({ publicKey: publicKeyOf(made.key), isSelfSigned: false });
  expect(await isRequest(Buffer.from(text()))).toBe(false);
});

const PSS = ['-sigopt', 'rsa_padding_mode:pss'];

test.each([
  ...[['-sha384'], ['-sha512'], ['-sha1'], ['-md5'], ['-sha512-256'], ['-sha3-256'], ['-sha3-512']],
  ...[PSS, [...PSS, '-sigopt', 'rsa_pss_saltlen:0'], [...PSS, '-sha1'], [...PSS, '-sha512']],
  ['-addext', 'subjectAltName=DNS:pool.example.com'],
])('a request made with %s %s is read', async (...options) => {
  const { pem, key } = await request(...options.filter(Boolean));
  expect(readCsr(pem)).toEqual({ publicKey: publicKeyOf(key), subject: NAME, isSelfSigned: true });
});

test('a request that is signed in a way that Node cannot verify is taken for one of its key', async () => {
  const { pem, key } = await request(...PSS, '-sha256', '-sigopt', 'rsa_mgf1_md:sha512');
  expect(readCsr(pem)).toEqual({ publicKey: publicKeyOf(key), subject: NAME, isSelfSigned: undefined });
  expect(await isRequest(Buffer.from(pem))).toBe(true);
  const files = { key: { name: 'key.pem', bytes: Buffer.from(key.export({ type: 'pkcs8', format: 'pem' })) } };
  expect(checkKeyMatch({ ...files, csr: Buffer.from(pem) }).belongTogether).toBe(true);
  expect(checkKeyMatch({ ...files, csr: Buffer.from(made.pem) }).belongTogether).toBe(false);
});

test('a PSS signature over another name is not taken for valid', async () => {
  const { pem } = await request(...PSS);
  const der = Buffer.from(pem.replace(/-----.*-----/g, ''), 'base64');
  const forgedDer = flip(der, der.indexOf('Acme'));
  const forgedPem = `-----BEGIN CERTIFICATE REQUEST-----\n${forgedDer.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
  expect(readCsr(forgedPem)).toMatchObject({ isSelfSigned: false });
});

test('attributes that are joined into one are read one after another, in all string types', async () => {
  const { pem } = await request('-multivalue-rdn', '-subj', '/CN=pool+OU=b\u00e9/C=DE', '-utf8');
  expect(readCsr(pem)?.subject).toEqual(
    expect.arrayContaining([
      ['2.5.4.3', 'pool'],
      ['2.5.4.11', 'b\u00e9'],
      ['2.5.4.6', 'DE'],
    ]),
  );
});

test('a request for an EC key is not one for a worker pool', async () => {
  const { pem } = await request('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1');
  expect(readCsr(pem)).toBeUndefined();
});

test('a request made here is one that OpenSSL verifies, and has SHA-256 and the string types of RFC 5280', async () => {
  const subject = [
    attribute('CN', 'pool'),
    attribute('C', 'DE'),
    attribute('serialNumber', '42-A'),
    attribute('emailAddress', 'ops+ci@example.com'),
    attribute('O', 'Société'),
  ];
  const pem = await createCsr(made.key, subject);
  expect(pem).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n[^\r]*\n-----END CERTIFICATE REQUEST-----\n$/);
  const options = ['-verify', '-noout', '-subject', '-nameopt', 'sep_comma_plus,show_type,utf8,sname'];
  const { all } = await execa('openssl', ['req', '-text', ...options], { input: pem, all: true });
  expect(all).toContain('verify OK');
  expect(all).toContain('Signature Algorithm: sha256WithRSAEncryption');
  expect(all).toContain(
    [
      'subject=CN=UTF8STRING:pool,C=PRINTABLESTRING:DE,serialNumber=PRINTABLESTRING:42-A',
      'emailAddress=IA5STRING:ops+ci@example.com,O=UTF8STRING:Société',
    ].join(','),
  );
  expect(readCsr(pem)?.subject).toEqual([
    ['2.5.4.3', 'pool'],
    ['2.5.4.6', 'DE'],
    ['2.5.4.5', '42-A'],
    ['1.2.840.113549.1.9.1', 'ops+ci@example.com'],
    ['2.5.4.10', 'Société'],
  ]);
});
