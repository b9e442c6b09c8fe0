import { terraformAws } from '../../../src/render/terraform/aws/step.ts';
import { terraformAzure } from '../../../src/render/terraform/azure/step.ts';
import { terraformGcp } from '../../../src/render/terraform/gcp/step.ts';
import { planPool, renderStep, withBundle } from '../render.ts';
import type { ReleaseName } from './releases.ts';
import { awsSecretLines, type ModuleInputs, RELEASES, type Release, SELF_HOSTED_LAUNCHER } from './releases.ts';
import type { Cloud } from './world.ts';

/** How the CA bundle gets to the workers, if there is one. */
export type CaDelivery = 'none' | 'host' | 'store' | 'inline';

const STEPS = { aws: terraformAws, azure: terraformAzure, gcp: terraformGcp };

const STORES = {
  aws: { flag: 's3', address: 's3://ca/custom-ca-bundle.crt' },
  azure: { flag: 'blob', address: 'https://ca.blob.core.windows.net/ca/custom-ca-bundle.crt' },
  gcp: { flag: 'gcs', address: 'gs://ca/custom-ca-bundle.crt' },
} as const satisfies Readonly<Record<Cloud, unknown>>;

/** What the secrets of the pool are called in each cloud's store. */
export const SECRETS = {
  aws: { both: 'spacelift/pool' },
  azure: { token: 'my-vault/pool-token', key: 'my-vault/pool-private-key' },
  gcp: { token: 'my-project/pool-token', key: 'my-project/pool-private-key' },
} as const;

/** What Terraform would know by the time of the boot, by the name that the configuration gives it. */
const KNOWN_BY_TERRAFORM: Readonly<Record<string, string>> = {
  spacectl_key_vault: 'my-vault',
  spacectl_project: 'my-project',
  spacectl_token_secret: 'pool-token',
  spacectl_private_key_secret: 'pool-private-key',
};

const NAMES = ['SPACELIFT_TOKEN', 'SPACELIFT_POOL_PRIVATE_KEY'];

/** What spacectl renders, as one of Spacelift's modules gets it, and what it uploads to the cloud's object store. */
export interface Rendered {
  readonly inputs: ModuleInputs;
  readonly objects: Readonly<Record<string, string>>;
}

/**
 * Renders a configuration and says what the module is given by it: what Terraform would work out is put in by name.
 * The only place that knows how user data comes about, until it is planned by Terraform itself.
 */
export async function renderInputs(name: ReleaseName, delivery: CaDelivery): Promise<Rendered> {
  const release: Release = RELEASES[name];
  const { cloud, isSelfHosted } = release;
  const store = STORES[cloud];
  const pool = delivery === 'none' ? planPool() : await withBundle(planPool());
  const texts = await renderStep(STEPS[cloud], pool, [
    ...['--module-version', release.renderedAs ?? release.version, '--pool-id', '01HCC6QZ932J7WDF4FTVM9QMEP'],
    ...(delivery === 'store' || delivery === 'inline' ? ['--ca-delivery', flagFor(delivery, cloud)] : []),
    ...(isSelfHosted ? ['--self-hosted-launcher', SELF_HOSTED_LAUNCHER] : []),
  ]);
  const text = (file: string) => texts[`terraform-${cloud}/${file}`] ?? '';
  const assigned = [...text('main.tf').matchAll(/^ +"(spacectl_\w+)=/gm)].map(([, variable = '']) => {
    const value = variable === 'spacectl_ca_source' ? store.address : KNOWN_BY_TERRAFORM[variable];
    if (value === undefined) throw new Error(`main.tf assigns ${variable}, which this file does not know`);
    return `${variable}=${value}`;
  });
  return {
    inputs: {
      release: name,
      configuration: [...assigned, text('configuration.sh')].join('\n'),
      ...(cloud === 'aws' && { secretLines: awsSecretLines(SECRETS.aws.both, NAMES) }),
      // Files below /etc are written by root alone.
      ...(isSelfHosted && delivery !== 'none' && { more: { run_launcher_as_spacelift_user: false } }),
    },
    objects: delivery === 'store' ? { [store.address]: text('custom-ca-bundle.crt') } : {},
  };
}

function flagFor(delivery: 'store' | 'inline', cloud: Cloud): string {
  return delivery === 'store' ? STORES[cloud].flag : delivery;
}

/** A cloud's secret store with the secrets of a pool, as spacectl's own commands put them there. */
export function secretsOf(cloud: Cloud, token: string, key: string): Record<string, string> {
  if (cloud !== 'aws') return { [SECRETS[cloud].token]: token, [SECRETS[cloud].key]: key };
  return { [SECRETS.aws.both]: JSON.stringify({ SPACELIFT_TOKEN: token, SPACELIFT_POOL_PRIVATE_KEY: key }) };
}
