import { domainOf, type Environment, isSelfHosted } from '../../launcher/index.ts';
import type { Token } from '../../pki/index.ts';
import type { Comms } from './check.ts';

/** A server a worker talks to, and what for. */
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
  { host: 'keys.openpgp.org', purpose: 'the key that signs launchers' },
];

/**
 * Spacelift's list of outbound access for workers that poll, by environment. What is not published is not guessed: it
 * comes from the settings and the token.
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

/** What an installation of one's own needs of the world: the worker is in its launcher, which it serves itself. */
const SELF_HOSTED: readonly Endpoint[] = [{ host: 'public.ecr.aws', purpose: 'runner images' }];

/**
 * Everything one worker needs: its environment's list, the server it polls or the brokers it has over MQTT, its account,
 * and what the user names.
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
  const isOwn = isSelfHostedWorker(given);
  const all = [
    ...(comms.url !== undefined ? [{ host: new URL(comms.url).host, purpose: 'Spacelift, which workers poll' }] : []),
    ...(isOwn ? SELF_HOSTED : ENDPOINTS[environment]),
    ...(account && !isOwn ? [{ host: `${account}.app.${domain}`, purpose: 'your account' }] : []),
    ...(comms.protocol === 'mqtt' && !isOwn ? brokersOf(environment, token) : []),
    ...given.more.map((host) => ({ host, purpose: 'named by you' })),
  ];
  return all.filter(({ host }, index) => all.findIndex((each) => each.host === host) === index);
}

/** Whether the worker belongs to an installation that Spacelift does not run. */
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
