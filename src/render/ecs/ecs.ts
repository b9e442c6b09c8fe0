import path from 'node:path';
import { CSR_FILE } from '../../pki/index.ts';
import { known } from '../../step/content.ts';
import type { Values } from '../../step/input.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { wordFor } from '../../step/words.ts';
import { block, type Item, reference, type Value } from '../hcl.ts';
import { holdsPassword, passwordWarnings } from '../login.ts';
import { create, lookUp, secretVariable } from '../terraform/aws-secrets.ts';
import { renderBootScript } from '../terraform/boot-script.ts';
import { fleetVariables } from '../terraform/fleet-variables.ts';
import { ec2Architecture, floorWarning, refuseMismatch } from '../terraform/machines.ts';
import { BOOT_FILE } from '../terraform/plan.ts';
import { encodeKey, type Pool, poolFor, tokenFile } from '../terraform/pool.ts';
import { formatRootModule } from '../terraform/root-module.ts';
import { settingsFor } from '../terraform/settings.ts';
import { trustFor } from '../terraform/trust.ts';
import { use, type Variable } from '../terraform/variables.ts';
import type { ecsInputs } from './inputs.ts';
import { type EcsNames, instances, roles, service, taskDefinition } from './resources.ts';
import { taskDefinitionJson } from './task-definition.ts';

type Given = Values<typeof ecsInputs>;

/** Plans the Terraform configuration and the plain JSON. @throws UserError `SPACECTL_BAD_INPUT` where answers contradict each other */
export async function planEcs(given: Given, planner: Planner): Promise<Plan> {
  const type = given['instance-type'];
  const small = given.arch === 'arm64' ? 't4g.small' : 't3.small';
  refuseMismatch(
    type,
    ec2Architecture(type),
    given.arch,
    `--arch ${ec2Architecture(type)}, or --instance-type ${small}`,
  );
  const pool = await poolFor(given, planner);
  const trust = await trustFor('aws', { dir: given.dir, 'ca-delivery': 'host' }, planner);
  const settings = settingsFor(given.env, trust);
  const boot = await renderBootScript({ cloud: 'aws', settings: {}, delivery: trust?.delivery });
  const names: EcsNames = { slug: pool.slug, arch: given.arch, strategy: given.strategy };
  const secrets = secretsFor(pool);
  const folder = path.join(given.dir, 'ecs');
  const json = taskDefinitionJson({
    family: `spacelift-${pool.slug}`,
    arch: given.arch,
    settings,
    tokenSecret: given['token-secret-arn'] ?? placeholderArn(given.region, `spacelift/${pool.slug}/token`),
    keySecret: given['private-key-secret-arn'] ?? placeholderArn(given.region, `spacelift/${pool.slug}/private-key`),
    executionRole: given['execution-role-arn'] ?? 'arn:aws:iam::ACCOUNT:role/ROLE',
    logGroup: `/spacelift/${pool.slug}`,
    region: given.region ?? 'REGION',
  });
  const files = {
    ...formatRootModule({
      title: 'Spacelift worker pool on ECS (EC2 launch type)',
      requiredVersion: '>= 1.5',
      providers: { aws: { source: 'hashicorp/aws', version: '~> 6.0' }, ...pool.providers },
      variables: [...variablesFor(given), ...pool.variables, ...secrets.variables],
      main: [
        block('provider', ['aws'], { region: use('region') }),
        ...pool.main,
        ...secrets.main,
        ...roles(names, secrets.arns),
        ...instances(names),
        ...taskDefinition(names, settings, secrets.arns),
        ...service(names),
      ],
      outputs: {
        worker_pool_id: { description: 'Id of the worker pool', value: pool.id },
        cluster_name: { description: 'Name of the cluster', value: reference('aws_ecs_cluster.workers.name') },
      },
      readme: [
        'The launcher as a task on each instance of an auto-scaling group; boot script of the instances in configuration.sh.',
        'Put the secrets into Secrets Manager first (the commands are printed by spacectl), then: terraform init && terraform apply.',
        'Works with OpenTofu. Without Terraform: task-definition.json for aws ecs register-task-definition --cli-input-json.',
      ],
    }),
    [BOOT_FILE]: boot,
    'task-definition.json': json,
  };
  const isOurs = (name: string) => (bytes: Uint8Array) =>
    name.endsWith('.json')
      ? Buffer.from(bytes).includes('"containerDefinitions"')
      : Buffer.from(bytes).includes('Rendered by spacectl');
  const changes = [];
  for (const [name, text] of Object.entries(files)) {
    const access = holdsPassword(text) ? { mode: 0o600, isSecret: true } : {};
    const file = path.join(folder, name);
    changes.push(await planner.file({ path: file, content: known(text), replace: isOurs(name), ...access }));
  }
  if (pool.csr) changes.push(await planner.file({ path: path.join(folder, CSR_FILE), content: pool.csr }));
  const hasPlaceholders = /ACCOUNT|REGION/.test(json);
  return {
    changes,
    warnings: [
      ...floorWarning(type, small),
      ...passwordWarnings(folder, files),
      ...(trust
        ? ["The bundle is extended when an instance starts: replace instances to take up a new runner image's"]
        : []),
    ],
    next: [
      ...secrets.commands(given.dir),
      `terraform -chdir=${wordFor(folder)} init && terraform -chdir=${wordFor(folder)} apply`,
      `Or without Terraform${hasPlaceholders ? ', once ACCOUNT, REGION and ROLE are filled in or given (--…-arn, --region)' : ''}: aws ecs register-task-definition --cli-input-json ${wordFor(`file://${path.join(folder, 'task-definition.json')}`)}`,
    ],
    facts: { folder: path.resolve(folder), strategy: given.strategy, arch: given.arch, hasPlaceholders },
  };
}

function placeholderArn(region: string | undefined, name: string): string {
  return `arn:aws:secretsmanager:${region ?? 'REGION'}:ACCOUNT:secret:${name}`;
}

/** Both secrets by ARN; a token that is made here is put into a secret of its own. */
function secretsFor(pool: Pool): {
  variables: readonly Variable[];
  main: readonly Item[];
  arns: { token: Value; key: Value };
  commands: (dir: string) => readonly string[];
} {
  const key = secretVariable(
    'private_key',
    'the private key, base64 on one line',
    `spacelift/${pool.slug}/private-key`,
  );
  const token = secretVariable('token', 'the token', `spacelift/${pool.slug}/token`);
  const made: Item[] = [
    block('resource', ['aws_secretsmanager_secret', 'token'], { name_prefix: `spacelift/${pool.slug}/token-` }),
    block('resource', ['aws_secretsmanager_secret_version', 'token'], {
      secret_id: reference('aws_secretsmanager_secret.token.id'),
      secret_string: pool.token,
    }),
  ];
  const tokenArn = pool.isCreated
    ? 'aws_secretsmanager_secret_version.token.arn'
    : 'data.aws_secretsmanager_secret.token.arn';
  return {
    variables: pool.isCreated ? [key] : [token, key],
    main: [
      ...(pool.isCreated ? made : [lookUp(token)]),
      'Name and ARN alone are read: Terraform never sees what is in it.',
      lookUp(key),
    ],
    arns: { token: reference(tokenArn), key: reference('data.aws_secretsmanager_secret.private_key.arn') },
    commands: (dir) => [
      ...(pool.isCreated ? [] : [create(String(token.value), `cat ${tokenFile(dir)}`)]),
      create(String(key.value), encodeKey(dir)),
    ],
  };
}

function variablesFor(given: Given): readonly Variable[] {
  const image = `/aws/service/ecs/optimized-ami/amazon-linux-2023/${given.arch === 'arm64' ? 'arm64/' : ''}recommended/image_id`;
  return [
    ...fleetVariables(given),
    { name: 'workers', type: 'number', description: 'Number of workers', value: 1, example: 2 },
    { name: 'max_size', type: 'number', description: 'Most instances', value: given['max-size'], example: 5 },
    {
      name: 'image_parameter',
      type: 'string',
      description: 'Parameter in Parameter Store that holds the id of the newest ECS image',
      value: image,
      example: image,
    },
  ];
}
