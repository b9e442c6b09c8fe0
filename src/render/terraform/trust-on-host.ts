import { UserError } from '../../core/errors.ts';
import type { CloudTrust } from '../cloud/trust.ts';

/** Returns the certificates that hosts should trust, PEM. @throws UserError `SPACECTL_BAD_INPUT` if there are none */
export function hostTrustOf(trust: CloudTrust | undefined): Uint8Array {
  if (trust) return trust.certificates;
  throw new UserError('SPACECTL_BAD_INPUT', '--trust-on-host: the directory has no CA bundle', {
    suggestions: [{ command: 'spacectl ca-bundle build --ca FILE' }],
  });
}

/** Says what `--trust-on-host` affects if the boot script installs the certificates, after it fetched the secrets. */
export const HOST_TRUST_REACH =
  '--trust-on-host affects only the hosts, after their secrets are fetched; runner containers trust the mounted CA bundle';
