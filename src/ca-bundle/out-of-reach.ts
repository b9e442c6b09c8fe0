import { codeOf, isLoopback } from '../http/index.ts';
import type { OpenOptions } from '../oci/index.ts';
import { UserError } from '../step/errors.ts';

/** How servers say in TLS that they want a client certificate, or another one. */
const WANTS_CLIENT: readonly string[] = [
  'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
  'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
  'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
];

/** What comes of speaking TLS to a server that does not. */
const IS_PLAIN: readonly string[] = ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'];

/** The error for a registry that cannot be reached, with the ways round that there are. */
export function outOfReach(
  { code, message, suggestions, cause }: UserError,
  registry: string,
  options: OpenOptions,
): UserError {
  const reason = codeOf(cause) ?? '';
  const others = IS_PLAIN.includes(reason)
    ? ['If the registry talks plain HTTP: --plain-http']
    : ['If another host has the image: --mirror HOST', 'If a file has it (docker save): --image FILE'];
  if (WANTS_CLIENT.includes(reason)) others.unshift('--registry-certificate FILE --registry-key-file FILE');
  const { plainHttp, certificateAuthority, clientCertificate } = options;
  const isPlain = (plainHttp ?? certificateAuthority ?? clientCertificate) === undefined;
  if (isPlain && isLoopback(new URL(`http://${registry}`).hostname)) {
    others.unshift('If the registry talks TLS: --no-plain-http, or --registry-ca FILE');
  }
  return new UserError(code, message, { suggestions: [...suggestions, ...others], cause });
}
