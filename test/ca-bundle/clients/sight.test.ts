import { expect, test } from 'vitest';
import type { ImageFacts } from '../../../src/ca-bundle/clients/image-facts.ts';
import { clientsSeeing, mapClients } from '../../../src/ca-bundle/clients/map.ts';
import { mountedAt } from '../../../src/ca-bundle/clients/mounted.ts';
import type { Environment, PathTarget } from '../../../src/oci/index.ts';

const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const file = (resolvedPath: string, size = 1): PathTarget => ({ kind: 'file', resolvedPath, size });
const absent: PathTarget = { kind: 'absent' };
const unknown: PathTarget = { kind: 'unknown' };

interface Known {
  readonly paths?: Readonly<Record<string, PathTarget>>;
  readonly environment?: Environment;
}

/** An image of which all layers were read, by its files and the texts in them, and by where paths lead. */
function facts(
  files: Readonly<Record<string, readonly string[]>>,
  { paths = { [BUNDLE]: file(BUNDLE) }, environment = {} }: Known = {},
): ImageFacts {
  const found = Object.entries(files).map(([path, texts]) => ({ path, texts }));
  return { environment, examination: { paths, files: found, isComplete: true } };
}

/** Whether a client sees the bundle at Debian's path, and by which variable it would. */
function sightOf(client: string, image: ImageFacts) {
  const found = clientsSeeing(image, [BUNDLE]).find((each) => each.client === client);
  return found && [found.sees, ...(found.variable ? [found.variable] : [])];
}

test('a mount is seen at its path, at what a link there leads to, and in directories that have either', () => {
  const paths = {
    '/a/link.pem': file('/b/file.pem'),
    '/c/other.pem': file('/b/file.pem'),
    '/d/third.pem': file('/d/third.pem'),
    '/e': { kind: 'directory', resolvedPath: '/c' } as const,
    '/f': unknown,
  };
  const { isAt, isIn } = mountedAt(['/a/link.pem'], { paths, files: [], isComplete: true });
  expect(['/a/link.pem', '/c/other.pem', '/d/third.pem', '/f'].map(isAt)).toEqual([true, true, false, undefined]);
  // Of the last two, nothing is known.
  expect(['/a', '/b', '/c', '/e', '/f', '/d'].map(isIn)).toEqual([true, true, true, true, undefined, undefined]);
});

const LIBCRYPTO = '/usr/lib/libcrypto.so.3';
const certPem = '/etc/ssl/cert.pem';
const node = { '/usr/bin/node': [], '/lib/ld-musl-x86_64.so.1': [], [LIBCRYPTO]: [certPem] };
const python = { '/usr/bin/python3.12': [], [LIBCRYPTO]: [certPem] };
/** A certifi that returns the system's bundle, as distributions have it. */
const systemCertifi = (folder: string) => ({ [`${folder}/certifi/core.py`]: [BUNDLE] });
/** @param hasTruststore whether it is 24.2 or newer */
const pip = (folder: string, hasTruststore: boolean) => ({
  [`${folder}/pip/_vendor/certifi/cacert.pem`]: [],
  ...(hasTruststore && { [`${folder}/pip/_internal/cli/index_command.py`]: ['legacy-certs'] }),
});
const linked = { [BUNDLE]: file(BUNDLE), [certPem]: file(BUNDLE) };

test.each<[string, string, ImageFacts, readonly string[] | undefined]>([
  ['OpenSSL, with a link', 'openssl', facts({ [LIBCRYPTO]: [certPem] }, { paths: linked }), ['yes']],
  [
    'OpenSSL, with a file of its own',
    'openssl',
    facts({ [LIBCRYPTO]: [certPem] }, { paths: { [certPem]: file(certPem) } }),
    ['with variable', 'SSL_CERT_FILE'],
  ],
  [
    'OpenSSL, where lower layers decide',
    'openssl',
    facts({ [LIBCRYPTO]: [certPem] }, { paths: { [certPem]: unknown } }),
    ['unknown', 'SSL_CERT_FILE'],
  ],
  ['OpenSSL that does not say what it reads', 'openssl', facts({ [LIBCRYPTO]: [] }), ['unknown', 'SSL_CERT_FILE']],
  ['OpenSSL of one program', 'openssl', facts({ '/usr/local/aws-cli/v2/dist/libcrypto.so.3': [certPem] }), undefined],
  [
    'two versions of OpenSSL, of which one sees it',
    'openssl',
    facts(
      { [LIBCRYPTO]: [certPem], '/usr/lib/libcrypto.so.1.1': ['/etc/ssl1.1/cert.pem'] },
      { paths: { ...linked, '/etc/ssl1.1/cert.pem': absent } },
    ),
    ['with variable', 'SSL_CERT_FILE'],
  ],
  [
    'Python of the system',
    'python',
    facts({ '/usr/bin/python3.12': [], [LIBCRYPTO]: [certPem] }, { paths: linked }),
    ['yes'],
  ],
  [
    'Python of conda',
    'python',
    facts({ '/opt/conda/bin/python3.12': [], [LIBCRYPTO]: [certPem] }, { paths: linked }),
    ['unknown', 'SSL_CERT_FILE'],
  ],
  ['curl whose library is not known', 'curl', facts({ '/usr/bin/curl': [] }), ['unknown', 'CURL_CA_BUNDLE']],
  [
    'curl with a variable of the image',
    'curl',
    facts({ '/usr/bin/curl': [] }, { environment: { CURL_CA_BUNDLE: BUNDLE } }),
    ['yes'],
  ],
  [
    'git with GnuTLS',
    'git',
    facts({ '/usr/bin/git': [], '/usr/lib/libcurl-gnutls.so.4': ['/etc/ssl/certs'] }),
    ['yes'],
  ],
  [
    'git with GnuTLS and another directory',
    'git',
    facts({ '/usr/bin/git': [], '/usr/lib/libcurl-gnutls.so.4': ['/opt/certs'] }, { paths: { '/opt/certs': absent } }),
    ['with variable', 'GIT_SSL_CAINFO'],
  ],
  ["GnuTLS with p11-kit's store", 'gnutls', facts({ '/usr/lib64/libgnutls.so.30': [] }), ['no']],
  [
    'requests',
    'requests',
    facts({ '/usr/lib/python3.12/site-packages/certifi/cacert.pem': [] }),
    ['with variable', 'REQUESTS_CA_BUNDLE'],
  ],
  ["requests of Debian's package", 'requests', facts(systemCertifi('/usr/lib/python3/dist-packages')), ['yes']],
  [
    'requests with a variable of the image',
    'requests',
    facts({ '/x/certifi/cacert.pem': [] }, { environment: { REQUESTS_CA_BUNDLE: BUNDLE } }),
    ['yes'],
  ],
  ["pip's copy of certifi", 'requests', facts({ '/x/pip/_vendor/certifi/cacert.pem': [] }), undefined],
  [
    'pip 24.2 and newer, which reads what Python does',
    'pip',
    facts({ ...pip('/usr/lib/python3.12/site-packages', true), ...python }, { paths: linked }),
    ['yes'],
  ],
  [
    'such a pip, where OpenSSL has a file of its own',
    'pip',
    facts({ ...pip('/usr/lib/python3.12/site-packages', true), ...python }, { paths: { [certPem]: file(certPem) } }),
    ['with variable', 'PIP_CERT'],
  ],
  [
    'such a pip of an old Python',
    'pip',
    facts({ ...pip('/usr/lib/python3.9/site-packages', true), ...python }, { paths: linked }),
    ['with variable', 'PIP_CERT'],
  ],
  [
    'an older pip',
    'pip',
    facts({ ...pip('/usr/lib/python3.12/site-packages', false), ...python }, { paths: linked }),
    ['with variable', 'PIP_CERT'],
  ],
  ['an older pip of Debian', 'pip', facts({ ...pip('/x', false), ...systemCertifi('/x/pip/_vendor') }), ['yes']],
  [
    "requests of Fedora's package, where its file is not the bundle",
    'requests',
    facts(
      { '/x/certifi/core.py': ['/etc/pki/tls/certs/ca-bundle.crt'] },
      { paths: { ...linked, '/etc/pki/tls/certs/ca-bundle.crt': absent } },
    ),
    ['with variable', 'REQUESTS_CA_BUNDLE'],
  ],
  [
    "requests of Alpine's package, and of another beside it",
    'requests',
    facts({ ...systemCertifi('/x'), '/y/certifi/core.py': [], '/y/certifi/cacert.pem': [] }),
    ['with variable', 'REQUESTS_CA_BUNDLE'],
  ],
  ['pip with a variable of the image', 'pip', facts(pip('/x', false), { environment: { PIP_CERT: BUNDLE } }), ['yes']],
  [
    'the AWS CLI',
    'botocore',
    facts({ '/usr/local/aws-cli/v2/dist/awscli/botocore/cacert.pem': [] }),
    ['with variable', 'AWS_CA_BUNDLE'],
  ],
  [
    "botocore of Debian's package",
    'botocore',
    facts({
      '/usr/lib/python3/dist-packages/botocore/cacert.pem': [],
      ...systemCertifi('/usr/lib/python3/dist-packages'),
    }),
    ['yes'],
  ],
  ['Node', 'node', facts({ '/usr/local/bin/node': [] }), ['with variable', 'NODE_EXTRA_CA_CERTS']],
  ['Node of Alpine', 'node', facts(node, { paths: linked }), ['yes']],
  [
    'Node of its image on Alpine',
    'node',
    facts({ ...node, '/usr/local/bin/node': [] }, { paths: linked }),
    ['with variable', 'NODE_EXTRA_CA_CERTS'],
  ],
  ['Java', 'java', facts({ '/opt/java/lib/server/libjvm.so': [] }), ['no']],
])('a client sees the bundle, or what it needs: %s', (_case, client, image, sight) => {
  expect(sightOf(client, image)).toEqual(sight);
});

test.each<[string, string, readonly string[], readonly string[]]>([
  ['java', 'Java', ['/opt/java/lib/server/libjvm.so'], ['/opt/java/lib/security/cacerts']],
  ['java', 'Java 8', ['/opt/jdk8/jre/lib/amd64/server/libjvm.so'], ['/opt/jdk8/jre/lib/security/cacerts']],
  [
    'botocore',
    'botocore beside certifi',
    ['/x/botocore/cacert.pem', '/x/certifi/cacert.pem'],
    ['/x/certifi/cacert.pem'],
  ],
  ['botocore', 'botocore alone', ['/x/botocore/cacert.pem', '/y/certifi/cacert.pem'], ['/x/botocore/cacert.pem']],
])('where a client with a store of its own looks: %s, %s', (client, _case, files, reads) => {
  const image = facts(Object.fromEntries(files.map((path) => [path, []])));
  expect(clientsSeeing(image, [BUNDLE]).find((each) => each.client === client)?.reads).toEqual(reads);
});

test('nothing is mounted where it is not known whether it is needed, or over a store of another kind', () => {
  const image = facts(
    { [LIBCRYPTO]: [certPem], '/x/botocore/cacert.pem': [], '/opt/java/lib/server/libjvm.so': [] },
    { paths: { [BUNDLE]: file(BUNDLE), [certPem]: unknown, '/x/botocore/cacert.pem': file('/x/botocore/cacert.pem') } },
  );
  expect(mapClients(image, [BUNDLE]).mountPaths).toEqual([BUNDLE]);
});

test('a path that cannot be part of a mount is not mounted over', () => {
  const odd = '/opt/a:b,c.pem';
  const directories = { '/etc/ssl/certs': absent, '/etc/pki/tls/certs': absent };
  const image = facts({}, { paths: { ...directories, [odd]: file(odd) }, environment: { SSL_CERT_FILE: odd } });
  const elsewhere = mapClients(image, ['/opt/bundle.pem']);
  expect(elsewhere.mountPaths).toEqual(['/opt/bundle.pem']);
  expect(elsewhere.clients[0]).toMatchObject({ client: 'go', sees: 'with variable', variable: 'SSL_CERT_FILE' });
});
