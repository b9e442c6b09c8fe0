import { domainOf, type Environment } from '../../launcher/index.ts';

/** A server a worker talks to, and what for. */
export interface Endpoint {
  readonly host: string;
  readonly purpose: string;
}

const spacelift = (domain: string): readonly Endpoint[] => [
  { host: `app.${domain}`, purpose: 'Spacelift' },
  { host: `registry.${domain}`, purpose: 'modules and providers' },
  { host: `downloads.${domain}`, purpose: 'launcher and worker' },
  { host: `worker-iot.${domain}`, purpose: 'the message broker' },
];

const EVERYWHERE: readonly Endpoint[] = [
  { host: 'public.ecr.aws', purpose: 'runner images' },
  { host: 'keys.openpgp.org', purpose: 'the key that signs launchers' },
];

/** The vendor's list of outbound access, by environment. What is not published is not guessed: it comes from the token. */
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

/** Everything one worker needs: its environment's list, its account, its token's broker, and what the user names. */
export function endpointsFor(given: {
  readonly environment: Environment;
  readonly account: string | undefined;
  readonly broker: string | undefined;
  readonly more: readonly string[];
}): readonly Endpoint[] {
  const domain = domainOf(given.environment);
  const broker = given.broker?.replace(/^[a-z+]+:\/\//i, '').replace(/[:/].*$/s, '');
  const all = [
    ...ENDPOINTS[given.environment],
    ...(given.account ? [{ host: `${given.account}.app.${domain}`, purpose: 'your account' }] : []),
    ...(broker ? [{ host: broker, purpose: "the token's broker" }] : []),
    ...given.more.map((host) => ({ host, purpose: 'named by you' })),
  ];
  return all.filter(({ host }, index) => all.findIndex((each) => each.host === host) === index);
}
