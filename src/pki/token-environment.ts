import type { Token } from './token.ts';

/** Spacelift's environments. The US region has its own domain, and FedRAMP its own launcher. */
export const ENVIRONMENTS = ['standard', 'us', 'fedramp'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** Returns the environment of a token, by its endpoint. */
export function environmentOf({ isFedRamp, endpoint = '' }: Token): Environment {
  if (isFedRamp) return 'fedramp';
  return /\.us\.spacelift\.io(?=[:/]|$)/i.test(endpoint) ? 'us' : 'standard';
}

/**
 * Reports whether a token certainly belongs to a self-hosted installation: its launchers connect to their own MQTT broker
 * on port 1984 (docs.spacelift.io/self-hosted/v6.3.0, networking), while Spacelift uses AWS IoT Core, under its own name
 * or AWS's. Without a host in the token, the answer is `false`.
 */
export function isSelfHosted({ endpoint = '' }: Token): boolean {
  const [, host = '', port] = /^(?:[a-z+]+:\/\/)?([^:/]+)(?::(\d+))?/i.exec(endpoint) ?? [];
  if (port === '1984') return true;
  return host.includes('.') && !/(?:^|\.)(?:spacelift\.(?:io|dev)|iot\.[a-z0-9-]+\.amazonaws\.com)$/i.test(host);
}

const NAMES = { standard: 'standard', us: 'US', fedramp: 'FedRAMP' } as const satisfies Record<Environment, string>;

/** Names the environment of a token for people: also a self-hosted installation, or `unknown` without an endpoint. */
export function describeEnvironment(token: Token): (typeof NAMES)[Environment] | 'self-hosted' | 'unknown' {
  if (token.endpoint === undefined) return 'unknown';
  return isSelfHosted(token) ? 'self-hosted' : NAMES[environmentOf(token)];
}
