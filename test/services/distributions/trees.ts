import { type Entry, file, symlink } from '../image.ts';

/**
 * The places of certificates in an image of a distribution, from shared facts about images (section 2 of image-clients.md):
 * made by hand from packages' sources, not copies of real images.
 */
export interface Distribution {
  readonly name: string;
  /** Files and links; a bundle is a file with this content. */
  readonly entries: readonly Entry[];
  readonly environment?: readonly string[];
  /** The file that OpenSSL was built to read; `undefined` if the image has no OpenSSL. */
  readonly opensslFile?: string;
  /** Where the bundle must be mounted. */
  readonly mounts: readonly string[];
}

export const BUNDLE_CONTENT = "the image's own bundle goes here";
const DEBIAN = '/etc/ssl/certs/ca-certificates.crt';
const FEDORA = '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem';
const SUSE = '/var/lib/ca-certificates/ca-bundle.pem';
const NIX_STORE = '/nix/store/0123-nss-cacert-3.101/etc/ssl/certs/ca-bundle.crt';
const NIX_PROFILE = '/nix/var/nix/profiles/default/etc/ssl/certs/ca-bundle.crt';

const bundle = (path: string) => file(path.slice(1), BUNDLE_CONTENT);
const library = (path: string, ...texts: readonly string[]) => file(path, `ELF\0x\0${texts.join('\0')}\0y\0`);
/** A library with its version, and the link by which programs find it: every package of a library has one. */
const versioned = (path: string, link: string, ...texts: readonly string[]) => [
  library(path, ...texts),
  symlink(path.replace(/[^/]*$/, link), path.replace(/^.*\//, '')),
];
const ONE_ROOT = file('usr/share/ca-certificates/mozilla/One.crt', 'one root');

/** Debian's libraries; what they were built to read was measured in Debian 12. */
function debianLibraries(openssl = true): readonly Entry[] {
  const folder = 'usr/lib/x86_64-linux-gnu';
  return [
    symlink('lib', 'usr/lib'),
    ...(openssl ? [library(`${folder}/libcrypto.so.3`, '/usr/lib/ssl/cert.pem')] : []),
    library(`${folder}/libcurl.so.4.8.0`, '/etc/ssl/certs', DEBIAN),
    library(`${folder}/libcurl-gnutls.so.4.8.0`, '/etc/ssl/certs'),
    library(`${folder}/libgnutls.so.30.34.3`, DEBIAN),
    file('usr/bin/curl', ''),
    file('usr/bin/git', ''),
    file('usr/bin/python3.11', ''),
  ];
}

const debianLinks = [
  ONE_ROOT,
  symlink('etc/ssl/certs/8d33f237.0', 'One.pem'),
  symlink('etc/ssl/certs/One.pem', '/usr/share/ca-certificates/mozilla/One.crt'),
];
const debian = (name: string): Distribution => ({
  name,
  entries: [
    ...debianLibraries(),
    bundle(DEBIAN),
    ...debianLinks,
    symlink('usr/lib/ssl/cert.pem', DEBIAN),
    symlink('usr/lib/ssl/certs', '/etc/ssl/certs'),
  ],
  opensslFile: '/usr/lib/ssl/cert.pem',
  mounts: [DEBIAN],
});

const alpine = (name: string, ...more: readonly Entry[]): Distribution => ({
  name,
  entries: [
    bundle(DEBIAN),
    symlink('etc/ssl/cert.pem', 'certs/ca-certificates.crt'),
    symlink('etc/ssl1.1/cert.pem', '/etc/ssl/cert.pem'),
    symlink('etc/ssl1.1/certs', '/etc/ssl/certs'),
    library('usr/lib/libcrypto.so.3', '/etc/ssl/cert.pem'),
    file('lib/ld-musl-x86_64.so.1', ''),
    ...more,
  ],
  opensslFile: '/etc/ssl/cert.pem',
  mounts: [DEBIAN],
});

/** UBI 8 and 9, Amazon Linux, Azure Linux, Fedora up to 41. */
const redHat = (name: string): Distribution => ({
  name,
  entries: [
    bundle(FEDORA),
    symlink('etc/pki/tls/cert.pem', FEDORA),
    symlink('etc/pki/tls/certs/ca-bundle.crt', FEDORA),
    symlink('etc/ssl/certs', '../pki/tls/certs'),
    ...versioned('usr/lib64/libcrypto.so.3.0.7', 'libcrypto.so.3', '/etc/pki/tls/cert.pem'),
    library('usr/lib64/libcurl.so.4.7.0', '/etc/pki/tls/certs/ca-bundle.crt'),
    file('usr/bin/curl', ''),
    file('usr/bin/python3.9', ''),
  ],
  opensslFile: '/etc/pki/tls/cert.pem',
  mounts: ['/etc/pki/tls/certs/ca-bundle.crt'],
});

/** Without `cert.pem`: OpenSSL finds only single certificates by their hashes. */
const hashesOnly = (name: string, mounts: readonly string[], ...more: readonly Entry[]): Distribution => ({
  name,
  entries: [
    bundle(FEDORA),
    file('etc/pki/ca-trust/extracted/pem/directory-hash/8d33f237.0', 'one root'),
    file('etc/pki/tls/certs/8d33f237.0', 'one root'),
    symlink('etc/ssl/certs', '../pki/tls/certs'),
    ...versioned('usr/lib64/libcrypto.so.3.5.1', 'libcrypto.so.3', '/etc/pki/tls/cert.pem'),
    ...more,
  ],
  opensslFile: '/etc/pki/tls/cert.pem',
  mounts,
});

const suse = (name: string): Distribution => ({
  name,
  entries: [
    bundle(SUSE),
    symlink('etc/ssl/ca-bundle.pem', '../../var/lib/ca-certificates/ca-bundle.pem'),
    symlink('etc/ssl/certs', '../../var/lib/ca-certificates/pem'),
    file('var/lib/ca-certificates/pem/8d33f237.0', 'one root'),
    file('var/lib/ca-certificates/openssl/8d33f237.0', 'one root'),
    // openssl-truststore.patch.
    ...versioned('usr/lib64/libcrypto.so.3.1.4', 'libcrypto.so.3', SUSE),
  ],
  opensslFile: SUSE,
  mounts: ['/etc/ssl/ca-bundle.pem'],
});

const nixLinks = [
  bundle(NIX_STORE),
  symlink('nix/var/nix/profiles/default', '/nix/store/4567-user-environment'),
  symlink('nix/store/4567-user-environment/etc', '/nix/store/0123-nss-cacert-3.101/etc'),
  symlink('etc/ssl/certs/ca-bundle.crt', NIX_PROFILE),
  library('nix/store/89ab-openssl-3.3/lib/libcrypto.so.3', '/etc/ssl/cert.pem'),
  library('nix/store/cdef-curl-8.9/lib/libcurl.so.4.8.0'),
  file('nix/store/cdef-curl-8.9-bin/bin/curl', ''),
];

export const DISTRIBUTIONS: readonly Distribution[] = [
  debian('Debian 12'),
  debian('Debian 13'),
  debian('Debian sid'),
  // In a real tree of Debian 11, curl reads the first mount, and OpenSSL and Python only the second.
  {
    name: 'Debian 11',
    entries: [...debianLibraries(), bundle(DEBIAN), ...debianLinks, symlink('usr/lib/ssl/certs', '/etc/ssl/certs')],
    opensslFile: '/usr/lib/ssl/cert.pem',
    mounts: [DEBIAN, '/usr/lib/ssl/cert.pem'],
  },
  {
    name: 'Debian with a bundle, without the package openssl',
    entries: [...debianLibraries(), bundle(DEBIAN)],
    opensslFile: '/usr/lib/ssl/cert.pem',
    mounts: [DEBIAN, '/usr/lib/ssl/cert.pem'],
  },
  debian('Ubuntu 22.04'),
  debian('Ubuntu 24.04'),
  debian('Ubuntu 26.04'),
  debian('Bitnami'),
  alpine('Alpine'),
  alpine(
    'Alpine with ca-certificates',
    symlink('etc/ssl/certs/8d33f237.0', 'ca-cert-One.pem'),
    file('etc/ssl/certs/ca-cert-One.pem', 'one root'),
  ),
  alpine('Wolfi', symlink('etc/pki/tls/certs/ca-bundle.crt', DEBIAN), symlink('etc/ssl/certs/ca-bundle.crt', DEBIAN)),
  {
    name: 'distroless base',
    entries: [bundle(DEBIAN), library('usr/lib/x86_64-linux-gnu/libcrypto.so.3', '/usr/lib/ssl/cert.pem')],
    environment: [`SSL_CERT_FILE=${DEBIAN}`],
    opensslFile: '/usr/lib/ssl/cert.pem',
    mounts: [DEBIAN],
  },
  { name: 'distroless static', entries: [bundle(DEBIAN)], environment: [`SSL_CERT_FILE=${DEBIAN}`], mounts: [DEBIAN] },
  redHat('UBI 8'),
  redHat('UBI 9'),
  redHat('Amazon Linux 2'),
  redHat('Amazon Linux 2023'),
  redHat('Azure Linux 3'),
  redHat('Fedora 41'),
  hashesOnly(
    'Fedora 43',
    ['/etc/pki/tls/certs/ca-bundle.crt', '/etc/pki/tls/cert.pem'],
    symlink('etc/pki/tls/certs/ca-bundle.crt', FEDORA),
  ),
  hashesOnly(
    'Fedora 43, with a copy',
    ['/etc/pki/tls/certs/ca-bundle.crt', '/etc/pki/tls/cert.pem'],
    bundle('/etc/pki/tls/certs/ca-bundle.crt'),
  ),
  hashesOnly('Fedora 44', [FEDORA, '/etc/pki/tls/cert.pem']),
  hashesOnly('UBI 10', [FEDORA, '/etc/pki/tls/cert.pem']),
  suse('openSUSE Leap'),
  suse('SLES BCI'),
  {
    name: 'Arch',
    entries: [
      bundle('/etc/ca-certificates/extracted/tls-ca-bundle.pem'),
      symlink('etc/ssl/certs/ca-certificates.crt', '../../ca-certificates/extracted/tls-ca-bundle.pem'),
      symlink('etc/ssl/cert.pem', '../ca-certificates/extracted/tls-ca-bundle.pem'),
      library('usr/lib/libcrypto.so.3', '/etc/ssl/cert.pem'),
    ],
    opensslFile: '/etc/ssl/cert.pem',
    mounts: [DEBIAN],
  },
  {
    name: 'nixos/nix',
    entries: nixLinks,
    environment: [`SSL_CERT_FILE=${NIX_PROFILE}`, `GIT_SSL_CAINFO=${NIX_PROFILE}`, `NIX_SSL_CERT_FILE=${NIX_PROFILE}`],
    opensslFile: '/etc/ssl/cert.pem',
    mounts: [NIX_PROFILE],
  },
  {
    name: 'Photon',
    entries: [
      bundle('/etc/pki/tls/certs/ca-bundle.crt'),
      file('etc/ssl/certs/8d33f237.0', 'one root'),
      library('usr/lib/libcrypto.so.3', '/etc/ssl/cert.pem'),
      library('usr/lib/libcurl.so.4.8.0', '/etc/pki/tls/certs/ca-bundle.crt'),
      file('usr/bin/curl', ''),
    ],
    opensslFile: '/etc/ssl/cert.pem',
    mounts: ['/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'],
  },
  {
    name: 'an image whose variable names a bundle of its own',
    entries: [...debian('').entries, bundle('/opt/corp/ca.pem')],
    environment: ['SSL_CERT_FILE=/opt/corp/ca.pem'],
    opensslFile: '/usr/lib/ssl/cert.pem',
    mounts: ['/opt/corp/ca.pem', '/etc/ssl/certs/ca-certificates.crt'],
  },
  {
    name: 'an image whose variable names nothing',
    entries: debian('').entries,
    environment: ['SSL_CERT_FILE=/opt/corp/ca.pem'],
    opensslFile: '/usr/lib/ssl/cert.pem',
    mounts: [DEBIAN, '/opt/corp/ca.pem'],
  },
  {
    name: 'an empty file where Go looks first',
    entries: [...suse('').entries.filter(({ name }) => name !== 'etc/ssl/certs'), file(DEBIAN.slice(1), '')],
    opensslFile: SUSE,
    mounts: ['/etc/ssl/ca-bundle.pem', DEBIAN],
  },
];
