import { UserError } from '../../core/errors.ts';
import { isLoopback, isNotTls, requiresClientCertificate } from '../../http/index.ts';
import type { OpenOptions } from '../../oci/index.ts';

/** Creates the error for a registry that cannot be reached, with suggestions for this one. */
export function registryUnreachable(
  { code, message, suggestions, cause }: UserError,
  registry: string,
  options: OpenOptions,
): UserError {
  const others = isNotTls(cause)
    ? ['Pass --plain-http if the registry uses plain HTTP']
    : [
        'Pass --mirror HOST if another host has the image',
        'Pass --image FILE with an archive of the image (docker save)',
      ];
  if (requiresClientCertificate(cause)) others.unshift('Pass --registry-certificate FILE and --registry-key-file FILE');
  const { plainHttp, certificateAuthority, clientCertificate } = options;
  const isPlain = (plainHttp ?? certificateAuthority ?? clientCertificate) === undefined;
  if (isPlain && isLoopback(new URL(`http://${registry}`).hostname)) {
    others.unshift('Pass --no-plain-http or --registry-ca FILE if the registry uses TLS');
  }
  return new UserError(code, message, { suggestions: [...suggestions, ...others], cause });
}
