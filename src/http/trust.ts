import { X509Certificate } from 'node:crypto';
import { readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { UserError } from '../core/errors.ts';
import { readPlaced, readWhole } from '../files/read.ts';

/** A client certificate and its key. PEM. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Whether given CA certificates are trusted in addition to the usual ones, or instead of them. */
export type TrustMode = 'also' | 'only';

/**
 * Creates a TLS context that trusts Node's CA certificates, the given ones, and those in `SSL_CERT_FILE` and `SSL_CERT_DIR`.
 *
 * @param certificateAuthority PEM, one or more certificates
 * @param mode `only`: nothing but the given ones is trusted
 * @returns `undefined` if there is nothing to add: Node then uses its own set and `NODE_EXTRA_CA_CERTS`
 * @throws UserError `SPACECTL_BAD_CERTIFICATE`, `SPACECTL_CANNOT_READ`
 */
export async function trustedAuthorities(
  certificateAuthority: string | undefined,
  environment: NodeJS.ProcessEnv,
  own?: ClientCertificate,
  mode: TrustMode = 'also',
): Promise<SecureContext | undefined> {
  const { SSL_CERT_FILE, SSL_CERT_DIR } = environment;
  if (!certificateAuthority && !SSL_CERT_FILE && !SSL_CERT_DIR && !own) return undefined;
  const isOnly = mode === 'only' && certificateAuthority !== undefined;
  const authorities: string[] = isOnly ? [] : [...rootCertificates];
  if (certificateAuthority) authorities.push(checkPem(certificateAuthority, 'The given CA certificate'));
  // Node ignores NODE_EXTRA_CA_CERTS when it is given a list.
  for (const variable of isOnly ? [] : ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS']) {
    const file = environment[variable];
    if (file) authorities.push(checkPem((await readWhole(file)).toString('latin1'), `${variable} (${file})`));
  }
  // OpenSSL and Go separate them like this (golang/go, src/crypto/x509/root_unix.go, 0345ede).
  for (const folder of isOnly ? [] : (SSL_CERT_DIR ?? '').split(':').filter(Boolean))
    authorities.push(...(await readFolder(folder)));
  const ca = distinct(authorities);
  if (!own) return createSecureContext({ ca });
  try {
    return createSecureContext({ ca, cert: own.certificate, key: own.key });
  } catch (error) {
    // Only OpenSSL's reason is kept. The error itself may contain parts of the key, and DEBUG shows causes.
    const { reason } = error as { readonly reason?: unknown };
    const why = typeof reason === 'string' && /^[a-z ]{1,80}$/.test(reason) ? ` (${reason})` : '';
    const message = `The client certificate and its key cannot be used together${why}`;
    throw new UserError('SPACECTL_BAD_CERTIFICATE', message, {
      suggestions: ['Use a PEM certificate and its own PEM key, without a passphrase'],
    });
  }
}

/**
 * Reads the files of a folder of CA certificates that look like PEM. As in Go, links to other names in the folder are left
 * out (`c_rehash` makes those), and what cannot be read is.
 */
async function readFolder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const texts = entries.map(async (entry) => {
    const file = path.join(folder, entry.name);
    try {
      if (entry.isSymbolicLink() && !(await readlink(file)).includes('/')) return '';
      return (await readPlaced(file)).toString('latin1');
    } catch {
      return '';
    }
  });
  return (await Promise.all(texts)).filter((text) => text.includes('-----BEGIN '));
}

/** Leaves out repeated certificates: parsing one takes longer than comparing them all. */
function distinct(texts: readonly string[]): string[] {
  const blocks = texts.flatMap((text) => text.match(/-----BEGIN [^-]+-----[^-]*-----END [^-]+-----/g) ?? []);
  return [...new Map(blocks.map((block) => [block.replaceAll(/\s/g, ''), block])).values()];
}

/** Returns the PEM if it starts with a certificate. Node silently accepts any text as CA certificates. */
function checkPem(pem: string, what: string): string {
  try {
    new X509Certificate(pem);
    return pem;
  } catch (cause) {
    throw new UserError('SPACECTL_BAD_CERTIFICATE', `${what} does not contain a PEM certificate`, { cause });
  }
}
