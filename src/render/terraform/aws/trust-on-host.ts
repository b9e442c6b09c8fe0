import type { Values } from '../../../step/input.ts';
import { splitPem } from '../../cloud/fitting.ts';
import type { CloudTrust } from '../../cloud/trust.ts';
import type { Value } from '../../format/hcl/hcl.ts';
import type { Module } from '../releases/index.ts';
import { hostTrustOf } from '../trust-on-host.ts';
import type { awsInputs } from './inputs.ts';

/** How the hosts get to trust the custom certificates. */
export interface HostTrust {
  /** PEM, for the boot script to install. */
  readonly byBootScript?: Uint8Array;
  /** The module's `ca_bundle`. */
  readonly bundle?: Value;
  /** The module's `selfhosted_configuration.ca_certificates`. */
  readonly certificates?: readonly string[];
  /** The certificates that the module pastes into the user data, PEM: one each, or all in one. */
  readonly pasted: readonly string[];
  /** Says what it affects. */
  readonly warnings: readonly string[];
}

/**
 * Decides how `--trust-on-host` is done on a release. The template for Spacelift's own environments takes no certificates
 * (asg.tf@28a2dfc), so the boot script installs them. The self-hosted one does, and its `configuration` does not run as root.
 * @throws UserError `SPACECTL_BAD_INPUT` if there are none to trust
 */
export function hostTrustFor(
  given: Pick<Values<typeof awsInputs>, 'trust-on-host' | 'self-hosted-launcher'>,
  module: Module,
  trust: CloudTrust | undefined,
): HostTrust {
  if (!given['trust-on-host']) return { pasted: [], warnings: [] };
  const certificates = hostTrustOf(trust);
  const hasBundle = 'ca_bundle' in module.inputs;
  const whom = hasBundle ? 'the hosts and the Lambda functions' : 'the hosts';
  const bundle = hasBundle ? { bundle: Buffer.from(certificates).toString('base64') } : {};
  if (given['self-hosted-launcher'] === undefined) {
    return {
      byBootScript: certificates,
      pasted: [],
      ...bundle,
      warnings: [reach(`${whom}; a host fetches its secrets before configuration runs`)],
    };
  }
  const pasted = splitPem(certificates).map((each) => each.trimEnd());
  return { ...(hasBundle ? bundle : { certificates: pasted }), pasted, warnings: [reach(whom)] };
}

function reach(whom: string): string {
  return `--trust-on-host affects ${whom}; runner containers trust the mounted CA bundle`;
}
