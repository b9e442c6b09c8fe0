import { X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { UserError } from '../core/errors.ts';
import { readWhole } from '../files/read.ts';

/** What this side shows of itself in a TLS handshake. PEM. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
}

/**
 * The authorities to trust beyond Node's own: the one given, and those of `SSL_CERT_FILE`. `undefined` where there are
 * none: Node then uses its own set, and `NODE_EXTRA_CA_CERTS`.
 *
 * @param certificateAuthority PEM, one or more certificates
 * @throws UserError `SPACECTL_BAD_CERTIFICATE`, `SPACECTL_CANNOT_READ`
 */
export async function trustedAuthorities(
  certificateAuthority: string | undefined,
  environment: NodeJS.ProcessEnv,
  own?: ClientCertificate,
): Promise<SecureContext | undefined> {
  const file = environment['SSL_CERT_FILE'];
  if (!certificateAuthority && !file && !own) return undefined;
  const authorities: string[] = [...rootCertificates];
  if (certificateAuthority) authorities.push(certificate(certificateAuthority, 'The certificate authority given'));
  // Node leaves NODE_EXTRA_CA_CERTS out as soon as it is given a list.
  for (const variable of ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS']) {
    const named = environment[variable];
    if (named) authorities.push(certificate((await readWhole(named)).toString('latin1'), `${variable} (${named})`));
  }
  if (!own) return createSecureContext({ ca: authorities });
  try {
    return createSecureContext({ ca: authorities, cert: own.certificate, key: own.key });
  } catch (error) {
    // Of the error only OpenSSL's own words are kept: a cause is shown with DEBUG, and this one was made with the key.
    const { reason } = error as { readonly reason?: unknown };
    const why = typeof reason === 'string' && /^[a-z ]{1,80}$/.test(reason) ? ` (${reason})` : '';
    const message = `The client certificate and its key cannot be used together${why}`;
    throw new UserError('SPACECTL_BAD_CERTIFICATE', message, {
      suggestions: ['Both have to be PEM, the key without a passphrase, and belong to each other'],
    });
  }
}

/** The PEM again, if it is one: Node takes anything for a list of authorities without a word. */
function certificate(pem: string, what: string): string {
  try {
    new X509Certificate(pem);
    return pem;
  } catch (cause) {
    throw new UserError('SPACECTL_BAD_CERTIFICATE', `${what} holds no PEM certificate`, { cause });
  }
}
