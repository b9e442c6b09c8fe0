import { domainOf, type Environment, isSelfHosted } from '../../launcher/index.ts';
import type { Token } from '../../pki/index.ts';
import type { Comms } from './facts/installation.ts';

/** A server that a worker connects to, and its purpose. */
export interface Endpoint {
  readonly host: string;
  readonly purpose: string;
}

const spacelift = (domain: string): readonly Endpoint[] => [
  { host: `app.${domain}`, purpose: 'Spacelift' },
  { host: `registry.${domain}`, purpose: 'modules and providers' },
  { host: `downloads.${domain}`, purpose: 'launcher and worker' },
];

const EVERYWHERE: readonly Endpoint[] = [
  { host: 'public.ecr.aws', purpose: 'runner images' },
  { host: 'keys.openpgp.org', purpose: 'launcher signing key' },
];

/**
 * Spacelift's published list of outbound access for workers that poll, by environment. Other servers come from the settings
 * and the token.
 */
export const ENDPOINTS: Readonly<Record<Environment, readonly Endpoint[]>> = {
  standard: [
    ...spacelift(domainOf('standard')),
    { host: 's3.eu-west-1.amazonaws.com', purpose: 'state and workspaces' },
    { host: 's3.eu-central-1.amazonaws.com', purpose: 'state and workspaces' },
    ...EVERYWHERE,
  ],
  us: [...spacelift(domainOf('us')), ...EVERYWHERE],
  fedramp: [{ host: `downloads.${domainOf('fedramp')}`, purpose: 'launcher and worker' }, ...EVERYWHERE],
};

/** Servers that workers of a self-hosted installation need: its launcher, which it serves itself, contains the worker. */
const SELF_HOSTED: readonly Endpoint[] = [{ host: 'public.ecr.aws', purpose: 'runner images' }];

/**
 * Lists all servers that a worker needs: its environment's, the server it polls or its MQTT brokers, its account, and those
 * the user names.
 */
export function endpointsFor(given: {
  readonly environment: Environment;
  readonly account: string | undefined;
  readonly token: Token | undefined;
  readonly comms: Comms;
  readonly more: readonly string[];
}): readonly Endpoint[] {
  const { environment, account, token, comms } = given;
  const domain = domainOf(environment);
  const isOwnServer = isSelfHostedWorker(given);
  const all = [
    ...(comms.url !== undefined ? [{ host: new URL(comms.url).host, purpose: 'Spacelift, polled by workers' }] : []),
    ...(isOwnServer ? SELF_HOSTED : ENDPOINTS[environment]),
    ...(account && !isOwnServer ? [{ host: `${account}.app.${domain}`, purpose: 'your account' }] : []),
    ...(comms.protocol === 'mqtt' && !isOwnServer ? brokersOf(environment, token) : []),
    ...given.more.map((host) => ({ host, purpose: 'from --endpoint' })),
  ];
  return all.filter(({ host }, index) => all.findIndex((each) => each.host === host) === index);
}

/** Reports whether the worker belongs to a self-hosted installation of Spacelift. */
function isSelfHostedWorker({ environment, token, comms }: Parameters<typeof endpointsFor>[0]): boolean {
  if (token && isSelfHosted(token)) return true;
  if (comms.url === undefined || environment === 'fedramp') return false;
  return !/(?:^|\.)spacelift\.(?:io|dev)$/i.test(new URL(comms.url).hostname);
}

function brokersOf(environment: Environment, token: Token | undefined): readonly Endpoint[] {
  const broker = token?.endpoint?.replace(/^[a-z+]+:\/\//i, '').replace(/[:/].*$/s, '');
  return [
    ...(environment === 'fedramp'
      ? []
      : [{ host: `worker-iot.${domainOf(environment)}`, purpose: 'the message broker (MQTT)' }]),
    ...(broker ? [{ host: broker, purpose: "the token's broker (MQTT)" }] : []),
  ];
}
