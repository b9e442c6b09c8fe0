import { UserError } from '../../core/errors.ts';
import type { CloudTrust } from '../cloud/trust.ts';

/** Returns the certificates that hosts are to trust, PEM. @throws UserError `SPACECTL_BAD_INPUT` where there are none */
export function hostTrustOf(trust: CloudTrust | undefined): Uint8Array {
  if (trust) return trust.certificates;
  throw new UserError('SPACECTL_BAD_INPUT', '--trust-on-host: the folder has no CA bundle', {
    suggestions: ['spacectl ca-bundle build --ca FILE makes one'],
  });
}

/** Says whom `--trust-on-host` reaches where the boot script does it, once the secrets are there. */
export const HOST_TRUST_REACH =
  '--trust-on-host reaches the hosts, after the secrets were fetched; runner containers trust what is mounted into them';
