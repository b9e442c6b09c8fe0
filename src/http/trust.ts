import { X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { UserError } from '../core/errors.ts';
import { readWhole } from '../files/read.ts';

/** A client certificate and its key. PEM. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Whether given CA certificates are trusted in addition to the usual ones, or instead of them. */
export type TrustMode = 'also' | 'only';

/**
 * Creates a TLS context that trusts Node's CA certificates, the given ones, and those in `SSL_CERT_FILE`.
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
  const file = environment['SSL_CERT_FILE'];
  if (!certificateAuthority && !file && !own) return undefined;
  const isOnly = mode === 'only' && certificateAuthority !== undefined;
  const authorities: string[] = isOnly ? [] : [...rootCertificates];
  if (certificateAuthority) authorities.push(checkPem(certificateAuthority, 'The given CA certificate'));
  // Node ignores NODE_EXTRA_CA_CERTS when it is given a list.
  for (const variable of isOnly ? [] : ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS']) {
    const path = environment[variable];
    if (path) authorities.push(checkPem((await readWhole(path)).toString('latin1'), `${variable} (${path})`));
  }
  if (!own) return createSecureContext({ ca: authorities });
  try {
    return createSecureContext({ ca: authorities, cert: own.certificate, key: own.key });
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

/** Returns the PEM if it starts with a certificate. Node silently accepts any text as CA certificates. */
function checkPem(pem: string, what: string): string {
  try {
    new X509Certificate(pem);
    return pem;
  } catch (cause) {
    throw new UserError('SPACECTL_BAD_CERTIFICATE', `${what} does not contain a PEM certificate`, { cause });
  }
}
