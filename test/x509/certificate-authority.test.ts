import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { readCertificate } from '../../src/x509/certificate.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const test = testWith('openssl');

/** Makes a certificate with OpenSSL that has exactly these extensions, signed with its own key. */
async function selfSigned(...extensions: readonly string[]): Promise<Buffer> {
  const folder = await temporaryFolder();
  const config = path.join(folder, 'config');
  const section = extensions.length > 0 ? `x509_extensions=ext\n[ext]\n${extensions.join('\n')}\n` : '';
  await writeFile(config, `[req]\ndistinguished_name=dn\nprompt=no\n${section}[dn]\nO=Test\nCN=Root\n`);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'key.pem'];
  await execa('openssl', ['req', '-x509', '-config', config, ...key, '-days', '30', '-out', 'crt.pem'], {
    cwd: folder,
  });
  const { stdout } = await execa('openssl', ['x509', '-in', 'crt.pem', '-outform', 'DER'], {
    cwd: folder,
    encoding: 'buffer',
    stripFinalNewline: false,
  });
  return Buffer.from(stdout);
}

const TRUE = 'basicConstraints=critical,CA:TRUE';
const NO_CERT_SIGN = 'may not sign certificates (no keyCertSign in keyUsage)';

test.each([
  ['CA:TRUE', [TRUE], undefined],
  ['CA:TRUE that is not critical', ['basicConstraints=CA:TRUE'], undefined],
  ['CA:TRUE and a path length of 0', [`${TRUE},pathlen:0`], undefined],
  ['CA:FALSE, left out as DER wants it', ['basicConstraints=CA:FALSE'], 'has CA:FALSE'],
  ['CA:FALSE, written out', ['basicConstraints=DER:30:03:01:01:00'], 'has CA:FALSE'],
  ['CA:FALSE, written out, critical', ['basicConstraints=critical,DER:30:03:01:01:00'], 'has CA:FALSE'],
  ['CA:FALSE, written out, and a path length', ['basicConstraints=DER:30:06:01:01:00:02:01:00'], 'has CA:FALSE'],
  ['a path length alone', ['basicConstraints=DER:30:03:02:01:01'], 'has CA:FALSE'],
  ['no extension but another', ['subjectKeyIdentifier=hash'], 'has no basicConstraints extension'],
  ['keyCertSign', [TRUE, 'keyUsage=keyCertSign'], undefined],
  ['keyCertSign among others, in two octets', [TRUE, 'keyUsage=keyCertSign,decipherOnly,keyAgreement'], undefined],
  ['keyUsage without keyCertSign', [TRUE, 'keyUsage=critical,digitalSignature,cRLSign'], NO_CERT_SIGN],
  ['keyUsage that is empty', [TRUE, 'keyUsage=DER:03:01:00'], NO_CERT_SIGN],
  ['keyCertSign, but CA:FALSE', ['basicConstraints=CA:FALSE', 'keyUsage=keyCertSign'], 'has CA:FALSE'],
] as const)(
  'a certificate with %s is a CA certificate here if it is one for OpenSSL',
  async (_, extensions, reason) => {
    const der = await selfSigned(...extensions);
    expect(readCertificate(der)?.notCaReason).toBe(reason);
    // X509_check_ca(3)
    expect(new X509Certificate(der).ca).toBe(reason === undefined);
  },
);

test('a certificate from before extensions existed is a CA certificate only if it is signed with its own key', async () => {
  const folder = await temporaryFolder();
  const openssl = (...args: readonly string[]) => execa('openssl', args, { cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  for (const name of ['root', 'leaf'])
    await openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
  await openssl('x509', '-req', '-in', 'root.csr', '-signkey', 'root.key', '-out', 'root.crt');
  const issuer = ['-CA', 'root.crt', '-CAkey', 'root.key', '-CAcreateserial'];
  await openssl('x509', '-req', '-in', 'leaf.csr', ...issuer, '-out', 'leaf.crt');
  const read = async (name: string) =>
    readCertificate(new X509Certificate((await openssl('x509', '-in', `${name}.crt`)).stdout).raw);
  expect(await read('root')).toMatchObject({ version: 1, notCaReason: undefined, isRoot: true });
  const reason = 'has no basicConstraints extension';
  expect(await read('leaf')).toMatchObject({ version: 1, notCaReason: reason, isRoot: false });
});

const OWN = 'subjectKeyIdentifier=hash';
// OpenSSL 3 adds one otherwise.
const NO_OWN = 'subjectKeyIdentifier=none';

/** `O=Test, CN=Root`, which `selfSigned` makes, and `O=Other`, each as the directory name of an issuer. */
const OWN_NAME =
  'A4:20:30:1E:31:0D:30:0B:06:03:55:04:0A:0C:04:54:65:73:74:31:0D:30:0B:06:03:55:04:03:0C:04:52:6F:6F:74';
const OTHER_NAME = 'A4:12:30:10:31:0E:30:0C:06:03:55:04:0A:0C:05:4F:74:68:65:72';
const DNS_NAME = '82:01:78';

test.each([
  ['no key identifiers', true, [TRUE, NO_OWN]],
  ['its own key identifier alone', true, [TRUE, OWN]],
  ['the same identifier for its key and its issuer', true, [TRUE, OWN, 'authorityKeyIdentifier=keyid:always']],
  ['another key of the same CA as its issuer', false, [TRUE, OWN, 'authorityKeyIdentifier=DER:30:04:80:02:AB:CD']],
  ['another serial number as its issuer', false, [TRUE, OWN, 'authorityKeyIdentifier=DER:30:03:82:01:05']],
  [
    'an identifier of its issuer, but none of its own',
    true,
    [TRUE, NO_OWN, 'authorityKeyIdentifier=DER:30:04:80:02:AB:CD'],
  ],
  ['its own name and serial number as its issuer', true, [TRUE, OWN, 'authorityKeyIdentifier=issuer:always']],
  ['its own name as its issuer', true, [TRUE, OWN, `authorityKeyIdentifier=DER:30:24:A1:22:${OWN_NAME}`]],
  ['another name as its issuer', false, [TRUE, OWN, `authorityKeyIdentifier=DER:30:16:A1:14:${OTHER_NAME}`]],
  [
    'its own key identifier, and another name as its issuer',
    false,
    [TRUE, 'subjectKeyIdentifier=DER:04:02:AB:CD', `authorityKeyIdentifier=DER:30:1A:80:02:AB:CD:A1:14:${OTHER_NAME}`],
  ],
  [
    'its own name behind a name of another kind',
    true,
    [TRUE, OWN, `authorityKeyIdentifier=DER:30:27:A1:25:${DNS_NAME}:${OWN_NAME}`],
  ],
  [
    'another name behind a name of another kind',
    false,
    [TRUE, OWN, `authorityKeyIdentifier=DER:30:19:A1:17:${DNS_NAME}:${OTHER_NAME}`],
  ],
  ['only a name of another kind', true, [TRUE, OWN, `authorityKeyIdentifier=DER:30:05:A1:03:${DNS_NAME}`]],
] as const)('a self-issued certificate with %s: root %s, and so for OpenSSL', async (_, isRoot, extensions) => {
  const der = await selfSigned(...extensions);
  expect(readCertificate(der)?.isRoot).toBe(isRoot);
  // X509_check_issued(3)
  const certificate = new X509Certificate(der);
  expect(certificate.checkIssued(certificate)).toBe(isRoot);
});

test.each([
  ['no purposes', true, []],
  ['serverAuth', true, ['extendedKeyUsage=serverAuth']],
  ['serverAuth among others', true, ['extendedKeyUsage=codeSigning,serverAuth']],
  ['any purpose', true, ['extendedKeyUsage=anyExtendedKeyUsage']],
  ['clientAuth only', false, ['extendedKeyUsage=clientAuth']],
  ['codeSigning and emailProtection', false, ['extendedKeyUsage=critical,codeSigning,emailProtection']],
] as const)('a CA certificate for %s may issue for TLS servers: %s', async (_, isAllowed, extensions) => {
  const certificate = readCertificate(await selfSigned(TRUE, ...extensions));
  expect(certificate).toMatchObject({ allowsServerAuth: isAllowed, hasNameConstraints: false });
});

test('name constraints are seen', async () => {
  const certificate = readCertificate(await selfSigned(TRUE, 'nameConstraints=critical,permitted;DNS:example.com'));
  expect(certificate).toMatchObject({ hasNameConstraints: true, allowsServerAuth: true, notCaReason: undefined });
});
