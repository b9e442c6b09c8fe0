import { TERRAFORM_STEPS } from '../../../src/render/terraform/clouds.ts';
import { planPool, renderStep, withBundle } from '../render.ts';
import { planConfigurations } from '../terraform-plan.ts';
import type { Configuration } from '../terraform-root.ts';
import type { AppliedConfiguration } from '../terraform-state.ts';
import { scriptOf } from '../user-data.ts';
import { SELF_HOSTED_LAUNCHER } from './releases.ts';
import { bothSecrets } from './secrets.ts';
import { type Cloud, createWorld, type World } from './world.ts';

/** A way of the CA bundle to the workers, and its flags. */
const DELIVERIES = {
  none: () => [],
  host: () => [],
  store: (cloud: Cloud) => ['--ca-delivery', { aws: 's3', azure: 'blob', gcp: 'gcs' }[cloud]],
  inline: () => ['--ca-delivery', 'inline'],
} as const;

export type CaDelivery = keyof typeof DELIVERIES;

/** A configuration whose user data is planned and booted. */
export interface Planned {
  readonly cloud: Cloud;
  readonly version: string;
  readonly isSelfHosted?: boolean;
  /** The pool is created in the same configuration, and so is what holds its token. */
  readonly createsPool?: boolean;
  readonly deliveries: readonly CaDelivery[];
}

const ALL = ['none', 'host', 'store'] as const;

/**
 * Releases, as they are booted. Where a release's boot script was not read, its stand-in has that of the newest known one.
 * A whole bundle fits into the user data of Google Cloud alone.
 */
export const PLANNED = {
  'AWS v6.0.3': { cloud: 'aws', version: 'v6.0.3', deliveries: ALL },
  'AWS v6.0.3 with its pool': { cloud: 'aws', version: 'v6.0.3', createsPool: true, deliveries: ['none'] },
  'AWS v6.0.3 self-hosted': { cloud: 'aws', version: 'v6.0.3', isSelfHosted: true, deliveries: ALL },
  'AWS v5.6.5': { cloud: 'aws', version: 'v5.6.5', deliveries: ALL },
  'AWS v7.1.0': { cloud: 'aws', version: 'v7.1.0', deliveries: ['none', 'host'] },
  'AWS v7.1.0 self-hosted': { cloud: 'aws', version: 'v7.1.0', isSelfHosted: true, deliveries: ['store'] },
  'AWS v7.2.0 with its pool': { cloud: 'aws', version: 'v7.2.0', createsPool: true, deliveries: ['host'] },
  'AWS v8.2.0': { cloud: 'aws', version: 'v8.2.0', deliveries: ['host'] },
  'Azure v3.0.0': { cloud: 'azure', version: 'v3.0.0', deliveries: ALL },
  'Azure v3.0.0 with its pool': { cloud: 'azure', version: 'v3.0.0', createsPool: true, deliveries: ['none'] },
  'Azure v2.1.0': { cloud: 'azure', version: 'v2.1.0', deliveries: ALL },
  'GCP v1.5.2': { cloud: 'gcp', version: 'v1.5.2', deliveries: [...ALL, 'inline'] },
  'GCP v1.5.2 with its pool': { cloud: 'gcp', version: 'v1.5.2', createsPool: true, deliveries: ['none'] },
  'GCP v2.0.0': { cloud: 'gcp', version: 'v2.0.0', deliveries: ['host'] },
} as const satisfies Readonly<Record<string, Planned>>;

export type PlannedName = keyof typeof PLANNED;

const SELF_HOSTED = [
  ...['--self-hosted-launcher', SELF_HOSTED_LAUNCHER, '--worker-comms-url', 'https://app.spacelift.io'],
  // Files below /etc are written by root alone.
  ...['--module-input', 'selfhosted_configuration={"run_launcher_as_spacelift_user":false}'],
];

/** User data and the world it boots in when all is well. */
export interface Boot {
  readonly userData: string;
  readonly world: World;
}

/** A release with a way of the CA bundle. */
export interface PlannedBoot {
  readonly release: PlannedName;
  readonly delivery: CaDelivery;
}

/**
 * Renders releases with ways of the CA bundle, applies all of them in one run of Terraform, and returns what finds the user
 * data of one, and the world in which its secrets and objects are where Terraform says.
 */
export async function planBoots(
  boots: readonly PlannedBoot[],
  { token, key }: { readonly token: string; readonly key: string },
): Promise<(name: PlannedName, delivery: CaDelivery) => Promise<Boot>> {
  const [plain, bundled] = [planPool(), await withBundle(planPool())];
  const configurations: Record<string, Configuration> = {};
  for (const { release: name, delivery } of boots) {
    const release: Planned = PLANNED[name];
    const rendered = await renderStep(TERRAFORM_STEPS[release.cloud], delivery === 'none' ? plain : bundled, [
      ...['--module-version', release.version],
      ...(release.createsPool ? [] : ['--pool-id', '01HCC6QZ932J7WDF4FTVM9QMEP']),
      ...DELIVERIES[delivery](release.cloud),
      ...(release.isSelfHosted ? SELF_HOSTED : []),
    ]);
    const texts = Object.entries(rendered).map(([file, text]) => [file.replace(/^terraform-\w+\//, ''), text]);
    configurations[idOf(name, delivery)] = {
      texts: Object.fromEntries(texts),
      module: `${release.cloud}-${release.version}`,
    };
  }
  const applied = await planConfigurations(configurations);
  return async (name, delivery) => {
    const id = idOf(name, delivery);
    const one = applied.configurations[id];
    if (one?.userData === undefined) throw new Error(`no user data for ${id}`);
    const bundle = configurations[id]?.texts['custom-ca-bundle.crt'];
    return { userData: one.userData, world: await worldOf(PLANNED[name], one, { token, key, bundle }) };
  };
}

function idOf(name: string, delivery: CaDelivery): string {
  return `${name} ${delivery}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
}

/** The world that Terraform left behind: what it made itself is as it made it, the rest as spacectl's commands put it there. */
async function worldOf(
  { cloud }: Planned,
  applied: AppliedConfiguration,
  { token, key, bundle }: { token: string; key: string; bundle: string | undefined },
): Promise<World> {
  const script = scriptOf(cloud, applied.userData ?? '');
  const assigned = (name: string) => new RegExp(`^spacectl_${name}=(.*)$`, 'm').exec(script)?.[1] ?? '';
  const place = assigned(cloud === 'azure' ? 'key_vault' : 'project');
  const named = {
    [`${place}/${assigned('token_secret')}`]: token,
    [`${place}/${assigned('private_key_secret')}`]: key,
  };
  const secrets = cloud === 'aws' ? awsSecrets(applied, token, key) : named;
  const world = await createWorld(cloud, { secrets });
  const source = assigned('ca_source');
  return {
    ...world,
    objects: { ...(source && bundle !== undefined && { [source]: bundle }), [SELF_HOSTED_LAUNCHER]: world.launcher },
  };
}

/** Terraform's own token of a created pool is a stand-in's: what holds it gets the test's, so that boots can tell it. */
function awsSecrets({ secrets }: AppliedConfiguration, token: string, key: string): Record<string, string> {
  const entries = secrets.flatMap(({ names, value }) => {
    const text = value === undefined ? storedAs(names, token, key) : withToken(value, token, key);
    return names.map((name) => [name, text] as const);
  });
  return Object.fromEntries(entries);
}

function storedAs(names: readonly string[], token: string, key: string): string {
  if (names.some((name) => name.endsWith('/token'))) return token;
  return names.some((name) => name.endsWith('/private-key')) ? key : bothSecrets(token, key);
}

function withToken(json: string, token: string, key: string): string {
  const held = JSON.parse(json) as Record<string, string>;
  return JSON.stringify({
    ...held,
    ...(held['SPACELIFT_TOKEN'] !== undefined && { SPACELIFT_TOKEN: token }),
    ...(held['SPACELIFT_POOL_PRIVATE_KEY'] !== undefined && { SPACELIFT_POOL_PRIVATE_KEY: key }),
  });
}
