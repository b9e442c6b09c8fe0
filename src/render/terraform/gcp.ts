import { BUNDLE_FILE } from '../../ca-bundle/index.ts';
import { CSR_FILE } from '../../pki/index.ts';
import type { Values } from '../../step/input.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { BLANK, block, expression, type Item, reference, type Value } from '../hcl.ts';
import { renderBootScript } from './boot-script.ts';
import type { gcpInputs } from './gcp-inputs.ts';
import { floorWarning, gcpArchitecture, refuseMismatch } from './machines.ts';
import { checkInputs, moduleFor } from './modules.ts';
import { configurationFrom, planRootModule } from './plan.ts';
import { encodeKey, otherDomain, type Pool, poolFor, refuseFedRamp, tokenFile } from './pool.ts';
import { settingsFor } from './settings.ts';
import { trustFor } from './trust.ts';
import { use, type Variable } from './variables.ts';

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
    settings: settingsFor(given.env, trust),
    delivery: trust?.delivery,
  });
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
      domain_name: otherDomain(given),
    },
    given['module-input'],
  );
  return planRootModule(
    {
      title: 'Spacelift worker pool on Google Cloud',
      requiredVersion: '>= 1.5',
      providers: { google: { source: 'hashicorp/google', version: '>= 6.0' }, ...pool.providers },
      variables: [...variablesFor(given, pool), ...pool.variables],
      main: [
        block('provider', ['google'], { project: use('project'), region: use('region'), zone: use('zone') }),
        ...pool.main,
        ...secretsFor(pool),
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
      secrets: [
        ...(pool.isCreated ? [] : [`${createSecret(given.project, TOKEN_SECRET)}${tokenFile(given.dir)}`]),
        `${encodeKey(given.dir)} | ${createSecret(given.project, KEY_SECRET)}-`,
      ],
    },
    planner,
  );
}

const TOKEN_SECRET = 'spacelift-token';
const KEY_SECRET = 'spacelift-pool-private-key';

/** Ends where the file's name goes. */
function createSecret(project: string | undefined, name: string): string {
  return `gcloud secrets create ${name} --project=${project ?? 'PROJECT'} --replication-policy=automatic --data-file=`;
}

/** A service account for the machines that may read the secrets, and the token where it is made here. */
function secretsFor(pool: Pool): readonly Item[] {
  const made = [
    block(
      'resource',
      ['google_secret_manager_secret', 'token'],
      { secret_id: TOKEN_SECRET },
      BLANK,
      block('replication', [], block('auto', [])),
    ),
    block('resource', ['google_secret_manager_secret_version', 'token'], {
      secret: reference('google_secret_manager_secret_iam_member.token.secret_id'),
      secret_data: pool.token,
    }),
  ];
  const mayRead = (name: string, secret: Value) =>
    block('resource', ['google_secret_manager_secret_iam_member', name], {
      secret_id: secret,
      role: 'roles/secretmanager.secretAccessor',
      member: reference('google_service_account.workers.member'),
    });
  return [
    block('resource', ['google_service_account', 'workers'], {
      account_id:
        pool.slug.length < 19
          ? `spacelift-${pool.slug}`
          : expression`"spacelift-\${substr(sha256(${pool.id}), 0, 12)}"`,
      display_name: 'Spacelift workers',
    }),
    ...(pool.isCreated ? made : []),
    mayRead('token', pool.isCreated ? reference('google_secret_manager_secret.token.id') : use('token_secret_name')),
    mayRead('private_key', use('private_key_secret_name')),
  ];
}

/** A bucket for the bundle. */
function storeInGcs(): { main: readonly Item[]; source: Value } {
  return {
    main: [
      'The CA bundle is no secret; the boot script checks its digest.',
      block('resource', ['google_storage_bucket', 'ca'], {
        name: use('ca_bucket_name'),
        location: use('region'),
        uniform_bucket_level_access: true,
      }),
      block('resource', ['google_storage_bucket_object', 'ca'], {
        name: BUNDLE_FILE,
        bucket: reference('google_storage_bucket.ca.name'),
        source: expression`"\${path.module}/${reference(BUNDLE_FILE)}"`,
      }),
      block('resource', ['google_storage_bucket_iam_member', 'ca'], {
        bucket: reference('google_storage_bucket.ca.name'),
        role: 'roles/storage.objectViewer',
        member: reference('google_service_account.workers.member'),
      }),
    ],
    source: expression`"spacectl_ca_source=gs://\${google_storage_bucket_iam_member.ca.bucket}/\${google_storage_bucket_object.ca.name}"`,
  };
}

function variablesFor(given: Given, pool: Pool): readonly Variable[] {
  const secretName = (name: string, holds: string, value: string): Variable => ({
    name,
    type: 'string',
    description: `Name of the secret in Secret Manager that holds ${holds}`,
    value,
    example: value,
    pattern: ['^[A-Za-z0-9_-]{1,255}$', 'the name of a secret'],
  });
  const zone = given.zone ?? (given.region && `${given.region}-b`);
  return [
    {
      name: 'project',
      type: 'string',
      description: 'Project',
      value: given.project,
      example: 'my-project',
      pattern: ['^[a-z][a-z0-9:.-]+$', 'the id of a project'],
    },
    { name: 'region', type: 'string', description: 'Region', value: given.region, example: 'europe-west1' },
    { name: 'zone', type: 'string', description: 'Zone', value: zone, example: 'europe-west1-b' },
    {
      name: 'network',
      type: 'string',
      description: 'Network for the machines',
      value: given.network,
      example: 'default',
    },
    {
      name: 'machine_type',
      type: 'string',
      description: 'Machine type',
      value: given['machine-type'],
      example: 'e2-medium',
    },
    { name: 'size', type: 'number', description: 'Number of workers', value: given.size ?? 2, example: 2 },
    secretName('private_key_secret_name', 'the private key, base64 on one line', KEY_SECRET),
    ...(pool.isCreated ? [] : [secretName('token_secret_name', 'the token', TOKEN_SECRET)]),
    ...(given['ca-delivery'] === 'gcs'
      ? [
          {
            name: 'ca_bucket_name',
            type: 'string',
            description: 'Name for the bucket of the CA bundle, unique in all of Google Cloud',
            example: 'my-project-spacelift-ca',
            pattern: ['^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$', 'the name of a bucket'],
          } as const,
        ]
      : []),
  ];
}
