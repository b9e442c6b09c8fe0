import { expect, test } from 'vitest';
import {
  customCertificatesIn,
  formatLock,
  isStandardInput,
  isStored,
  type Lock,
  lockFileOf,
  pathFromLock,
  pathInLock,
} from '../../../src/ca-bundle/lock/lock.ts';
import { readLock } from '../../../src/ca-bundle/lock/read-lock.ts';

const certificate = {
  subject: 'CN=Root',
  fingerprint: 'AB:CD',
  notAfter: '2031-05-01T00:00:00.000Z',
  source: 'ca.pem',
};
const image = {
  reference: 'docker.io/library/runner:1',
  indexDigest: 'sha256:1',
  manifestDigest: 'sha256:2',
  imageId: 'sha256:3',
  platform: 'linux/amd64',
  path: '/etc/ssl/cert.pem',
  resolvedPath: '/etc/ssl/certs/ca-certificates.crt',
  layer: 'sha256:4',
  verifiedLayers: ['sha256:4'],
  unverifiedLayers: ['sha256:5'],
};
const lock: Lock = {
  version: 1,
  source: 'registry',
  image,
  file: { path: 'base.pem' },
  mozilla: { node: 'v20.20.0' },
  mountPath: '/etc/ssl/cert.pem',
  mountPaths: ['/etc/ssl/cert.pem'],
  base: { sha256: 'a', certificates: 1 },
  result: { file: 'bundle.crt', sha256: 'b', certificates: 2 },
  format: 'secret-manifest',
  secret: { name: 'bundle', namespace: 'spacelift' },
  given: [{ files: [] }, { folder: '../cas', files: [{ path: '../cas/a.crt', sha256: 'a'.repeat(64) }] }],
  policy: { expired: 'keep', allowNonCa: true },
  added: [certificate],
  inBase: [{ ...certificate, subject: 'CN=Other' }],
};
const read = (document: unknown) => readLock(Buffer.from(JSON.stringify(document)), 'my.lock.json');

test('a lock file comes back as it was written, with an end of line, and with what later versions add', () => {
  const text = formatLock(lock);
  expect(text.endsWith('}\n')).toBe(true);
  expect(readLock(Buffer.from(text), 'x')).toEqual(lock);
  const later = {
    ...lock,
    more: 1,
    image: { ...image, more: 2 },
    base: { ...lock.base, more: 3 },
    added: [{ ...certificate, more: 4 }],
  };
  expect(read(later)).toEqual(later);
});

test.each(['file', 'mozilla', 'mountPaths', 'format', 'secret', 'policy', 'inBase'] as const)(
  'a lock file may lack "%s"',
  (name) => {
    const { [name]: _, ...rest } = lock;
    expect(read(rest)).toEqual(rest);
  },
);

test.each(['indexDigest', 'manifestDigest', 'imageId', 'layer', 'unverifiedLayers'] as const)(
  'an image in a lock file may lack "%s"',
  (name) => {
    const { [name]: _, ...rest } = image;
    expect(read({ ...lock, image: rest }).image).toEqual(rest);
  },
);

test.each(['registry', 'docker', 'podman', 'archive', 'oci-layout', 'dir', 'file', 'mozilla'])(
  'the source may be %s',
  (source) => {
    expect(read({ ...lock, source }).source).toBe(source);
  },
);

test('the Mozilla roots have neither an image nor a file', () => {
  const { image: _, file: __, ...rest } = lock;
  expect(read({ ...rest, source: 'mozilla' }).source).toBe('mozilla');
});

test.each<[string, object]>([
  ['format', { format: 'base64' }],
  ['normalize', { normalize: true }],
  ['policy', { policy: { expired: 'skip', skipNonCa: true } }],
  ['policy', { policy: {} }],
])('"%s" may be %j', (_, change) => {
  expect(read({ ...lock, ...change })).toMatchObject(change);
});

test.each(['a'.repeat(63), 'a'.repeat(65), `A${'a'.repeat(63)}`])('%s is not a digest', (sha256) => {
  const files = [{ path: 'ca.pem', sha256 }];
  expect(() => read({ ...lock, given: [{ files }] })).toThrow('"given.0.files.0.sha256"');
});

test.each([
  ['-', true],
  ['-:runner', true],
  ['-@sha256:0', true],
  ['-x.tar', false],
  ['a-', false],
  ['./-', false],
])('the path of a base %s is standard input: %s', (noted, expected) => {
  expect(isStandardInput(noted)).toBe(expected);
  const inLock = pathInLock(noted, 'pool/x.lock.json');
  expect([inLock === noted, pathFromLock(inLock, 'pool/x.lock.json')]).toEqual([expected, noted.replace('./', '')]);
});

test.each<[Lock['source'], boolean]>([
  ['archive', true],
  ['oci-layout', true],
  ['dir', true],
  ['registry', false],
  ['docker', false],
  ['file', false],
])('the image of the source %s is a path: %s', (source, expected) => {
  expect(isStored(source)).toBe(expected);
});

test.each<[string, object]>([
  ['version', { version: 2 }],
  ['version', { version: undefined }],
  ['source', { source: 'ftp' }],
  ['image', { image: null }],
  ['image.reference', { image: { ...image, reference: 1 } }],
  ['image.platform', { image: { ...image, platform: undefined } }],
  ['image.path', { image: { ...image, path: undefined } }],
  ['image.resolvedPath', { image: { ...image, resolvedPath: undefined } }],
  ['image.verifiedLayers', { image: { ...image, verifiedLayers: undefined } }],
  ['image.unverifiedLayers.0', { image: { ...image, unverifiedLayers: [1] } }],
  ['file.path', { file: {} }],
  ['mozilla.node', { mozilla: {} }],
  ['mountPath', { mountPath: undefined }],
  ['mountPaths', { mountPaths: '/etc' }],
  ['base.sha256', { base: { certificates: 1 } }],
  ['base.certificates', { base: { sha256: 'a', certificates: '1' } }],
  ['result.sha256', { result: { certificates: 1 } }],
  ['result.certificates', { result: { sha256: 'a' } }],
  ['format', { format: 'pem' }],
  ['secret.name', { secret: {} }],
  ['given', { given: undefined }],
  ['given.0.files', { given: [{ folder: 'cas' }] }],
  ['given.0.folder', { given: [{ folder: 7, files: [] }] }],
  ['given.0.files.0.path', { given: [{ files: [{ sha256: 'a'.repeat(64) }] }] }],
  ['given.0.files.0.sha256', { given: [{ files: [{ path: 'a', sha256: 'a' }] }] }],
  ['policy.expired', { policy: { expired: 'refuse' } }],
  ['policy.allowNonCa', { policy: { allowNonCa: 'yes' } }],
  ['added', { added: undefined }],
  ['added.0.subject', { added: [{ ...certificate, subject: 1 }] }],
  ['added.0.fingerprint', { added: [{ ...certificate, fingerprint: undefined }] }],
  ['added.0.notAfter', { added: [{ ...certificate, notAfter: 'tomorrow' }] }],
  ['added.0.source', { added: [{ ...certificate, source: undefined }] }],
  ['inBase.0.notAfter', { inBase: [{ ...certificate, notAfter: 5 }] }],
])('a lock file is refused by name: %s, %j', (name, change) => {
  const refuse = () => read({ ...lock, ...change });
  expect(refuse).toThrow(`"${name}"`);
  expect(refuse).toThrow(
    expect.objectContaining({
      code: 'SPACECTL_BAD_DATA',
      message: expect.stringMatching(/^my\.lock\.json is not a lock file of this version of spacectl: /),
      suggestions: [expect.objectContaining({ command: 'spacectl ca-bundle build --ca FILE --force' })],
    }),
  );
});

// The program writes to this path: only a file beside the lock file will do.
test.each([
  '../bundle.crt',
  '../../x',
  '/etc/cron.d/x',
  'a/b.crt',
  './b.crt',
  '.',
  '..',
  '',
  'a\\b.crt',
  'a\u0000',
  'my.lock.json',
])('a bundle in another place than beside the lock file is refused: "%s"', (name) => {
  expect(() => read({ ...lock, result: { ...lock.result, file: name } })).toThrow(
    'my.lock.json is not a lock file of this version of spacectl: "result.file" is not the name of a file beside it',
  );
});

// Without its image, a lock file would stand for any other base.
test.each<[Lock['source'], string]>([
  ['registry', 'image'],
  ['docker', 'image'],
  ['podman', 'image'],
  ['archive', 'image'],
  ['oci-layout', 'image'],
  ['file', 'file'],
])('a lock file whose source is %s is refused without "%s"', (source, name) => {
  const { [name as 'image']: _, ...rest } = { ...lock, source };
  expect(() => read(rest)).toThrow(`"${name}" is missing, which the source ${source} requires`);
});

test.each<[string, object]>([
  ['mountPath', { mountPath: '/etc/ssl:/etc' }],
  ['mountPath', { mountPath: 'etc/ssl/cert.pem' }],
  ['mountPath', { mountPath: '/etc/a\n' }],
  ['mountPaths.1', { mountPaths: ['/a', '/b,readonly'] }],
  ['image.path', { image: { ...image, path: 'cert.pem' } }],
])('a path of an image that cannot be mounted is refused: %s, %j', (name, change) => {
  expect(() => read({ ...lock, ...change })).toThrow(`"${name}" is not an absolute path without colon and comma`);
});

test.each([{ name: 'Bundle' }, { name: 'a: b' }, { name: 'a', namespace: '../x' }])(
  'a Secret that Kubernetes does not allow is refused: %j',
  (secret) => {
    expect(() => read({ ...lock, secret })).toThrow(/"secret\.name(space)?" is not a name that Kubernetes allows/);
  },
);

test.each([
  ['custom-ca-bundle.crt', 'custom-ca-bundle.lock.json'],
  ['a/b.c/bundle.pem', 'a/b.c/bundle.lock.json'],
  ['/bundle', '/bundle.lock.json'],
  ['x.tar.gz', 'x.tar.lock.json'],
])('the lock file of %s is %s', (bundle, file) => {
  expect(lockFileOf(bundle)).toBe(file);
});

test.each([
  ['ca.pem', 'pool/x.lock.json', '../ca.pem'],
  ['pool/ca.pem', 'pool/x.lock.json', 'ca.pem'],
  ['/etc/ca.pem', 'pool/x.lock.json', '/etc/ca.pem'],
  ['ca.pem', 'x.lock.json', 'ca.pem'],
])('%s is in %s as %s, and found again by it', (given, lockFile, noted) => {
  expect(pathInLock(given, lockFile)).toBe(noted);
  expect(pathFromLock(noted, lockFile)).toBe(given);
});

test('the custom certificates are those that were added, and then those that the base has', () => {
  expect(customCertificatesIn(lock).map(({ subject }) => subject)).toEqual(['CN=Root', 'CN=Other']);
  const { inBase: _, ...rest } = lock;
  expect(customCertificatesIn(rest).map(({ subject }) => subject)).toEqual(['CN=Root']);
});
