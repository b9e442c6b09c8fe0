import { expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { suggestionLine } from '../../../src/core/suggestion.ts';
import type { Value } from '../../../src/render/format/hcl/hcl.ts';
import { TERRAFORM_STEPS } from '../../../src/render/terraform/clouds.ts';
import { MODULES, type Module } from '../../../src/render/terraform/releases/index.ts';
import { planPool, renderStep } from '../../services/render.ts';
import { readFacts } from '../../services/vendor-module/facts.ts';
import { sampleValue } from '../../services/vendor-module/sample-value.ts';

/** What spacectl sets itself, and the flag with which the user decides it. */
const OURS: Readonly<Record<string, string>> = {
  admin_public_key: '--admin-public-key',
  ami_architecture: '--arch',
  configuration: '--env and the rest',
  ec2_instance_type: '--instance-type',
  email: 'a service account of its own',
  identity_ids: 'an identity of its own',
  identity_type: 'an identity of its own',
  machine_type: '--machine-type',
  max_size: '--max-size',
  min_size: '--min-size',
  network: '--network',
  non_autoscaled_vmss_instances: '--size',
  project: '--project',
  region: '--region',
  resource_group: '--resource-group',
  secret_env_var_arns: "the secrets by reference; names of the user's own join them",
  security_groups: '--security-group',
  size: '--size',
  subnet_id: '--subnet-id',
  vmss_sku: '--vm-size',
  vpc_subnets: '--subnet',
  worker_pool_id: '--pool-id',
  zone: '--zone',
};

/** What belongs to a flag, and is taken beside it. */
const WITH: Readonly<Record<string, readonly string[]>> = {
  autoscaling_configuration: ['--autoscaler'],
  instance_refresh: ['--instance-refresh'],
};

/** What is refused for a reason of its own, in the words of the refusal. */
const REFUSED: Readonly<Record<string, string>> = {
  domain_name: 'pass --domain instead',
  secure_env_vars: 'refuses it together with',
  selfhosted_configuration: '--self-hosted-launcher',
};

/** Values that have to make sense. */
const SAMPLES: Readonly<Record<string, Value>> = {
  byo_secretsmanager: { name: 'x', arn: 'y', keys: ['SPACELIFT_TOKEN', 'SPACELIFT_POOL_PRIVATE_KEY'] },
};

async function outcome(module: Module, name: string): Promise<string> {
  const value = SAMPLES[name] ?? sampleValue(module.inputs[name] ?? 'any');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const flags = ['--module-version', module.version, '--pool-id', '01HCC6QZ932J7WDF4FTVM9QMEP', ...(WITH[name] ?? [])];
  try {
    const texts = await renderStep(TERRAFORM_STEPS[module.cloud], planPool(), [
      ...flags,
      '--module-input',
      `${name}=${text}`,
    ]);
    const main = texts[`terraform-${module.cloud}/main.tf`] ?? '';
    return new RegExp(`^  ${name} +=`, 'm').test(main) ? 'taken' : 'lost';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [error.message, ...error.suggestions.map(suggestionLine)].join(' ');
  }
}

test.each(
  MODULES.filter(({ cloud, version }) => readFacts(`${cloud}-${version}`).complete).map(
    (module) => [`${module.cloud} ${module.version}`, module] as const,
  ),
)('every input of the module for %s is taken, has a flag, or a reason why not', async (_name, module) => {
  const names = Object.keys(readFacts(`${module.cloud}-${module.version}`).variables);
  for (const name of names) {
    const said = await outcome(module, name);
    if (name in REFUSED) expect(`${name}: ${said}`).toContain(REFUSED[name]);
    else if (name in OURS && said !== 'taken') expect(`${name}: ${said}`).toContain('spacectl sets this itself');
    else expect(`${name}: ${said}`).toBe(`${name}: taken`);
  }
});
