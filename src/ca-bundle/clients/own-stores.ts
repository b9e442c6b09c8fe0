import type { FoundFile } from '../../oci/index.ts';
import type { Reading } from './client.ts';
import type { ImageFacts } from './image-facts.ts';
import { storeOptionOf } from './store-options.ts';

/** The copy of certifi that pip brings along, for itself alone. */
const VENDORED = /\/pip\/_vendor\/certifi$/;
const CERTIFI_SOURCE = 'requests.readthedocs.io, SSL Cert Verification';
const PIP_SOURCE = 'pypa/pip docs/html/topics/https-certificates.md; pip/_internal/cli/index_command.py';

/** What some copies of certifi return. */
interface Certifi {
  readonly files: readonly string[];
  /** Whether one of them returns its own file. */
  readonly isOwnStore: boolean;
  readonly source: string;
}

/**
 * Reads which files copies of certifi return: their own `cacert.pem` or, in packages of distributions, the system's bundle
 * (Debian's python3-certifi and python3-pip; aports main/py3-certifi, use-alpine-system-certs.patch; Fedora's
 * python-certifi.spec, use-system-cert.patch), which their `core.py` then names.
 */
function certifiIn(found: readonly FoundFile[], isMeant: (folder: string) => boolean): Certifi | undefined {
  const named = found.flatMap(({ path, texts }) => {
    const [, folder = ''] = /^(.*\/certifi)\/(?:core\.py|cacert\.pem)$/.exec(path) ?? [];
    return folder !== '' && isMeant(folder)
      ? [{ folder, system: path.endsWith('.py') ? texts[0] : undefined, path }]
      : [];
  });
  if (named.length === 0) return undefined;
  const folders = [...new Set(named.map(({ folder }) => folder))];
  const files = folders.map(
    (folder) => named.find((each) => each.folder === folder && each.system)?.system ?? `${folder}/cacert.pem`,
  );
  return {
    files: [...new Set(files)],
    isOwnStore: files.some((file) => file.endsWith('/certifi/cacert.pem')),
    source: folders.map((folder) => `${folder}/core.py`).join(', '),
  };
}

/** Returns what requests reads: what certifi returns. */
export function requestsReading({ environment = {}, examination }: ImageFacts): Reading | undefined {
  const certifi = certifiIn(examination.files, (folder) => !VENDORED.test(folder));
  if (!certifi) return undefined;
  const named = environment['REQUESTS_CA_BUNDLE'] || environment['CURL_CA_BUNDLE'];
  const [client, variable, source] = [
    'requests',
    'REQUESTS_CA_BUNDLE',
    `${certifi.source}; ${CERTIFI_SOURCE}`,
  ] as const;
  if (named) return { client, files: [named], variable, basis: 'documented', source: CERTIFI_SOURCE };
  return { client, files: certifi.files, isOwnStore: certifi.isOwnStore, variable, basis: 'measured', source };
}

/**
 * Returns what pip reads: from 24.2 on, what Python's `ssl` reads, and its own copy of certifi besides. Older ones read only
 * the copy. With older versions of Python than 3.10, pip is as an older one.
 */
export function pipReading(
  { environment = {}, examination }: ImageFacts,
  python: Reading | undefined,
): Reading | undefined {
  const certifi = certifiIn(examination.files, (folder) => VENDORED.test(folder));
  if (!certifi) return undefined;
  const named = environment['PIP_CERT'] || environment['REQUESTS_CA_BUNDLE'] || environment['CURL_CA_BUNDLE'];
  const [client, variable] = ['pip', 'PIP_CERT'] as const;
  if (named) return { client, files: [named], variable, basis: 'documented', source: PIP_SOURCE };
  const copies = examination.files.filter(({ path }) => /\/pip\/_internal\/cli\/index_command\.py$/.test(path));
  const readsSystem =
    copies.length > 0 && copies.every(({ path, texts }) => texts.length > 0 && !OLD_PYTHON.test(path));
  if (python && readsSystem) return { ...python, client, variable, basis: 'documented', source: PIP_SOURCE };
  const { files, isOwnStore, source } = certifi;
  return { client, files, isOwnStore, variable, basis: 'measured', source: `${source}; ${PIP_SOURCE}` };
}

const OLD_PYTHON = /\/python3\.[0-9]\//;

/** Returns what botocore reads: what certifi beside it returns, else its own file. */
export function botocoreReading({ environment = {}, examination }: ImageFacts): Reading | undefined {
  const own = examination.files.flatMap(({ path }) => (/\/botocore\/cacert\.pem$/.test(path) ? [path] : []));
  if (own.length === 0) return undefined;
  const named = environment['AWS_CA_BUNDLE'] || environment['REQUESTS_CA_BUNDLE'];
  const read = own.map((file) => {
    const beside = file.replace(/botocore\/cacert\.pem$/, 'certifi');
    return certifiIn(examination.files, (folder) => folder === beside) ?? { files: [file], isOwnStore: true };
  });
  return {
    client: 'botocore',
    files: named ? [named] : [...new Set(read.flatMap(({ files }) => files))],
    isOwnStore: !named && read.some(({ isOwnStore }) => isOwnStore),
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
  const named = environment[variable];
  // What the variable names is read besides, whatever the options.
  const uncertainty = named ? undefined : storeOptionOf('node', environment);
  if (openssl && isAlpine && programs.every(({ path }) => path.startsWith('/usr/bin/'))) {
    const source = `${openssl.source}; aports main/nodejs/APKBUILD, --openssl-use-def-ca-store`;
    return { ...openssl, client: 'node', variable, ...(uncertainty && { uncertainty }), basis: 'documented', source };
  }
  return {
    client: 'node',
    files: named ? [named] : [],
    isOwnStore: !named,
    variable,
    ...(uncertainty && { uncertainty }),
    basis: 'documented',
    source: 'nodejs.org/api/cli.html, NODE_EXTRA_CA_CERTS',
  };
}

/** Returns what Java reads: a key store, over which no PEM file can be mounted (JSSE reference guide). */
export function javaReading({ environment = {}, examination }: ImageFacts): Reading | undefined {
  const libraries = examination.files.flatMap(({ path }) => (path.endsWith('/libjvm.so') ? [path] : []));
  if (libraries.length === 0) return undefined;
  const uncertainty = storeOptionOf('java', environment);
  return {
    client: 'java',
    // JAVA_HOME/lib/server/libjvm.so; up to Java 8, jre/lib/ARCH/server/libjvm.so.
    files: libraries.map((path) =>
      path.replace(/\/lib\/(?:[^/]+\/)?(?:server|client|minimal|zero)\/libjvm\.so$/, '/lib/security/cacerts'),
    ),
    isOwnStore: true,
    ...(uncertainty && { uncertainty }),
    basis: 'documented',
    source: 'JSSE reference guide, javax.net.ssl.trustStore',
  };
}
