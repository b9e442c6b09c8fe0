import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { readCustomCertificates } from '../../../src/ca-bundle/custom/custom-certificates.ts';
import { UserError } from '../../../src/core/errors.ts';
import { toPem } from '../../services/certificate.ts';
import {
  daysFromNow,
  expired,
  first,
  make,
  privateKey,
  read,
  root,
  second,
  strict,
} from '../../services/given-certificates.ts';
import { testWith } from '../../services/programs.ts';
import { temporaryFolder } from '../../services/temporary.ts';

function refusalOf(bytes: Uint8Array | string, policy = strict): UserError {
  try {
    read(bytes, policy);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const publicKey = root.keys.publicKey.export({ type: 'spki', format: 'pem' });

test.each<readonly [string, Uint8Array | string, string]>([
  ['expired', first + make('Old', expired).pem, 'given.pem: block 2 (line 10) (CN=Old) expired on'],
  ['not yet valid', make('New', { notBefore: daysFromNow(2) }).pem, '(CN=New) is not valid before'],
  ['CA:FALSE', make('Leaf', { isCa: false }).pem, '(CN=Leaf) is not a CA certificate: it has CA:FALSE'],
  ['no basicConstraints', make('Bare', { isCa: undefined }).pem, 'no basicConstraints'],
  ['no keyCertSign', make('Signer', { keyUsage: 0x80 }).pem, 'no keyCertSign in keyUsage'],
  ['version 1, signed by another', make('Old leaf', { version: 1, issuer: root }).pem, 'no basicConstraints'],
  ['a private key among certificates', first + privateKey('pkcs8') + second, 'block 2 (line 10) is a private key'],
  ['a private key as DER', root.keys.privateKey.export({ type: 'pkcs8', format: 'der' }), 'given.pem is a private key'],
  ['an EC private key as DER', root.keys.privateKey.export({ type: 'sec1', format: 'der' }), 'is a private key'],
  [
    'a private key labelled CERTIFICATE',
    toPem(root.keys.privateKey.export({ type: 'pkcs8', format: 'der' })),
    'is a private key',
  ],
  [
    'a private key in base64',
    root.keys.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    'is a private key',
  ],
  ['a cut-off private key', String(privateKey('sec1')).slice(0, 90), 'is a private key'],
  ['a public key', publicKey, 'is a public key'],
  [
    'trailing bytes behind DER',
    Buffer.concat([root.der, Buffer.from('more')]),
    'given.pem is a certificate (CN=Root) with 4 extra bytes after its end',
  ],
  [
    'trailing bytes in a block',
    toPem(Buffer.concat([root.der, Buffer.from([0])])),
    'block 1 (line 1) is a certificate (CN=Root) with 1 extra byte after its end',
  ],
  ['a cut-off certificate', root.der.subarray(0, -5), 'is an incomplete or damaged DER file'],
  ['a block cut off', first + second.slice(0, 200), 'block 2 (line 10) (CERTIFICATE) is cut off'],
  ['an END without BEGIN', first.slice(28), '(END CERTIFICATE) has no BEGIN line'],
  ['a BEGIN line with four hyphens', first + second.slice(1), 'block 2 (line 10) has a damaged BEGIN line'],
  ['hyphens from a word processor', first.replace('-----BEGIN', '\u2014\u2014-BEGIN'), 'has a damaged BEGIN line'],
  ['bad base64', first.replace(/\n..../, '\n!!!!'), 'the text between BEGIN and END is not base64'],
  ['headers', first.replace('\n', '\nX-Note: none\n\n'), 'has headers'],
  ['an encrypted block', first.replace('\n', '\nProc-Type: 4,ENCRYPTED\n\n'), 'is encrypted'],
  ['garbage in a sound block', toPem(Buffer.from('garbage')), 'is not a valid certificate'],
  ['an empty file', '', 'given.pem is empty'],
  ['a page of HTML', '\u{feff}\n<!DOCTYPE html><p>Not found', 'is a web page'],
  ['a piece of HTML', '<div>Sign in</div>', 'is a web page'],
  ['a ZIP archive', Buffer.from('PK\x03\x04rest'), 'is an archive'],
  ['an error in XML', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', 'error message'],
  ['JSON', '{"message": "Not Found"}', 'is a JSON document'],
  ['a Java keystore', Buffer.from('feedfeed00000002', 'hex'), 'is a Java keystore'],
  ['a megabyte of blanks and a letter', `${' '.repeat(1 << 20)}!`, 'does not contain a certificate'],
  ['a megabyte of labels', 'BEGIN CERT '.repeat(1 << 17), 'does not contain a certificate'],
  ['prose', 'Dear colleague, the certificate is attached.', 'does not contain a certificate'],
])('a file given with --ca is refused, with what is wrong and where: %s', (_case, given, message) => {
  const error = refusalOf(given);
  expect(error.code).toBe('SPACECTL_BAD_CERTIFICATE');
  expect(error.message).toContain(message);
  expect(error.suggestions).not.toEqual([]);
});

test('an error about a private key shows nothing of the key', () => {
  const pem = String(privateKey('pkcs8'));
  const { message, suggestions } = refusalOf(first + pem);
  const body = pem.split('\n')[1] ?? '';
  expect(`${message}${JSON.stringify(suggestions)}`).not.toContain(body.slice(0, 8));
});

test('what is refused for another reason does not hide a private key, and the number of the others is told', () => {
  const { message, suggestions } = refusalOf(
    make('Old', expired).pem + make('Leaf', { isCa: false }).pem + privateKey('pkcs8'),
  );
  expect(message).toMatch(/^given\.pem: block 3 .*is a private key.*\. 2 more entries/);
  expect(suggestions).toContainEqual({ command: 'spacectl ca-bundle inspect given.pem --rejected' });
});

test('suggested commands quote the file name as a shell needs it', () => {
  const refuse = () => readCustomCertificates(Buffer.from('feedfeed00000002', 'hex'), "our ca's $&.jks", strict);
  expect(refuse).toThrow(
    expect.objectContaining({
      suggestions: [{ command: expect.stringContaining(`-keystore 'our ca'\\''s $&.jks' `) }],
    }),
  );
});

testWith('openssl')(
  'requests, revocation lists and PKCS#12 files that OpenSSL makes are refused by name, as PEM and as DER',
  async () => {
    const folder = await temporaryFolder();
    const at = (name: string) => path.join(folder, name);
    const openssl = (...parameters: string[]) => execa('openssl', parameters, { cwd: folder });
    await openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=CA',
      '-days',
      '9',
    );
    await openssl('req', '-new', '-key', 'ca.key', '-out', 'ca.csr', '-subj', '/CN=CA');
    await openssl('pkcs12', '-export', '-inkey', 'ca.key', '-in', 'ca.pem', '-out', 'ca.p12', '-passout', 'pass:x');
    await writeFile(at('index.txt'), '');
    await writeFile(at('ca.cnf'), '[ca]\ndefault_ca=c\n[c]\ndatabase=index.txt\n');
    const list = ['-gencrl', '-keyfile', 'ca.key', '-cert', 'ca.pem', '-crldays', '1', '-md', 'sha256'];
    await openssl('ca', ...list, '-out', 'ca.crl', '-config', 'ca.cnf');
    for (const kind of ['csr', 'crl'])
      await openssl(kind === 'csr' ? 'req' : 'crl', '-in', `ca.${kind}`, '-outform', 'DER', '-out', `${kind}.der`);
    await openssl('rsa', '-in', 'ca.key', '-traditional', '-outform', 'DER', '-out', 'rsa.der');
    await openssl('pkcs8', '-topk8', '-in', 'ca.key', '-outform', 'DER', '-out', 'encrypted.der', '-passout', 'pass:x');
    for (const [file, message] of [
      ['ca.csr', 'is a certificate request'],
      ['csr.der', 'is a certificate request'],
      ['ca.crl', 'is a revocation list'],
      ['crl.der', 'is a revocation list'],
      ['ca.p12', 'is a PKCS#12 file'],
      ['rsa.der', 'is a private key'],
      ['encrypted.der', 'is a private key'],
    ] as const) {
      const { message: told, suggestions } = refusalOf(await readFile(at(file)));
      expect(told).toContain(message);
      expect(suggestions.length).toBeGreaterThan(0);
    }
  },
);

testWith('openssl')(
  'certificates are read out of PKCS#7, as PEM, DER and bare base64, and in BER with indefinite lengths',
  async () => {
    const folder = await temporaryFolder();
    const openssl = (...parameters: string[]) => execa('openssl', parameters, { cwd: folder });
    await writeFile(path.join(folder, 'chain.pem'), first + second);
    await openssl('crl2pkcs7', '-nocrl', '-certfile', 'chain.pem', '-out', 'chain.p7b');
    await openssl('crl2pkcs7', '-nocrl', '-certfile', 'chain.pem', '-outform', 'DER', '-out', 'chain.der');
    const pem = await readFile(path.join(folder, 'chain.p7b'), 'latin1');
    const der = await readFile(path.join(folder, 'chain.der'));
    // The outer SEQUENCE and the [0] in it without their lengths, ended by two zero octets each (X.690, 8.1.3.6).
    const ber = Buffer.concat([
      Buffer.from([0x30, 0x80]),
      der.subarray(4, 15),
      Buffer.from([0xa0, 0x80]),
      der.subarray(19),
      Buffer.alloc(4),
    ]);
    for (const given of [pem, der, pem.replace(/-.*\n/g, ''), pem.replaceAll('PKCS7', 'CMS'), ber]) {
      expect(read(given).certificates.map(({ subject }) => subject)).toEqual(['CN=Root', 'CN=Second']);
    }
  },
);
