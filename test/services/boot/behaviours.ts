import { PRIVATE_KEY, TOKEN, tokenFor, worldFor } from './cases.ts';
import { awsSecretLines, type ModuleInputs, NAMES, RELEASES, type Release, type ReleaseName } from './releases.ts';
import { SECRETS, secretsOf } from './secrets.ts';
import { createWorld, type World } from './world.ts';

/** One thing that a module does with a configuration, and that a configuration has to allow for. */
export interface Behaviour {
  readonly releases: readonly ReleaseName[];
  readonly configuration?: string;
  /** Inputs of the template. */
  readonly more?: ModuleInputs['more'];
  /** Secrets in the cloud's store, as changed; by the names of `SECRETS`. */
  readonly change?: (world: World, release: ReleaseName) => Partial<World> | Promise<Partial<World>>;
  readonly token?: string;
}

const only = (test: (release: Release, name: ReleaseName) => boolean) =>
  NAMES.filter((name) => test(RELEASES[name], name));
/** One release of every kind of boot script. */
const kinds = only((_, name) => name !== 'AWS v5.6.5' && name !== 'Azure v2.1.0');
const selfHosted: readonly ReleaseName[] = ['AWS v6.0.3 self-hosted'];
const azure = only(({ cloud }) => cloud === 'azure');
/** Those that download the launcher from Spacelift and verify it. */
const downloading = only(({ isSelfHosted }) => !isSelfHosted);

/** A secret as the console's JSON editor leaves it. What is lost depends on which of the two ends in an equals sign. */
const pretty = JSON.stringify({ SPACELIFT_TOKEN: 'dG9rZW4t', SPACELIFT_POOL_PRIVATE_KEY: 'a2V5a2U=' }, null, 2);

/** What is booted over the stand-in templates in tests; by hand, over the vendor's own ones as well. */
export const BEHAVIOURS = {
  'nothing else': { releases: NAMES },
  'a line fails': { releases: NAMES, configuration: 'false\nexport AFTER=yes' },
  'exit 1': { releases: NAMES, configuration: 'exit 1' },
  'return 1': { releases: NAMES, configuration: 'return 1' },
  'strict options that stay on': { releases: kinds, configuration: 'set -euo pipefail' },
  'a mask that stays on': { releases: kinds, configuration: 'umask 077' },
  'a secret of several lines': {
    releases: only(({ cloud }) => cloud === 'aws'),
    change: () => ({ secrets: { [SECRETS.aws.both]: pretty } }),
  },
  'a value with quotes': { releases: kinds, configuration: "export QUOTED='a\"b'" },
  'a value with a backslash': { releases: kinds, configuration: "export SLASHED='a\\nb'" },
  'a value of two lines': { releases: kinds, configuration: 'export LINES="1\nINJECTED=2"' },
  'a command in a value': { releases: kinds, configuration: 'export WHO=$(id -un)' },
  'an escaped command in a value': { releases: selfHosted, configuration: 'export WHO=\\$(id -un)' },
  'a file below /etc': { releases: kinds, configuration: 'mkdir -p /etc/spacelift && export COULD=yes' },
  'a line of EOF': { releases: selfHosted, configuration: 'export BEFORE=1\nEOF\nexport AFTER=1' },
  'the launcher ends': { releases: NAMES, change: () => ({ fails: ['launcher'] }) },
  'another launcher than the signed one': {
    releases: downloading,
    change: ({ pages }) => ({ pages: replaceLauncher(pages) }),
  },
  'no launcher in the bucket': { releases: selfHosted, change: () => ({ objects: {} }) },
  'a FedRAMP token': {
    releases: downloading,
    token: tokenFor('x.fedramp.spacelift.io'),
    change: (world) => createWorld(world.cloud, { isFedRamp: true }),
  },
  'a FedRAMP token of a development installation': {
    releases: downloading,
    token: tokenFor('x.fedramp.spacelift.dev'),
    change: (world) => createWorld(world.cloud, { isFedRamp: true }),
  },
  'as root': { releases: selfHosted, more: { run_launcher_as_spacelift_user: false } },
  'no power-off': {
    releases: selfHosted,
    more: { power_off_on_error: false },
    change: () => ({ fails: ['launcher'] }),
  },
  proxies: {
    releases: selfHosted,
    configuration: 'export AFTER="\\$SPACELIFT_WHITELIST_ENVS"',
    more: { http_proxy_config: 'http://proxy:3128', no_proxy_config: 'localhost' },
  },
  'proxies, and Docker does not start': {
    releases: selfHosted,
    more: { https_proxy_config: 'http://proxy:3128' },
    change: () => ({ fails: ['docker-daemon'] }),
  },
  certificates: { releases: selfHosted, more: { ca_certificates: ['one\ntwo', 'three'] } },
  'no agent': { releases: only(({ cloud }) => cloud === 'aws'), more: { disable_cloudwatch_agent: true } },
  'a shutdown after a failure': {
    releases: azure,
    configuration: 'return 1',
    more: { process_exit_behavior: 'Shutdown' },
  },
  'nothing after a failure': { releases: azure, configuration: 'return 1', more: { process_exit_behavior: 'None' } },
  'nothing after the end': { releases: azure, more: { process_exit_behavior: 'None' } },
  'no upgrade': { releases: azure, more: { perform_unattended_upgrade_on_boot: false } },
} as const satisfies Readonly<Record<string, Behaviour>>;

export type BehaviourName = keyof typeof BEHAVIOURS;

/** Every behaviour of every release that has it. */
export const BEHAVING = (Object.keys(BEHAVIOURS) as BehaviourName[]).flatMap((behaviour) =>
  BEHAVIOURS[behaviour].releases.map((release) => ({ release, behaviour })),
);

/** What the module is given: its own lines or, where it has none, plain exports for the secrets. */
export function behaviourInputs({ release, behaviour }: (typeof BEHAVING)[number]): ModuleInputs {
  const { configuration = '', more, token = TOKEN }: Behaviour = BEHAVIOURS[behaviour];
  const { cloud }: Release = RELEASES[release];
  const exports = `export SPACELIFT_TOKEN=${token} SPACELIFT_POOL_PRIVATE_KEY=${PRIVATE_KEY}\n`;
  return {
    release,
    configuration: `${cloud === 'aws' ? '' : exports}${configuration}\n`,
    ...(cloud === 'aws' && {
      secretLines: awsSecretLines(SECRETS.aws.both, ['SPACELIFT_TOKEN', 'SPACELIFT_POOL_PRIVATE_KEY']),
    }),
    ...(more && { more }),
  };
}

/** The world that a behaviour is seen in. */
export async function behaviourWorld({ release, behaviour }: (typeof BEHAVING)[number]): Promise<World> {
  const { change, token = TOKEN }: Behaviour = BEHAVIOURS[behaviour];
  const world = await worldFor(release);
  const changed = await change?.(world, release);
  const secrets = { ...secretsOf(world.cloud, token, PRIVATE_KEY), ...changed?.secrets };
  return { ...world, ...changed, secrets };
}

/** Something else under the launcher's address: the page of an error, say. */
function replaceLauncher(pages: World['pages']): World['pages'] {
  const changed = Object.entries(pages).map(([url, page]) => {
    return [url, /spacelift-launcher-[a-z0-9_]+$/.test(url) && !url.endsWith('SUMS') ? { body: '<html>' } : page];
  });
  return Object.fromEntries(changed);
}
