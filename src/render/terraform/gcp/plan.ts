import { BUNDLE_FILE } from '../../../ca-bundle/index.ts';
import { UserError } from '../../../core/errors.ts';
import { CSR_FILE } from '../../../pki/index.ts';
import type { Values } from '../../../step/input.ts';
import type { Plan, Planner } from '../../../step/plan.ts';
import { enforce } from '../../../step/rule.ts';
import type { Boot } from '../../cloud/boot-script.ts';
import { otherDomain } from '../../cloud/environment.ts';
import { renderFitting } from '../../cloud/fitting.ts';
import { gcpArchitecture, minimumWarning } from '../../cloud/machines.ts';
import type { Pool } from '../../cloud/pool.ts';
import { BLANK, block, expression, reference, type Value } from '../../format/hcl/hcl.ts';
import { use } from '../../format/hcl/variables.ts';
import { joinMounts } from '../../host/launcher-settings.ts';
import { measureBootData, ownPart } from '../boot-data.ts';
import { joinInputs, moduleFor, titleOf } from '../module-inputs.ts';
import { configurationFrom, planRootModule, type Rendered, type Sources } from '../plan.ts';
import type { Module } from '../releases/index.ts';
import { HOST_TRUST_REACH, hostTrustOf } from '../trust-on-host.ts';
import { refuseReservedNames, refuseUnsafeSettings } from '../unsafe-settings.ts';
import { storeInGcs } from './ca-bucket.ts';
import type { gcpInputs } from './inputs.ts';
import { groupName } from './names.ts';
import { gcpRules } from './rules.ts';
import { secretManagerSecrets } from './secrets.ts';
import { variablesFor } from './variables.ts';

type Given = Values<typeof gcpInputs>;

/** Image families that Spacelift builds every week. The module's own default is an image of 2022 (spacelift-worker-image, 1980178). */
const IMAGES = {
  x86_64: 'projects/spacelift-workers/global/images/family/spacelift-worker',
  arm64: 'projects/spacelift-workers/global/images/family/spacelift-worker-arm64',
} as const;

/** Plans the root module for Google Cloud. @throws UserError `SPACECTL_BAD_INPUT` if answers contradict each other */
export async function planGcp(given: Given, planner: Planner): Promise<Plan> {
  enforce(gcpRules, given);
  const module = moduleFor('gcp', given['module-version']);
  refuseReservedNames(module, given.env);
  refuseUnsafeSettings(module, given.env);
  refuseUnknownSubnetwork(given, module);
  return planRootModule(module, given, planner, (sources) => render(given, sources));
}

async function render(given: Given, { module, own, token, comms, pool, trust }: Sources): Promise<Rendered> {
  const script: Boot = {
    cloud: 'gcp',
    settings: { ...joinMounts(given.env, trust?.mounts ?? []), ...comms },
    delivery: trust?.delivery,
    hostTrust: given['trust-on-host'] ? hostTrustOf(trust) : undefined,
    secrets: 'store',
    stop: module.boot.stop,
  };
  const secrets = secretManagerSecrets(pool, given.dir, given.project ?? 'PROJECT');
  const upload = trust?.upload ? storeInGcs() : undefined;
  const inputs = joinInputs(
    module,
    {
      set: {
        configuration: configurationFrom([...assignedFor(pool), ...(upload ? [upload.source] : [])]),
        project: use('project'),
        region: use('region'),
        zone: use('zone'),
        network: use('network'),
        subnetwork: given.subnetwork,
        machine_type: use('machine_type'),
        size: use('size'),
        email: reference('google_service_account.workers.email'),
        domain_name: otherDomain(given, token),
      },
      defaults: {
        image: given['machine-image'] ?? IMAGES[gcpArchitecture(given['machine-type'])],
        service_account_scopes: ['https://www.googleapis.com/auth/cloud-platform'],
        // The module's default names are the same for every pool in a zone.
        instance_group_manager_name: groupName(pool),
        instance_group_base_instance_name: groupName(pool),
      },
    },
    own,
  );
  const measure = (text: string) =>
    measureBootData(module, { own: ownPart(module, false), configuration: ASSIGNED_BYTES + Buffer.byteLength(text) });
  const { boot, bootData } = await renderFitting(script, measure);
  return {
    root: {
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
      outputs: { worker_pool_id: { description: 'ID of the worker pool', value: pool.id } },
      readme: [`It calls Spacelift's module ${module.source}. configuration.sh becomes part of the start-up script.`],
    },
    boot,
    bootData,
    beside: { [CSR_FILE]: pool.csr, [BUNDLE_FILE]: trust?.upload },
    warnings: [
      ...minimumWarning(given['machine-type'], 'e2-medium'),
      ...(given['trust-on-host'] ? [HOST_TRUST_REACH] : []),
    ],
    secrets: secrets.commands,
  };
}

/** The size of the assignments before the boot script: names have at most 30 characters (project), 255 (secret) and 63 (bucket). */
const ASSIGNED_BYTES =
  `spacectl_project=\nspacectl_token_secret=\nspacectl_private_key_secret=\nspacectl_ca_source=gs:///${BUNDLE_FILE}\n`
    .length +
  30 +
  2 * 255 +
  63;

function assignedFor(pool: Pool): readonly Value[] {
  const tokenName = pool.isCreated
    ? 'google_secret_manager_secret_version.token.secret'
    : 'google_secret_manager_secret_iam_member.token.secret_id';
  return [
    expression`"spacectl_project=\${var.project}"`,
    expression`"spacectl_token_secret=\${reverse(split("/", ${reference(tokenName)}))[0]}"`,
    expression`"spacectl_private_key_secret=\${reverse(split("/", google_secret_manager_secret_iam_member.private_key.secret_id))[0]}"`,
  ];
}

/** Refuses a subnetwork for a release without that input. @throws UserError `SPACECTL_BAD_INPUT` */
function refuseUnknownSubnetwork({ subnetwork }: Given, module: Module): void {
  if (subnetwork === undefined || 'subnetwork' in module.inputs) return;
  throw new UserError('SPACECTL_BAD_INPUT', `--subnetwork: spacectl does not know this input of ${titleOf(module)}`, {
    suggestions: ['Pass --module-version v1.5.2'],
  });
}
