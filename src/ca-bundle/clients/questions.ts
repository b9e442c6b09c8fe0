import type { Questions } from '../../oci/index.ts';
import { USUAL_PATHS } from '../base/defaults.ts';

/** Directories all of whose files Go reads (crypto/x509, root_linux.go); git with GnuTLS reads the first. */
export const CERTIFICATE_DIRECTORIES = ['/etc/ssl/certs', '/etc/pki/tls/certs'] as const;

/** Paths of trust stores, in text that a program was compiled with. NUL ends each text; another text comes before it. */
const STORE_FILES = String.raw`/[^\0]{1,200}\.(?:pem|crt)`;
const STORE_PATHS = String.raw`${STORE_FILES}|/[^\0]{1,100}/certs`;

/** What to find out about an image to know which clients it has, and what they read. */
export const QUESTIONS: Questions = {
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
    { name: String.raw`libcrypto\.so\..*`, text: String.raw`\0(${STORE_FILES})(?=\0)` },
    { name: String.raw`libcurl(?:-gnutls)?\.so\..*`, text: String.raw`\0(${STORE_PATHS})(?=\0)` },
    { name: String.raw`libgnutls\.so\..*`, text: String.raw`\0(${STORE_FILES}|pkcs11:[^\0]{0,100})(?=\0)` },
    { name: String.raw`(?:lib)?python3[.0-9]*(?:\.so.*)?` },
    { name: String.raw`libjvm\.so` },
    { name: String.raw`node|libnode\.so\..*` },
    { name: 'curl|git' },
    // Of certifi and botocore.
    { name: String.raw`cacert\.pem` },
  ],
};
