import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readBaseCertificates } from '../../../src/ca-bundle/base/base-certificates.ts';
import { normalizeBase } from '../../../src/ca-bundle/base/normalize-base.ts';
import { readCustomCertificates } from '../../../src/ca-bundle/custom/custom-certificates.ts';
import { describeEntry } from '../../../src/ca-bundle/describe.ts';
import { expiringAdditions } from '../../../src/ca-bundle/lock/freshness.ts';
import { customCertificatesIn, pathFromLock } from '../../../src/ca-bundle/lock/lock.ts';
import { readLock } from '../../../src/ca-bundle/lock/read-lock.ts';
import { splitPem } from '../../../src/render/cloud/fitting.ts';
import { certificatesOf, kindOf } from '../../../src/x509/der-kind.ts';
import {
  certificatesReadByGo,
  contentsOf,
  judge,
  readAsOpenssl,
  readCertificate,
  readElement,
  readPem,
  readTidyPem,
} from '../../../src/x509/index.ts';
import { plainNamesOf } from '../../../src/x509/plain-names.ts';
import { makeCertificate, tlv, toPem } from '../../services/certificate.ts';
import type { Target } from '../target.ts';

// Signatures with Ed25519 are the same each time (RFC 8032), and so are the seeds. RFC 8410, 10.3 has this key.
const privateKey = createPrivateKey({
  key: Buffer.from(
    '302e020100300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842',
    'hex',
  ),
  format: 'der',
  type: 'pkcs8',
});
const keys = { privateKey, publicKey: createPublicKey(privateKey) };
const sound = {
  keys,
  serial: Buffer.from([1, 2, 3]),
  notBefore: new Date('2020-01-01'),
  notAfter: new Date('2060-01-01'),
};
const certificates = [
  makeCertificate({ ...sound, subject: { C: 'DE', O: 'Acme', CN: 'Root' } }),
  makeCertificate({ ...sound, subject: { CN: 'Grüße, "Root"' }, names: ['a.example', '10.0.0.1'], keyUsage: 0x80 }),
  makeCertificate({ ...sound, subject: { CN: 'Old' }, version: 1, isCa: undefined }),
];
const ders = certificates.map(({ der }) => der);
const pems = certificates.map(({ pem }) => pem);

/** RFC 2315, 9.1, as far as readers of certificates look. */
const pkcs7 = tlv(
  0x30,
  tlv(0x06, Buffer.from('2a864886f70d010702', 'hex')),
  tlv(0xa0, tlv(0x30, tlv(0x02, Buffer.from([1])), tlv(0x31), tlv(0x30), tlv(0xa0, ...ders), tlv(0x31))),
);
const indefinite = Buffer.concat([Buffer.from([0x30, 0x80]), tlv(0x02, Buffer.from([1])), Buffer.alloc(2)]);

const lock = {
  version: 1,
  source: 'registry',
  image: {
    reference: 'registry.example/runner:latest',
    manifestDigest: `sha256:${'0a'.repeat(32)}`,
    platform: 'linux/amd64',
    path: '/etc/ssl/cert.pem',
    resolvedPath: '/etc/ssl/certs/ca-certificates.crt',
    verifiedLayers: ['sha256:00'],
  },
  mountPath: '/etc/ssl/cert.pem',
  base: { sha256: '00', certificates: 140 },
  result: { file: 'custom-ca-bundle.crt', sha256: '01', certificates: 141 },
  given: [
    { files: [{ path: 'root.pem', sha256: '0a'.repeat(32) }] },
    { folder: '../cas', files: [{ path: '../cas/a.crt', sha256: '0b'.repeat(32) }] },
    { files: [] },
  ],
  policy: { expired: 'skip', allowNonCa: true },
  added: [{ subject: 'CN=Root', fingerprint: 'AA:BB', notAfter: '2060-01-01T00:00:00.000Z', source: 'root.pem' }],
  inBase: [],
};

const text = (bytes: Buffer) => bytes.toString('latin1');

export const CERTIFICATE_TARGETS: Readonly<Record<string, Target>> = {
  der: {
    kind: 'bytes',
    seeds: [...ders, pkcs7, indefinite],
    parse: (bytes) => [readElement(bytes), kindOf(bytes), plainNamesOf(bytes)],
  },
  'der-certificate': { kind: 'bytes', seeds: ders, parse: (bytes) => readCertificate(bytes), slowness: 2 },
  'certificate-readers': { kind: 'bytes', seeds: ders, parse: (bytes) => judge(bytes) },
  pkcs7: { kind: 'bytes', seeds: [pkcs7], parse: (bytes) => certificatesOf(bytes).map(readCertificate), slowness: 2 },
  pem: {
    kind: 'text',
    seeds: [pems.join(''), pems.join('\n').replaceAll('\n', '\r\n'), toPem(pkcs7, 'PKCS7')],
    parse: (bytes) => [readPem(text(bytes)), splitPem(bytes)],
  },
  'pem-readers': {
    kind: 'text',
    seeds: [
      `# Acme\n${pems.join('')}`,
      pems.join('').replaceAll('\n', '\r\n'),
      toPem(ders[0] ?? pkcs7, 'X509 CERTIFICATE'),
    ],
    parse: (bytes) => [certificatesReadByGo(text(bytes)), readAsOpenssl(text(bytes)), readTidyPem(text(bytes))],
    slowness: 2,
  },
  base: {
    kind: 'text',
    seeds: [pems.join(''), toPem(ders[0] ?? pkcs7, 'TRUSTED CERTIFICATE'), `\ufeff${pems.join('')}`],
    parse: (bytes) => readBaseCertificates(bytes, 'the base', false),
    slowness: 2,
  },
  'normalized-base': {
    kind: 'text',
    seeds: [pems.join(''), toPem(ders[0] ?? pkcs7, 'TRUSTED CERTIFICATE'), pems.join('').replaceAll('\n', '\r')],
    parse: (bytes) => normalizeBase(bytes, 'the base'),
    slowness: 2,
  },
  'ca-file': {
    kind: 'text',
    seeds: [`# Acme\n${pems.join('')}`, Buffer.from(pems.join('')).toString('base64')],
    parse(bytes) {
      const found = contentsOf(bytes, 'ca.pem');
      return found.map((each, index) => describeEntry(each, index, () => undefined));
    },
    slowness: 2,
  },
  'custom-certificates': {
    kind: 'bytes',
    seeds: [...ders, pkcs7, Buffer.from(pems.join('')), Buffer.from(`\ufeff${pems[0]}`, 'utf16le')],
    parse: (bytes) =>
      readCustomCertificates(bytes, 'ca.pem', { expired: 'skip', allowNonCa: true, now: new Date('2026-01-01') }),
    slowness: 2,
  },
  'lock-file': {
    kind: 'json',
    seeds: [JSON.stringify(lock), JSON.stringify({ ...lock, image: undefined, format: 'base64' })],
    parse(bytes) {
      const read = readLock(bytes, 'custom-ca-bundle.lock.json');
      expiringAdditions(read, new Date('2061-01-01'));
      return customCertificatesIn(read).map(({ source }) => pathFromLock(source, 'a/b.lock.json'));
    },
  },
};
