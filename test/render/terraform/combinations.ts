// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what means something to HCL is what is tested
import { ecs } from '../../../src/render/ecs/step.ts';
import { TERRAFORM_STEPS } from '../../../src/render/terraform/clouds.ts';
import { MODULES, type Module } from '../../../src/render/terraform/releases/index.ts';
import type { Step } from '../../../src/step/step.ts';
import type { Combination, Dimensions } from '../../services/pairs.ts';

/** Something that is rendered for Terraform, in all the ways that matter to it. */
export interface Kind {
  readonly step: Step;
  /** The folder below the pool's that it is rendered into. */
  readonly folder: string;
  readonly module?: Module;
  readonly dimensions: Dimensions;
}

/** The flags that say a choice; a choice that is not here takes none. */
const FLAGS: Readonly<Record<string, string>> = {
  existing: '--pool-id 01HCC6QZ932J7WDF4FTVM9QMEP',
  nasty: '--pool-name a_"b"_${c}_%{d}\\ --pool-label ${y} --pool-space root --pool-description "',
  long: '--pool-name a_name_that_is_longer_than_the_name_of_an_account_may_be',
  s3: '--ca-delivery s3',
  blob: '--ca-delivery blob',
  gcs: '--ca-delivery gcs',
  inline: '--ca-delivery inline',
  arm64: '--arch arm64',
  spot: '--spot --accept-spot-risk --spot-max-price 0.05',
  autoscaler: '--autoscaler',
  refresh: '--instance-refresh',
  'host trust': '--trust-on-host',
  'self-hosted':
    '--self-hosted-launcher s3://bucket/spacelift-launcher --env HTTPS_PROXY=http://proxy:3128 --worker-comms-url https://app.example.com --module-input selfhosted_configuration={"run_launcher_as_spacelift_user":false}',
  'more inputs':
    '--module-input volume_size=80 --module-input additional_tags={"a_b":"${c}"} --machine-image ami-0a1b2c3d --region eu-west-1 --subnet subnet-0a1b2c3d --security-group sg-0a1b2c3d',
  'more inputs on azure': '--module-input tags={"a_b":"${c}"} --machine-image /images/x --vm-size Standard_D2ps_v5',
  'more inputs on gcp': '--module-input instance_group_manager_name=${c} --machine-image x/y --subnetwork workers',
  'on aws': '--region eu-west-1 --subnet subnet-0a1b2c3d --security-group sg-0a1b2c3d',
  'on azure':
    '--resource-group workers --key-vault secrets --subnet-id /subscriptions/1/x/subnets/y --size 3 --domain us.spacelift.io',
  'on gcp': '--project my-project --region europe-west1 --network x/y --size 3 --environment us',
  replica: '--strategy replica',
  'every option':
    '--tag team=a/b:c --volume-size 80 --session-manager --instance-refresh --kms-key-arn arn:aws:kms:eu-west-1:123456789012:key/1234abcd --permissions-boundary-arn arn:aws:iam::123456789012:policy/boundary --stop-timeout 600',
  settings: `--env GREETING="\${x}%{y}\\'z'`,
};

/** Returns the flags for a combination of choices, those that pick the release included. */
export function flagsFor({ module }: Kind, combination: Combination): readonly string[] {
  const chosen = Object.values(combination).flatMap((choice) => (FLAGS[choice] ? FLAGS[choice].split(' ') : []));
  return [...(module ? ['--module-version', module.version] : []), ...chosen];
}

/** Tells whether the program refuses a combination: each such refusal has a test of its own. */
export function isRefused({ module }: Kind, { ca, trust, scaling, place, launcher, more }: Combination): boolean {
  // What is not known of the self-hosted script is taken to be large: the builder of the bundle does not fit beside it.
  const isTooLarge = launcher === 'self-hosted' && ca === 'host' && module?.selfHosted?.bytes === undefined;
  // Spacelift's own stacks set no subnetwork on this release.
  const hasNoSubnetwork = more === 'more inputs on gcp' && module?.version === 'v2.0.0';
  const hasNothingToTrust = trust === 'host trust' && ca === 'no CA';
  return isTooLarge || hasNoSubnetwork || hasNothingToTrust || (scaling === 'autoscaler' && place === 'on azure');
}

/** Returns the name that the fixtures have for a release, as in `aws-v6.0.3`. */
export function releaseOf({ cloud, version }: Module): string {
  return `${cloud}-${version}`;
}

const pool = ['own', 'existing', 'nasty'];

const DIMENSIONS: Readonly<Record<Module['cloud'], Dimensions>> = {
  aws: {
    pool,
    ca: ['no CA', 'host', 's3'],
    market: ['on demand', 'spot'],
    scaling: ['fixed', 'autoscaler'],
    refresh: ['no refresh', 'refresh'],
    launcher: ['standard', 'self-hosted'],
    more: ['usual inputs', 'more inputs'],
    arch: ['x86_64', 'arm64'],
  },
  azure: {
    pool,
    ca: ['no CA', 'host', 'blob'],
    scaling: ['fixed', 'autoscaler'],
    place: ['no place', 'on azure'],
    more: ['usual inputs', 'more inputs on azure'],
  },
  gcp: {
    pool: [...pool, 'long'],
    ca: ['no CA', 'host', 'gcs', 'inline'],
    place: ['no place', 'on gcp'],
    more: ['usual inputs', 'more inputs on gcp'],
  },
};

function kindOf(module: Module): Kind {
  return {
    step: TERRAFORM_STEPS[module.cloud],
    folder: `terraform-${module.cloud}`,
    module,
    dimensions: { ...DIMENSIONS[module.cloud], trust: ['image', 'host trust'] },
  };
}

/** Everything that is rendered for Terraform: one kind for each release that is offered, and ECS. */
export const KINDS: readonly Kind[] = [
  ...MODULES.map(kindOf),
  {
    step: ecs,
    folder: 'ecs',
    dimensions: {
      pool,
      ca: ['no CA', 'host'],
      strategy: ['daemon', 'replica'],
      arch: ['x86_64', 'arm64'],
      market: ['on demand', 'spot'],
      options: ['usual options', 'every option'],
      settings: ['no settings', 'settings'],
      place: ['no place', 'on aws'],
    },
  },
];
