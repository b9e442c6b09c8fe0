import type { FoundFile } from '../../oci/index.ts';
import { USUAL_PATHS } from '../base/defaults.ts';
import type { Reading } from './client.ts';
import type { ImageFacts } from './image-facts.ts';
import { CERTIFICATE_DIRECTORIES } from './questions.ts';

/** Libraries of the system: `/usr/lib/x86_64-linux-gnu/libcrypto.so.3`. Those that a program brings along are its own. */
const SYSTEM =
  /^\/(?:(?:usr\/)?(?:local\/)?lib(?:64)?\/(?:[^/]{1,40}-linux-[^/]{1,40}\/)?|nix\/store\/[^/]+\/lib\/)[^/]+$/;
const NIX = /^\/nix\/store\//;

/** Returns what Go reads: golang/go, src/crypto/x509/root_linux.go and root_unix.go, 1.19 to 1.27. */
export function goReading({ environment = {} }: ImageFacts): Reading {
  const { SSL_CERT_FILE: file, SSL_CERT_DIR: directories } = environment;
  return {
    client: 'go',
    files: file ? [file] : USUAL_PATHS,
    isFirstEnough: true,
    directories: directories ? directories.split(':') : CERTIFICATE_DIRECTORIES,
    variable: 'SSL_CERT_FILE',
    basis: 'documented',
    source: 'golang/go src/crypto/x509/root_linux.go',
  };
}

/**
 * Returns what OpenSSL reads: the file that the library was built with. It finds certificates in its directory only by
 * their hashes, so that a bundle there is not read.
 */
export function opensslReading({ environment = {}, examination }: ImageFacts): Reading | undefined {
  const libraries = systemLibraries(examination.files, /\/libcrypto\.so\.[^/]*$/);
  if (libraries.length === 0) return undefined;
  const isNix = libraries.every(({ path }) => NIX.test(path));
  // nixpkgs, pkgs/development/libraries/openssl, nix-ssl-cert-file.patch.
  const named = (isNix && environment['NIX_SSL_CERT_FILE']) || environment['SSL_CERT_FILE'];
  return {
    client: 'openssl',
    files: named ? [named] : textsOf(libraries),
    variable: isNix && environment['NIX_SSL_CERT_FILE'] ? 'NIX_SSL_CERT_FILE' : 'SSL_CERT_FILE',
    basis: 'measured',
    source: libraries.map(({ path }) => path).join(', '),
  };
}

/** Returns what the program curl reads: curl.se/docs/sslcerts.html. */
export function curlReading(facts: ImageFacts): Reading | undefined {
  const { environment = {}, examination } = facts;
  if (!has(facts, /\/bin\/curl$/)) return undefined;
  const named = environment['CURL_CA_BUNDLE'] || environment['SSL_CERT_FILE'];
  const libraries = systemLibraries(examination.files, /\/libcurl\.so\.[^/]*$/);
  const reading = libcurlReading(facts, libraries);
  return { ...reading, client: 'curl', variable: 'CURL_CA_BUNDLE', ...(named && { files: [named] }) };
}

/** Returns what git reads: with GnuTLS, as on Debian and Ubuntu, every file in a directory. */
export function gitReading(facts: ImageFacts): Reading | undefined {
  const { environment = {}, examination } = facts;
  if (!has(facts, /\/bin\/git$/)) return undefined;
  const [named, variable] = [environment['GIT_SSL_CAINFO'], 'GIT_SSL_CAINFO'];
  const gnutls = systemLibraries(examination.files, /\/libcurl-gnutls\.so\.[^/]*$/);
  const libraries = gnutls.length > 0 ? gnutls : systemLibraries(examination.files, /\/libcurl\.so\.[^/]*$/);
  const reading = libcurlReading(facts, libraries);
  if (named) return { ...reading, client: 'git', variable, files: [named], directories: [] };
  if (gnutls.length === 0) return { ...reading, client: 'git', variable };
  return { ...reading, client: 'git', variable, directories: textsOf(gnutls).filter(isDirectory) };
}

/** Returns what GnuTLS reads where a program asks it for the system's certificates; p11-kit's store is no PEM file. */
export function gnutlsReading({ examination }: ImageFacts): Reading | undefined {
  const libraries = systemLibraries(examination.files, /\/libgnutls\.so\.[^/]*$/);
  if (libraries.length === 0) return undefined;
  const files = textsOf(libraries);
  return { client: 'gnutls', files, isOwnStore: files.length === 0, basis: 'measured', source: sourceOf(libraries) };
}

/** Returns what Python's `ssl` reads: the defaults of the system's OpenSSL (ssl.get_default_verify_paths). */
export function pythonReading(facts: ImageFacts): Reading | undefined {
  const programs = facts.examination.files.filter(({ path }) => /\/bin\/python3[^/]*$/.test(path));
  if (programs.length === 0) return undefined;
  const isSystem = programs.every(({ path }) => /^\/(?:usr\/)?(?:local\/)?bin\/|^\/nix\/store\//.test(path));
  const openssl = isSystem ? opensslReading(facts) : undefined;
  const source = 'docs.python.org/3/library/ssl.html, get_default_verify_paths';
  if (openssl) return { ...openssl, client: 'python', source: `${openssl.source}; ${source}` };
  return { client: 'python', files: [], variable: 'SSL_CERT_FILE', basis: 'documented', source };
}

/** What libcurl reads without the variables of the program curl: what it was built with, or what OpenSSL reads. */
function libcurlReading(facts: ImageFacts, libraries: readonly FoundFile[]): Omit<Reading, 'client'> {
  const files = textsOf(libraries).filter((each) => !isDirectory(each));
  // nixpkgs, curlMinimal: --with-ca-fallback.
  const fallback = files.length === 0 && libraries.some(({ path }) => NIX.test(path)) && opensslReading(facts);
  if (fallback) return { ...fallback, source: `${fallback.source}; nixpkgs curlMinimal, --with-ca-fallback` };
  return { files, basis: 'measured', source: sourceOf(libraries) || 'curl.se/docs/sslcerts.html' };
}

function isDirectory(text: string): boolean {
  return text.endsWith('/certs');
}

function has({ examination }: ImageFacts, name: RegExp): boolean {
  return examination.files.some(({ path }) => name.test(path));
}

function systemLibraries(files: readonly FoundFile[], name: RegExp): readonly FoundFile[] {
  return files.filter(({ path }) => SYSTEM.test(path) && name.test(path));
}

function textsOf(files: readonly FoundFile[]): readonly string[] {
  return [...new Set(files.flatMap(({ texts }) => texts))];
}

function sourceOf(files: readonly FoundFile[]): string {
  return files.map(({ path }) => path).join(', ');
}
