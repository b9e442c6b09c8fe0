import type { Values } from '../../../step/input.ts';
import { REFRESH_PREFERENCES } from '../../cloud/aws/instance-refresh.ts';
import { spotRequest } from '../../cloud/aws/spot.ts';
import type { Value } from '../../format/hcl/hcl.ts';
import type { awsInputs } from './inputs.ts';

type Given = Values<typeof awsInputs>;

/** The module's `instance_refresh`. */
export const REFRESH: Value = {
  strategy: 'Rolling',
  preferences: REFRESH_PREFERENCES,
  triggers: ['tag'],
};

/** Returns the module's `instance_market_options`. */
export function spotOptions(maxPrice: string | undefined): Value {
  return {
    market_type: 'spot',
    spot_options: spotRequest(maxPrice),
  };
}

const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'] as const;

/** Returns the module's `selfhosted_configuration`. `certificates`: those that its hosts should trust, PEM, one each. */
export function selfHosted(given: Given, certificates: readonly string[] | undefined): Value | undefined {
  const uri = given['self-hosted-launcher'];
  if (uri === undefined) return undefined;
  const settings = Object.fromEntries(given.env);
  return {
    s3_uri: uri,
    ...Object.fromEntries(PROXIES.map((name) => [`${name.toLowerCase()}_config`, forUnit(settings[name])])),
    ca_certificates: certificates,
  };
}

/**
 * Escapes a value for Docker's unit, where `%` starts a specifier (systemd.unit(5)). `configuration` sets the launcher's own
 * variable again, unescaped.
 */
function forUnit(value: string | undefined): string | undefined {
  return value?.replaceAll('%', '%%');
}

/**
 * Returns the whitelist that passes the proxies to runs. With any proxy, the self-hosted template empties
 * `SPACELIFT_WHITELIST_ENVS` (user_data/selfhosted.tftpl@e09770e), so `configuration`, which runs after it, sets it again.
 */
export function whitelistFor(given: Given): readonly (readonly [name: string, value: string])[] {
  const names = given.env.map(([name]) => name);
  const proxies = PROXIES.filter((name) => names.includes(name));
  if (given['self-hosted-launcher'] === undefined || proxies.length === 0) return [];
  const listed = given.env.find(([name]) => name === 'SPACELIFT_WHITELIST_ENVS')?.[1].split(',') ?? [];
  return [['SPACELIFT_WHITELIST_ENVS', [...new Set([...proxies, ...listed])].join(',')]];
}
