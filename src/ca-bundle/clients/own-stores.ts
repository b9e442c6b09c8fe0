import type { FoundFile } from '../../oci/index.ts';
import { USUAL_PATHS } from '../base/defaults.ts';
import type { Reading } from './client.ts';
import type { ImageFacts } from './image-facts.ts';

/** Packages of Debian and Ubuntu: their certifi returns the system's bundle instead of its own file. */
const DEBIAN_PACKAGE = /^\/usr\/lib\/python3\/dist-packages\//;

/** The copy of certifi that pip brings along. */
const VENDORED = /\/pip\/_vendor\/certifi\//;

/** Returns what requests reads: the file of certifi. */
export function requestsReading({ environment = {}, examination }: ImageFacts): Reading | undefined {
  const files = examination.files.flatMap(({ path }) => (/\/certifi\/cacert\.pem$/.test(path) ? [path] : []));
  // The copy that pip brings along is for pip alone.
  const own = files.filter((path) => !VENDORED.test(path));
  if (own.length === 0) return undefined;
  const named = environment['REQUESTS_CA_BUNDLE'] || environment['CURL_CA_BUNDLE'];
  const isDebian = own.every((path) => DEBIAN_PACKAGE.test(path));
  const source = 'requests.readthedocs.io, SSL Cert Verification';
  return {
    client: 'requests',
    files: named ? [named] : isDebian ? [USUAL_PATHS[0]] : own,
    isOwnStore: !named && !isDebian,
    variable: 'REQUESTS_CA_BUNDLE',
    basis: 'documented',
    source: isDebian ? `${source}; python3-certifi of Debian, certifi/core.py` : source,
  };
}

/**
 * Returns what pip reads: from 24.2 on, what Python's `ssl` reads, and its own copy of certifi besides. Older ones read only
 * the copy, which is the system's bundle on Debian. Older versions of Python than 3.10 are as an older pip.
 */
export function pipReading(
  { environment = {}, examination }: ImageFacts,
  python: Reading | undefined,
): Reading | undefined {
  const copies = examination.files.flatMap(({ path }) => (VENDORED.test(path) ? [path] : []));
  if (copies.length === 0) return undefined;
  const named = environment['PIP_CERT'] || environment['REQUESTS_CA_BUNDLE'] || environment['CURL_CA_BUNDLE'];
  const [variable, basis] = ['PIP_CERT', 'documented'] as const;
  const readsSystem = (copy: string) =>
    !/\/python3\.[0-9]\//.test(copy) && hasTruststore(examination.files, copy.replace(VENDORED_FILE, ''));
  if (named) return { client: 'pip', files: [named], variable, basis, source: PIP_SOURCE };
  if (python && copies.every(readsSystem)) return { ...python, client: 'pip', variable, basis, source: PIP_SOURCE };
  const isDebian = copies.every((path) => DEBIAN_PACKAGE.test(path));
  const source = isDebian ? 'python3-pip of Debian, pip/_vendor/certifi/core.py' : PIP_SOURCE;
  return { client: 'pip', files: isDebian ? [USUAL_PATHS[0]] : copies, isOwnStore: !isDebian, variable, basis, source };
}

const VENDORED_FILE = /_vendor\/certifi\/cacert\.pem$/;
const PIP_SOURCE = 'pypa/pip docs/html/topics/https-certificates.md; pip/_internal/cli/index_command.py';

/** Reports whether a pip, by its directory, reads the system's certificates unless it is told not to. */
function hasTruststore(files: readonly FoundFile[], pip: string): boolean {
  return files.some(({ path, texts }) => path === `${pip}_internal/cli/index_command.py` && texts.length > 0);
}

/** Returns what botocore reads: what certifi says if it is installed, else its own file. */
export function botocoreReading({ environment = {}, examination }: ImageFacts): Reading | undefined {
  const files = examination.files.flatMap(({ path }) => (/\/botocore\/cacert\.pem$/.test(path) ? [path] : []));
  if (files.length === 0) return undefined;
  const named = environment['AWS_CA_BUNDLE'] || environment['REQUESTS_CA_BUNDLE'];
  const read = files.map((file) => {
    const certifi = file.replace(/botocore\/cacert\.pem$/, 'certifi/cacert.pem');
    if (!examination.files.some(({ path }) => path === certifi)) return file;
    return DEBIAN_PACKAGE.test(certifi) ? USUAL_PATHS[0] : certifi;
  });
  const isDebian = read.every((file) => file === USUAL_PATHS[0]);
  return {
    client: 'botocore',
    files: named ? [named] : [...new Set(read)],
    isOwnStore: !named && !isDebian,
    variable: 'AWS_CA_BUNDLE',
    basis: 'documented',
    source: 'boto/botocore botocore/httpsession.py',
  };
}

/** Returns what Node reads: a list that is compiled in. That of Alpine reads what OpenSSL reads. */
export function nodeReading(
  { environment = {}, examination }: ImageFacts,
  openssl: Reading | undefined,
): Reading | undefined {
  const programs = examination.files.filter(({ path }) => /\/bin\/node$|\/libnode\.so\.[^/]*$/.test(path));
  if (programs.length === 0) return undefined;
  const isAlpine = examination.files.some(({ path }) => /\/ld-musl-[^/]*$/.test(path));
  const variable = 'NODE_EXTRA_CA_CERTS';
  if (openssl && isAlpine && programs.every(({ path }) => path.startsWith('/usr/bin/'))) {
    const source = `${openssl.source}; aports main/nodejs/APKBUILD, --openssl-use-def-ca-store`;
    return { ...openssl, client: 'node', variable, basis: 'documented', source };
  }
  const named = environment[variable];
  return {
    client: 'node',
    files: named ? [named] : [],
    isOwnStore: !named,
    variable,
    basis: 'documented',
    source: 'nodejs.org/api/cli.html, NODE_EXTRA_CA_CERTS',
  };
}

/** Returns what Java reads: a key store, over which no PEM file can be mounted (JSSE reference guide). */
export function javaReading({ examination }: ImageFacts): Reading | undefined {
  const libraries = examination.files.flatMap(({ path }) => (path.endsWith('/libjvm.so') ? [path] : []));
  if (libraries.length === 0) return undefined;
  return {
    client: 'java',
    // JAVA_HOME/lib/server/libjvm.so; up to Java 8, jre/lib/ARCH/server/libjvm.so.
    files: libraries.map((path) =>
      path.replace(/\/lib\/(?:[^/]+\/)?(?:server|client|minimal|zero)\/libjvm\.so$/, '/lib/security/cacerts'),
    ),
    isOwnStore: true,
    basis: 'documented',
    source: 'JSSE reference guide, javax.net.ssl.trustStore',
  };
}
