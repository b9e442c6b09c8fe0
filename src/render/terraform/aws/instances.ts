import { UserError } from '../../../core/errors.ts';
import type { Values } from '../../../step/input.ts';
import type { CloudTrust } from '../../cloud/trust.ts';
import type { Value } from '../../hcl/hcl.ts';
import type { awsInputs } from './inputs.ts';

type Given = Values<typeof awsInputs>;

/** The module's `instance_refresh`. */
export const REFRESH: Value = {
  strategy: 'Rolling',
  preferences: { min_healthy_percentage: 50, instance_warmup: 60 },
  triggers: ['tag'],
};

/** The module's `instance_market_options`. */
export function spotOptions(maxPrice: string | undefined): Value {
  return {
    market_type: 'spot',
    // Auto-scaling groups take no other kind of request.
    spot_options: {
      max_price: maxPrice,
      spot_instance_type: 'one-time',
      instance_interruption_behavior: 'terminate',
    },
  };
}

/** The module's `selfhosted_configuration`. */
export function selfHosted(given: Given): Value | undefined {
  const uri = given['self-hosted-launcher'];
  if (uri === undefined) return undefined;
  const settings = Object.fromEntries(given.env);
  return {
    s3_uri: uri,
    http_proxy_config: settings['HTTP_PROXY'],
    https_proxy_config: settings['HTTPS_PROXY'],
    no_proxy_config: settings['NO_PROXY'],
  };
}

/** The module's `ca_bundle`. @throws UserError `SPACECTL_BAD_INPUT` where there is none to set, or no such input */
export function hostTrustFor(given: Given, trust: CloudTrust | undefined, isKnown: boolean): Value | undefined {
  if (!given['trust-on-host']) return undefined;
  if (!isKnown) throw bad('--trust-on-host needs module v7.1: earlier ones have no ca_bundle');
  if (!trust) throw bad('--trust-on-host needs a bundle in the folder: spacectl ca-bundle build');
  return Buffer.from(trust.certificates).toString('base64');
}

function bad(message: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', message);
}
