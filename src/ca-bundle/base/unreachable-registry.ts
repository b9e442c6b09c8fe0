import { UserError } from '../../core/errors.ts';
import { isLoopback, isNotTls, requiresClientCertificate } from '../../http/index.ts';
import type { OpenOptions } from '../../oci/index.ts';

/** The error for a registry that cannot be reached, with the ways round that there are. */
export function outOfReach(
  { code, message, suggestions, cause }: UserError,
  registry: string,
  options: OpenOptions,
): UserError {
  const others = isNotTls(cause)
    ? ['If the registry talks plain HTTP: --plain-http']
    : ['If another host has the image: --mirror HOST', 'If a file has it (docker save): --image FILE'];
  if (requiresClientCertificate(cause)) others.unshift('--registry-certificate FILE --registry-key-file FILE');
  const { plainHttp, certificateAuthority, clientCertificate } = options;
  const isPlain = (plainHttp ?? certificateAuthority ?? clientCertificate) === undefined;
  if (isPlain && isLoopback(new URL(`http://${registry}`).hostname)) {
    others.unshift('If the registry talks TLS: --no-plain-http, or --registry-ca FILE');
  }
  return new UserError(code, message, { suggestions: [...suggestions, ...others], cause });
}
