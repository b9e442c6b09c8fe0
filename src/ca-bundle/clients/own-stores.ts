import { USUAL_PATHS } from '../base/defaults.ts';
import type { Reading } from './client.ts';
import type { ImageFacts } from './image-facts.ts';

/** Packages of Debian and Ubuntu: their certifi returns the system's bundle instead of its own file. */
const DEBIAN_PACKAGE = /^\/usr\/lib\/python3\/dist-packages\//;

/** Returns what requests reads: the file of certifi. */
export function requestsReading({ environment = {}, examination }: ImageFacts): Reading | undefined {
  const files = examination.files.flatMap(({ path }) => (/\/certifi\/cacert\.pem$/.test(path) ? [path] : []));
  // The copy that pip brings along is for pip alone, which reads the system's certificates too (24.2 and newer).
  const own = files.filter((path) => !/\/_vendor\/certifi\//.test(path));
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

/** Returns what botocore reads: what certifi says if it is installed, else its own file. */
export function botocoreReading({ environment = {}, examination }: ImageFacts): Reading | undefined {
  const files = examination.files.flatMap(({ path }) => (/\/botocore\/cacert\.pem$/.test(path) ? [path] : []));
  if (files.length === 0) return undefined;
  const named = environment['AWS_CA_BUNDLE'] || environment['REQUESTS_CA_BUNDLE'];
  const hasCertifi = examination.files.some(({ path }) => DEBIAN_PACKAGE.test(path) && path.includes('/certifi/'));
  const isDebian = hasCertifi && files.every((path) => DEBIAN_PACKAGE.test(path));
  return {
    client: 'botocore',
    files: named ? [named] : isDebian ? [USUAL_PATHS[0]] : files,
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
  if (!examination.files.some(({ path }) => path.endsWith('/libjvm.so'))) return undefined;
  return {
    client: 'java',
    files: ['lib/security/cacerts'],
    isOwnStore: true,
    basis: 'documented',
    source: 'JSSE reference guide, javax.net.ssl.trustStore',
  };
}
