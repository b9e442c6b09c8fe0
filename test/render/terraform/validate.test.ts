// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what means something to HCL is what is tested
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { ecs } from '../../../src/render/ecs/step.ts';
import { terraformAws } from '../../../src/render/terraform/aws/step.ts';
import { terraformAzure } from '../../../src/render/terraform/azure/step.ts';
import { terraformGcp } from '../../../src/render/terraform/gcp/step.ts';
import type { Step } from '../../../src/step/step.ts';
import { type Combination, type Dimensions, pairwise, productOf } from '../../services/pairs.ts';
import { testWith } from '../../services/programs.ts';
import { expectNoKey, planPool, renderStep, withBundle } from '../../services/render.ts';
import { temporaryFolder } from '../../services/temporary.ts';
import { refuseOtherFormat } from '../../services/terraform.ts';
import { validateConfigurations } from '../../services/terraform-plan.ts';
import type { Configuration } from '../../services/terraform-root.ts';

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
    '--self-hosted-launcher s3://bucket/spacelift-launcher --env HTTPS_PROXY=http://proxy:3128 --domain us.spacelift.io',
  'more inputs':
    '--module-input volume_size=80 --module-input additional_tags={"a_b":"${c}"} --machine-image ami-0a1b2c3d --region eu-west-1 --subnet subnet-0a1b2c3d --security-group sg-0a1b2c3d',
  'more inputs on azure': '--module-input tags={"a_b":"${c}"} --machine-image /images/x --vm-size Standard_D2ps_v5',
  'more inputs on gcp': '--module-input instance_group_manager_name=${c} --machine-image x/y --subnetwork workers',
  'on aws': '--region eu-west-1 --subnet subnet-0a1b2c3d --security-group sg-0a1b2c3d',
  'on azure':
    '--resource-group workers --key-vault secrets --subnet-id /subscriptions/1/x/subnets/y --size 3 --domain us.spacelift.io',
  'on gcp': '--project my-project --region europe-west1 --network x/y --size 3 --environment us',
  replica: '--strategy replica',
  settings: `--env GREETING="\${x}%{y}\\'z'`,
};

const flagsFor = (combination: Combination) =>
  Object.values(combination).flatMap((choice) => (FLAGS[choice] ? FLAGS[choice].split(' ') : []));

const pool = ['own', 'existing', 'nasty'];
const aws = {
  pool,
  ca: ['no CA', 'host', 's3'],
  market: ['on demand', 'spot'],
  scaling: ['fixed', 'autoscaler'],
  refresh: ['no refresh', 'refresh'],
  launcher: ['standard', 'self-hosted'],
  more: ['usual inputs', 'more inputs'],
};

/** Everything that is rendered for Terraform, in all the ways that matter to it. */
const KINDS: readonly { step: Step; folder: string; module?: string; dimensions: Dimensions }[] = [
  {
    step: terraformAws,
    folder: 'terraform-aws',
    module: 'aws-v7.1.0',
    dimensions: { ...aws, arch: ['x86_64', 'arm64'], trust: ['image', 'host trust'] },
  },
  { step: terraformAws, folder: 'terraform-aws', module: 'aws-v6.0.3', dimensions: aws },
  {
    step: terraformAzure,
    folder: 'terraform-azure',
    module: 'azure-v3.0.0',
    dimensions: {
      pool,
      ca: ['no CA', 'host', 'blob'],
      scaling: ['fixed', 'autoscaler'],
      place: ['no place', 'on azure'],
      more: ['usual inputs', 'more inputs on azure'],
    },
  },
  {
    step: terraformGcp,
    folder: 'terraform-gcp',
    module: 'gcp-v1.5.2',
    dimensions: {
      pool: [...pool, 'long'],
      ca: ['no CA', 'host', 'gcs', 'inline'],
      place: ['no place', 'on gcp'],
      more: ['usual inputs', 'more inputs on gcp'],
    },
  },
  {
    step: ecs,
    folder: 'ecs',
    dimensions: {
      pool,
      ca: ['no CA', 'host'],
      strategy: ['daemon', 'replica'],
      arch: ['x86_64', 'arm64'],
      settings: ['no settings', 'settings'],
      place: ['no place', 'on aws'],
    },
  },
];

/** What the program refuses, each tried by a test of its own. */
function isRefused({ ca, trust, scaling, place }: Combination): boolean {
  return (trust === 'host trust' && ca === 'no CA') || (scaling === 'autoscaler' && place === 'on azure');
}

testWith('terraform', 'openssl', 'shellcheck')(
  'every way to render a configuration is formatted and holds no key, and in any two choices Terraform accepts it',
  { timeout: 300_000 },
  async () => {
    const plain = planPool();
    const bundled = await withBundle(plain);
    const formatted = new Set<string>();
    const scripts = new Set<string>();
    const configurations: Record<string, Configuration> = {};
    for (const { step, folder, module, dimensions } of KINDS) {
      const combinations = productOf(dimensions).filter((each) => !isRefused(each));
      const chosen = new Set(pairwise(combinations));
      for (const [index, combination] of combinations.entries()) {
        const version = module ? ['--module-version', module.replace(/^\w+-/, '')] : [];
        const flags = [...version, ...flagsFor(combination)];
        const rendered = await renderStep(step, combination['ca'] === 'no CA' ? plain : bundled, flags);
        expectNoKey(rendered);
        const texts = Object.fromEntries(
          Object.entries(rendered).map(([name, text]) => [path.relative(folder, name), text]),
        );
        for (const [name, text] of Object.entries(texts)) {
          if (/\.(?:tf|example)$/.test(name)) formatted.add(text);
        }
        scripts.add(texts['configuration.sh'] ?? '');
        if (chosen.has(combination)) {
          configurations[`${module ?? 'ecs'}-${index}`.replaceAll('.', '_')] = { texts, ...(module && { module }) };
        }
      }
    }
    // Two choices of every kind, or the table has lost its point.
    expect(Object.keys(configurations).length).toBeGreaterThan(40);
    await refuseOtherFormat(formatted);
    await validateConfigurations(configurations);
    await shellcheck([...scripts]);
  },
);

/** What the module puts in front of a boot script is assigned by Terraform. */
async function shellcheck(scripts: readonly string[]): Promise<void> {
  const folder = await temporaryFolder();
  const names = scripts.map((_, index) => `${index}.sh`);
  for (const [index, text] of scripts.entries()) await writeFile(path.join(folder, `${index}.sh`), text);
  await execa('shellcheck', ['-s', 'bash', '-e', 'SC2154', ...names], { cwd: folder });
}

testWith('terraform')('the stand-ins refuse what modules and providers do not have', async () => {
  const misused = {
    texts: {
      'main.tf': 'module "workers" {\n  source = "github.com/x"\n\n  configuration = ""\n  size          = 1\n}\n',
    },
    module: 'azure-v3.0.0',
  };
  await expect(validateConfigurations({ misused })).rejects.toThrow(/argument named "size"/);
  const mistyped = { texts: { 'main.tf': 'resource "aws_s3_bucket" "b" {\n  buckt = "x"\n}\n' } };
  await expect(validateConfigurations({ mistyped })).rejects.toThrow('buckt');
});
