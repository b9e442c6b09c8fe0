import { BUNDLE_FILE } from '../../../ca-bundle/index.ts';
import { CSR_FILE } from '../../../pki/index.ts';
import type { Values } from '../../../step/input.ts';
import type { Plan, Planner } from '../../../step/plan.ts';
import { renderBootScript } from '../../cloud/boot-script.ts';
import { otherDomain } from '../../cloud/environment.ts';
import { poolFor } from '../../cloud/pool.ts';
import { trustFor } from '../../cloud/trust.ts';
import { fleetVariables } from '../../ec2/fleet-variables.ts';
import { inRegion } from '../../ec2/secrets-manager.ts';
import { BLANK, block } from '../../hcl/hcl.ts';
import { use, type Variable } from '../../hcl/variables.ts';
import { joinMounts } from '../../launcher-settings.ts';
import { checkInputs, moduleFor } from '../module-inputs.ts';
import { configurationFrom, planRootModule } from '../plan.ts';
import { refuseContradictions, warningsFor } from './answers.ts';
import { autoscalerFor } from './autoscaler.ts';
import { storeInS3 } from './ca-bucket.ts';
import { type awsInputs, SPOT_RISK } from './inputs.ts';
import { hostTrustFor, REFRESH, selfHosted, spotOptions } from './instances.ts';
import { awsSecrets } from './secrets.ts';

type Given = Values<typeof awsInputs>;

/** Plans the root module for AWS. @throws UserError `SPACECTL_BAD_INPUT` where answers contradict each other */
export async function planAws(given: Given, planner: Planner): Promise<Plan> {
  const module = moduleFor('aws', given['module-version']);
  await refuseContradictions(given, planner);
  const pool = await poolFor(given, planner);
  const secrets = awsSecrets(module, pool, given.dir);
  const trust = await trustFor('aws', given, planner);
  const boot = await renderBootScript({
    cloud: 'aws',
    settings: joinMounts(given.env, trust?.mounts ?? []),
    delivery: trust?.delivery,
  });
  const upload = trust?.upload ? storeInS3(pool.slug) : undefined;
  const api = given.autoscaler ? autoscalerFor(pool.slug) : undefined;
  const hostTrust = hostTrustFor(given, trust, 'ca_bundle' in module.inputs);
  const inputs = checkInputs(
    module,
    {
      worker_pool_id: pool.id,
      ...secrets.inputs,
      configuration: configurationFrom(upload ? [upload.source] : []),
      vpc_subnets: use('subnets'),
      security_groups: use('security_groups'),
      ami_architecture: given.arch,
      ami_id: given['machine-image'],
      ec2_instance_type: use('instance_type'),
      min_size: use('min_size'),
      max_size: use('max_size'),
      domain_name: await otherDomain(given, planner),
      instance_market_options: given.spot ? spotOptions(given['spot-max-price']) : undefined,
      instance_refresh: given['instance-refresh'] ? REFRESH : undefined,
      ca_bundle: hostTrust,
      selfhosted_configuration: selfHosted(given),
      ...api?.inputs,
    },
    given['module-input'],
  );
  const spotComment = given.spot
    ? [`Spot instances, accepted with --accept-spot-risk.\n${SPOT_RISK.replaceAll('. ', '.\n')}`]
    : [];
  return planRootModule(
    {
      title: 'Spacelift worker pool on AWS',
      requiredVersion: secrets.requiredVersion,
      providers: { aws: { source: 'hashicorp/aws', version: '~> 6.0' }, ...pool.providers },
      variables: [...variablesFor(given), ...pool.variables, ...secrets.variables, ...(api?.variables ?? [])],
      main: [
        block('provider', ['aws'], { region: use('region') }),
        ...pool.main,
        ...secrets.main,
        ...(upload?.main ?? []),
        ...spotComment,
        block('module', ['workers'], { source: module.source }, BLANK, inputs),
      ],
      outputs: { worker_pool_id: { description: 'Id of the worker pool', value: pool.id } },
      readme: [
        `Module ${module.source}; boot script in configuration.sh, pasted into the user data.`,
        'Put the secrets into Secrets Manager first (the commands are printed by spacectl), then: terraform init && terraform apply.',
        'Works with OpenTofu. No secret is in these files; see terraform.tfvars.example for what can be set.',
      ],
    },
    {
      cloud: 'aws',
      module,
      dir: given.dir,
      boot,
      beside: { [CSR_FILE]: pool.csr, [BUNDLE_FILE]: trust?.upload },
      warnings: warningsFor(given),
      secrets: [...inRegion(given.region), ...secrets.commands, ...(api?.commands ?? [])],
    },
    planner,
  );
}

function variablesFor(given: Given): readonly Variable[] {
  return [
    ...fleetVariables(given),
    { name: 'min_size', type: 'number', description: 'Fewest workers', value: given['min-size'], example: 0 },
    { name: 'max_size', type: 'number', description: 'Most workers', value: given['max-size'], example: 5 },
  ];
}
