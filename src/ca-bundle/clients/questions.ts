import type { Environment, Platform, Questions } from '../../oci/index.ts';
import { USUAL_PATHS } from '../base/defaults.ts';
import { storeOptions } from './store-options.ts';

/** Directories all of whose files Go reads (crypto/x509, root_linux.go); git with GnuTLS reads the first. */
export const CERTIFICATE_DIRECTORIES = ['/etc/ssl/certs', '/etc/pki/tls/certs'] as const;

/** Paths of trust stores, in text that a program was compiled with. NUL ends each text; another text comes before it. */
const STORE_FILES = String.raw`/[\x21-\x7e]{1,200}\.(?:pem|crt)`;
const STORE_PATHS = String.raw`${STORE_FILES}|/[\x21-\x7e]{1,100}/certs`;

const OPENSSL = { name: String.raw`libcrypto\.so\..*`, text: String.raw`\0(${STORE_FILES})(?=\0)` };

const QUESTIONS: Questions = {
  paths: [
    ...USUAL_PATHS,
    ...CERTIFICATE_DIRECTORIES,
    // OpenSSL's default files: Debian, Fedora, its own, and OpenSSL 1.1 of Alpine. SUSE has the last one patched in.
    '/usr/lib/ssl/cert.pem',
    '/etc/pki/tls/cert.pem',
    '/usr/local/ssl/cert.pem',
    '/etc/ssl1.1/cert.pem',
    '/var/lib/ca-certificates/ca-bundle.pem',
    // What the links of Arch lead to.
    '/etc/ca-certificates/extracted/tls-ca-bundle.pem',
  ],
  files: [
    OPENSSL,
    { name: String.raw`libcurl(?:-gnutls)?\.so\..*`, text: String.raw`\0(${STORE_PATHS})(?=\0)` },
    { name: String.raw`libgnutls\.so\..*`, text: String.raw`\0(${STORE_FILES})(?=\0)` },
    { name: String.raw`(?:lib)?python3[.0-9]*(?:\.so.*)?` },
    { name: String.raw`libjvm\.so` },
    { name: String.raw`node|libnode\.so\..*` },
    { name: 'curl|git' },
    // By which Alpine, and others with musl, are known.
    { name: String.raw`ld-musl-.*\.so\.1` },
    // Of certifi and botocore.
    { name: String.raw`cacert\.pem` },
    // Of certifi, which may name a bundle of the system.
    { name: String.raw`core\.py`, text: `["'](/etc/[\\x21-\\x7e]{1,200}\\.(?:pem|crt))["']` },
    // Of pip 24.2 and newer, with the option that turns the system's certificates off.
    { name: String.raw`index_command\.py`, text: '"(legacy-certs)"' },
  ],
};

/** Variables that name a file of certificates to some client, and one that names directories. */
const FILE_VARIABLES = [
  'SSL_CERT_FILE',
  'NIX_SSL_CERT_FILE',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'REQUESTS_CA_BUNDLE',
  'PIP_CERT',
  'AWS_CA_BUNDLE',
  'NODE_EXTRA_CA_CERTS',
];
const DIRECTORY_VARIABLE = 'SSL_CERT_DIR';

/** Keeps the variables that matter to clients, and of those with options, the options that do: others may be secrets. */
export function relevantVariables(environment: Environment): Environment {
  const names = [...FILE_VARIABLES, DIRECTORY_VARIABLE];
  const named = Object.entries(environment).filter(([name, value]) => names.includes(name) && value !== '');
  return { ...Object.fromEntries(named), ...storeOptions(environment) };
}

/** The names of OpenSSL 1.1, 3 and 4, whose numbers do not change within a version (openssl/openssl, VERSION.dat, SHLIB_VERSION). */
const OPENSSL_LIBRARIES = ['libcrypto.so.3', 'libcrypto.so.1.1', 'libcrypto.so.4'];

/** The names of Debian's directories of libraries (wiki.debian.org/Multiarch/Tuples), by architecture. */
const DEBIAN_TUPLES: Readonly<Record<string, string>> = { amd64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

/** Lists where OpenSSL's library usually is: on Debian, Fedora and SUSE, Alpine and Arch, and older releases of Alpine. */
function opensslPaths({ architecture }: Platform): readonly (readonly string[])[] {
  const tuple = DEBIAN_TUPLES[architecture];
  const folders = [...(tuple === undefined ? [] : [`/usr/lib/${tuple}`]), '/usr/lib64', '/usr/lib', '/lib'];
  return folders.map((folder) => OPENSSL_LIBRARIES.map((name) => `${folder}/${name}`));
}

/** Returns what to find out about an image to know which clients it has, and what they read. */
export function questionsFor(environment: Environment, platform: Platform): Questions {
  const files = FILE_VARIABLES.flatMap((name) => environment[name] ?? []);
  const directories = environment[DIRECTORY_VARIABLE]?.split(':') ?? [];
  const named = [...files, ...directories].filter((path) => path.startsWith('/'));
  const paths = [...new Set([...QUESTIONS.paths, ...named])];
  const usualPaths = opensslPaths(platform);
  return { paths, files: QUESTIONS.files.map((each) => (each === OPENSSL ? { ...each, usualPaths } : each)) };
}
