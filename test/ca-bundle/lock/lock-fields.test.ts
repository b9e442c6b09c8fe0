import { expect, test } from 'vitest';
import { BUNDLE_FILE, formatLock, LOCK_FILE, type Lock, STANDARD_INPUT } from '../../../src/ca-bundle/lock/lock.ts';
import { readLock } from '../../../src/ca-bundle/lock/read-lock.ts';

const client = {
  client: 'openssl',
  reads: ['/etc/ssl/certs/ca-certificates.crt'],
  sees: 'with variable',
  variable: 'SSL_CERT_FILE',
  basis: 'measured',
  source: 'usr/lib/libcrypto.so.3',
} as const;
const certificate = { subject: 'CN=Root', fingerprint: 'AB', notAfter: '2031-05-01T00:00:00.000Z', source: 'ca.pem' };
const image = {
  reference: 'runner',
  platform: 'linux/amd64',
  path: '/etc/ssl/cert.pem',
  resolvedPath: '/etc/ssl/cert.pem',
  verifiedLayers: [],
};
const lock: Lock = {
  version: 1,
  source: 'dir',
  image,
  mountPath: '/etc/ssl/cert.pem',
  allPaths: true,
  clients: [client, { ...client, client: 'go', sees: 'yes' }],
  base: { sha256: 'a', certificates: 1 },
  result: { sha256: 'b', certificates: 2 },
  given: [],
  added: [certificate],
};
const read = (document: unknown) => readLock(Buffer.from(JSON.stringify(document)), 'my.lock.json');

test('the clients of an image and --all-paths come back from a lock file as they were written', () => {
  expect(readLock(Buffer.from(formatLock(lock)), 'x')).toEqual(lock);
});

test.each(['allPaths', 'clients', 'image'] as const)('a lock file of a file as base may lack "%s"', (name) => {
  const { [name]: _, ...rest } = { ...lock, source: 'file', file: { path: 'base.pem' } };
  expect(read(rest)).toEqual(rest);
});

test('a client in a lock file may lack "variable"', () => {
  const { variable: _, ...rest } = client;
  expect(read({ ...lock, clients: [rest] }).clients).toEqual([rest]);
});

test.each(['yes', 'no', 'with variable', 'unknown'])('a client in a lock file may see the bundle: %s', (sees) => {
  for (const basis of ['measured', 'documented']) {
    expect(read({ ...lock, clients: [{ ...client, sees, basis }] }).clients).toEqual([{ ...client, sees, basis }]);
  }
});

test.each<[string, object]>([
  ['clients', { clients: client }],
  ['clients.0.client', { clients: [{ ...client, client: 'netscape' }] }],
  ['clients.0.reads', { clients: [{ ...client, reads: undefined }] }],
  ['clients.0.reads.0', { clients: [{ ...client, reads: [5] }] }],
  ['clients.0.sees', { clients: [{ ...client, sees: 'maybe' }] }],
  ['clients.0.sees', { clients: [{ ...client, sees: '' }] }],
  ['clients.0.variable', { clients: [{ ...client, variable: 5 }] }],
  ['clients.0.basis', { clients: [{ ...client, basis: 'guessed' }] }],
  ['clients.0.basis', { clients: [{ ...client, basis: '' }] }],
  ['clients.1.source', { clients: [client, { ...client, source: undefined }] }],
  ['allPaths', { allPaths: false }],
  ['normalize', { normalize: false }],
  ['policy.expired', { policy: { expired: '' } }],
  ['policy.allowNonCa', { policy: { allowNonCa: false } }],
  ['policy.skipNonCa', { policy: { skipNonCa: false } }],
  ['source', { source: '' }],
  ['format', { format: '' }],
])('a lock file is refused by name: %s, %j', (name, change) => {
  expect(() => read({ ...lock, ...change })).toThrow(`"${name}"`);
});

test('a lock file whose source is a directory is refused without "image"', () => {
  const { image: _, ...rest } = lock;
  expect(() => read(rest)).toThrow('"image" is missing, which the source dir requires');
});

test('what a later version adds at any place is kept', () => {
  const later = {
    ...lock,
    file: { path: 'base.pem', more: 1 },
    mozilla: { node: 'v20', more: 1 },
    clients: [{ ...client, more: 1 }],
    result: { ...lock.result, more: 1 },
    secret: { name: 'a', more: 1 },
    given: [{ files: [{ path: 'a', sha256: 'a'.repeat(64), more: 1 }], more: 1 }],
    policy: { more: 1 },
    inBase: [{ ...certificate, more: 1 }],
  };
  expect(read(later)).toEqual(later);
});

test.each(['/', '', 'a/b', 'x\n/a', '/a\0', '/a\r', '/a\nb', '/a:b', '/a,b'])(
  'the mount path %j is refused, since it cannot become part of a mount',
  (mountPath) => {
    expect(() => read({ ...lock, mountPath })).toThrow('"mountPath" is not an absolute path without colon and comma');
  },
);

test('what is not JSON, or not UTF-8, is no lock file', () => {
  for (const bytes of [Buffer.from(''), Buffer.from('{"version":1'), Buffer.from('x'), Buffer.from([0xff])]) {
    expect(() => readLock(bytes, 'my.lock.json')).toThrow(
      expect.objectContaining({
        code: 'SPACECTL_BAD_DATA',
        message: expect.stringMatching(/^my\.lock\.json is not a lock file/),
      }),
    );
  }
});

test('files are called as other commands and earlier versions call them', () => {
  expect([BUNDLE_FILE, LOCK_FILE]).toEqual(['custom-ca-bundle.crt', 'custom-ca-bundle.lock.json']);
  expect(STANDARD_INPUT).toBe('standard input');
});
