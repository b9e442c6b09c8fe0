import { BUNDLE_FILE } from '../../../ca-bundle/index.ts';
import { CSR_FILE } from '../../../pki/index.ts';
import type { Values } from '../../../step/input.ts';
import type { Plan, Planner } from '../../../step/plan.ts';
import { renderBootScript } from '../../cloud/boot-script.ts';
import { otherDomain, refuseFedRamp } from '../../cloud/environment.ts';
import { floorWarning, gcpArchitecture, refuseMismatch } from '../../cloud/machines.ts';
import { poolFor } from '../../cloud/pool.ts';
import { trustFor } from '../../cloud/trust.ts';
import { BLANK, block, expression, reference } from '../../hcl/hcl.ts';
import { use } from '../../hcl/variables.ts';
import { joinMounts } from '../../launcher-settings.ts';
import { checkInputs, moduleFor } from '../module-inputs.ts';
import { configurationFrom, planRootModule } from '../plan.ts';
import { storeInGcs } from './ca-bucket.ts';
import type { gcpInputs } from './inputs.ts';
import { secretManagerSecrets } from './secrets.ts';
import { variablesFor } from './variables.ts';

type Given = Values<typeof gcpInputs>;

/** Plans the root module for Google Cloud. @throws UserError `SPACECTL_BAD_INPUT` where answers contradict each other */
export async function planGcp(given: Given, planner: Planner): Promise<Plan> {
  const module = moduleFor('gcp', given['module-version']);
  await refuseFedRamp(given, planner);
  const machine = given['machine-type'];
  if (given['machine-image'] === undefined) {
    const way = '--machine-type e2-medium, or --machine-image with an image of your own';
    refuseMismatch(machine, gcpArchitecture(machine), 'x86_64', way);
  }
  const pool = await poolFor(given, planner);
  const trust = await trustFor('gcp', given, planner);
  const boot = await renderBootScript({
    cloud: 'gcp',
    settings: joinMounts(given.env, trust?.mounts ?? []),
    delivery: trust?.delivery,
  });
  const secrets = secretManagerSecrets(pool, given.dir, given.project ?? 'PROJECT');
  const upload = trust?.upload ? storeInGcs() : undefined;
  const tokenName = pool.isCreated
    ? 'google_secret_manager_secret_version.token.secret'
    : 'google_secret_manager_secret_iam_member.token.secret_id';
  const inputs = checkInputs(
    module,
    {
      configuration: configurationFrom([
        expression`"spacectl_project=\${var.project}"`,
        expression`"spacectl_token_secret=\${reverse(split("/", ${reference(tokenName)}))[0]}"`,
        expression`"spacectl_private_key_secret=\${reverse(split("/", google_secret_manager_secret_iam_member.private_key.secret_id))[0]}"`,
        ...(upload ? [upload.source] : []),
      ]),
      project: use('project'),
      region: use('region'),
      zone: use('zone'),
      network: use('network'),
      subnetwork: given.subnetwork,
      machine_type: use('machine_type'),
      size: use('size'),
      image: given['machine-image'],
      email: reference('google_service_account.workers.email'),
      service_account_scopes: ['https://www.googleapis.com/auth/cloud-platform'],
      domain_name: await otherDomain(given, planner),
    },
    given['module-input'],
  );
  return planRootModule(
    {
      title: 'Spacelift worker pool on Google Cloud',
      requiredVersion: '>= 1.5',
      providers: { google: { source: 'hashicorp/google', version: '>= 6.0' }, ...pool.providers },
      variables: [...variablesFor(given), ...pool.variables, ...secrets.variables],
      main: [
        block('provider', ['google'], { project: use('project'), region: use('region'), zone: use('zone') }),
        ...pool.main,
        ...secrets.main,
        ...(upload?.main ?? []),
        block(
          'module',
          ['workers'],
          { source: module.source },
          BLANK,
          { providers: { google: reference('google') } },
          BLANK,
          inputs,
        ),
      ],
      outputs: { worker_pool_id: { description: 'Id of the worker pool', value: pool.id } },
      readme: [
        `Module ${module.source}; boot script in configuration.sh, pasted into the start-up script.`,
        'Put the secrets into Secret Manager first (the commands are printed by spacectl), then: terraform init && terraform apply.',
        'Works with OpenTofu. No secret is in these files; see terraform.tfvars.example for what can be set.',
      ],
    },
    {
      cloud: 'gcp',
      module,
      dir: given.dir,
      boot,
      beside: { [CSR_FILE]: pool.csr, [BUNDLE_FILE]: trust?.upload },
      warnings: floorWarning(machine, 'e2-medium'),
      secrets: secrets.commands,
    },
    planner,
  );
}
