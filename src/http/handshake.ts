import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { DEFAULT_CIPHERS, type PeerCertificate } from 'node:tls';
import { UserError } from '../core/errors.ts';
import { connectionFailure } from './failure.ts';
import { codeOf } from './reasons.ts';
import { GO_OFFER } from './tls/go-offer.ts';
import { type Handshake, type HandshakeTarget, shakeHands, urlOf } from './tls/shake.ts';

/** A handshake in which OpenSSL verified the server's certificate. */
export interface VerifiedHandshake extends Handshake {
  /** Why it is not trusted, as Node calls it: `SELF_SIGNED_CERT_IN_CHAIN`, `HOSTNAME_MISMATCH`, … Missing if it is. */
  readonly code?: string;
  /** OpenSSL's own words (crypto/x509/x509_txt.c) if Node has no name for the reason and says `UNSPECIFIED`. */
  readonly words?: string;
}

/**
 * Performs a TLS handshake in which OpenSSL trusts only the given CA certificates, and sends no data. It uses the
 * process's proxy settings, like every connection.
 *
 * Keys and digests must be as strong as security level 2 asks for, which is the default of Debian and of OpenSSL 3.2 and
 * newer.
 *
 * @param authorities PEM, one certificate each
 * @throws UserError `SPACECTL_UNREACHABLE` if the handshake fails; `SPACECTL_INTERRUPTED`
 */
export async function performHandshake(
  target: HandshakeTarget,
  authorities: readonly string[],
): Promise<VerifiedHandshake> {
  const trust = { ca: [...authorities], ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=2`, checkServerIdentity };
  try {
    const handshake = await shakeHands(target, { ...trust, rejectUnauthorized: false }, (socket) =>
      socket.authorized ? {} : { code: String(socket.authorizationError) },
    );
    if (!('code' in handshake) || handshake.code !== 'UNSPECIFIED') return handshake;
    const rejected = shakeHands(target, { ...trust, rejectUnauthorized: true }, () => ({}));
    return { ...handshake, words: await rejected.then(String, ({ message }: Error) => message) };
  } catch (error) {
    throw connectionFailure(error, urlOf(target.host, target.port));
  }
}

/** What Node and OpenSSL report if client and server have nothing in common; servers may also just hang up. */
const REFUSALS = /^(?:ERR_SSL_|EPROTO$|ECONNRESET$)/;

/**
 * Performs a TLS handshake with what Go offers, without verifying the certificate, with a server that `performHandshake`
 * has reached.
 *
 * @returns `undefined` if the server accepts nothing of it
 * @throws UserError `SPACECTL_UNREACHABLE`, `SPACECTL_INTERRUPTED`
 */
export async function performHandshakeLikeGo(target: HandshakeTarget): Promise<Handshake | undefined> {
  try {
    return await shakeHands(target, { ...GO_OFFER, rejectUnauthorized: false }, () => ({}));
  } catch (error) {
    if (!(error instanceof UserError) && REFUSALS.test(codeOf(error) ?? '')) return undefined;
    throw connectionFailure(error, urlOf(target.host, target.port));
  }
}

/** Checks a certificate for a name with OpenSSL, as curl and Python do. Node has its own rules. */
function checkServerIdentity(name: string, { raw }: PeerCertificate): Error | undefined {
  const certificate = new X509Certificate(raw);
  if (isIP(name)) return certificate.checkIP(name) ? undefined : failure('IP_ADDRESS_MISMATCH');
  return certificate.checkHost(name) ? undefined : failure('HOSTNAME_MISMATCH');
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
