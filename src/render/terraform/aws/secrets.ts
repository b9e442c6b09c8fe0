import type { Pool } from '../../cloud/pool.ts';
import { type StoredSecret, secretsToStore } from '../../cloud/secrets.ts';
import { arnOf, type KeptSecrets, kept, keptOneByOne, NEVER_READ } from '../../ec2/secrets-manager.ts';
import { block, expression, type Item, reference, type Value } from '../../hcl/hcl.ts';
import type { Module } from '../modules.ts';

/** How token and private key get from Secrets Manager to the workers. */
export interface AwsSecrets extends Omit<KeptSecrets, 'lookUps'> {
  readonly main: readonly Item[];
  /** Inputs of the module. */
  readonly inputs: Readonly<Record<string, Value>>;
  readonly requiredVersion: string;
}

const NAMES = ['SPACELIFT_TOKEN', 'SPACELIFT_POOL_PRIVATE_KEY'] as const;

/** Secrets by reference, in the way the module's release has for it. */
export function awsSecrets(module: Module, pool: Pool, dir: string): AwsSecrets {
  if ('env_vars' in module.inputs) return byVariable(pool, dir);
  return pool.isCreated ? madeHere(pool, dir) : byOneSecret(pool, dir);
}

/** v7: one secret a variable, by ARN. Only a token that Terraform made itself is a value. */
function byVariable(pool: Pool, dir: string): AwsSecrets {
  const token = pool.token ? { value: pool.token, sensitive: true } : { secret_arn: arnOf('token') };
  const { lookUps, ...secrets } = keptOneByOne(pool, dir);
  return {
    ...secrets,
    main: [NEVER_READ, ...lookUps],
    inputs: {
      env_vars: { SPACELIFT_TOKEN: token, SPACELIFT_POOL_PRIVATE_KEY: { secret_arn: arnOf('private_key') } },
    },
    requiredVersion: '>= 1.5',
  };
}

/** v6: one secret with both, as JSON. */
function byOneSecret(pool: Pool, dir: string): AwsSecrets {
  const secret = {
    name: 'workers',
    holds: 'token and private key, as JSON',
    command: asJson(secretsToStore(pool, dir)),
  };
  const { lookUps, ...secrets } = kept([[secret, `spacelift/${pool.slug}`]]);
  return {
    ...secrets,
    main: [NEVER_READ, ...lookUps],
    inputs: secretInput(reference('data.aws_secretsmanager_secret.workers.name'), arnOf('workers')),
    requiredVersion: '>= 1.5',
  };
}

/** v6, for a pool that is created here: the secret with both is put together without the key in the state. */
function madeHere(pool: Pool, dir: string): AwsSecrets {
  const { lookUps, ...key } = keptOneByOne(pool, dir);
  return {
    ...key,
    main: [...lookUps, ...putTogether(pool)],
    inputs: secretInput(
      reference('aws_secretsmanager_secret.workers.name'),
      reference('aws_secretsmanager_secret_version.workers.arn'),
    ),
    // Ephemeral resources and write-only arguments.
    requiredVersion: '>= 1.11',
  };
}

function putTogether({ token, slug }: Pool): readonly Item[] {
  const values = {
    SPACELIFT_TOKEN: token,
    SPACELIFT_POOL_PRIVATE_KEY: reference('ephemeral.aws_secretsmanager_secret_version.private_key.secret_string'),
  };
  return [
    'The key is read while applying, written on to the secret, and kept nowhere else: not in the plan, not in the state.',
    block('ephemeral', ['aws_secretsmanager_secret_version', 'private_key'], {
      secret_id: reference('data.aws_secretsmanager_secret.private_key.id'),
    }),
    block('resource', ['aws_secretsmanager_secret', 'workers'], { name_prefix: `spacelift/${slug}/workers-` }),
    block('resource', ['aws_secretsmanager_secret_version', 'workers'], {
      secret_id: reference('aws_secretsmanager_secret.workers.id'),
      secret_string_wo: expression`jsonencode(${values})`,
      secret_string_wo_version: 1,
    }),
  ];
}

function secretInput(name: Value, arn: Value): Readonly<Record<string, Value>> {
  return { byo_secretsmanager: { name, arn, keys: NAMES } };
}

/** The shell command that prints both secrets as the module reads them. */
function asJson(secrets: readonly StoredSecret[]): string {
  const [token, key] = secrets;
  const shape = '{SPACELIFT_TOKEN: ($token | rtrimstr("\\n")), SPACELIFT_POOL_PRIVATE_KEY: ($key | rtrimstr("\\n"))}';
  return `jq -n --rawfile token ${token?.file} --rawfile key <(${key?.command}) '${shape}'`;
}
