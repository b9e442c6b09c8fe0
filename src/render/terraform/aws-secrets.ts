import { wordFor } from '../../step/words.ts';
import { block, expression, type Item, reference, type Value } from '../hcl.ts';
import type { Module } from './modules.ts';
import { encodeKey, type Pool, tokenFile } from './pool.ts';
import { use, type Variable } from './variables.ts';

/** How token and private key get from Secrets Manager to the workers. */
export interface AwsSecrets {
  readonly variables: readonly Variable[];
  readonly main: readonly Item[];
  /** Inputs of the module. */
  readonly inputs: Readonly<Record<string, Value>>;
  /** Commands that put the secrets there. */
  readonly commands: readonly string[];
  readonly requiredVersion: string;
}

const NAMES = ['SPACELIFT_TOKEN', 'SPACELIFT_POOL_PRIVATE_KEY'] as const;

/** Secrets by reference, in the way the module's release has for it. */
export function awsSecrets(module: Module, pool: Pool, dir: string): AwsSecrets {
  return 'env_vars' in module.inputs ? byVariable(pool, dir) : byOneSecret(pool, dir);
}

/** v7: one secret a variable, by ARN. Only a token that Terraform made itself is a value. */
function byVariable(pool: Pool, dir: string): AwsSecrets {
  const key = secretVariable(
    'private_key',
    'the private key, base64 on one line',
    `spacelift/${pool.slug}/private-key`,
  );
  const token = secretVariable('token', 'the token', `spacelift/${pool.slug}/token`);
  const secrets = pool.isCreated ? [key] : [token, key];
  const arn = (name: string) => ({ secret_arn: reference(`data.aws_secretsmanager_secret.${name}.arn`) });
  return {
    variables: secrets,
    main: ['Name and ARN alone are read: Terraform never sees what is in it.', ...secrets.map(lookUp)],
    inputs: {
      env_vars: {
        SPACELIFT_TOKEN: pool.token ? { value: pool.token, sensitive: true } : arn('token'),
        SPACELIFT_POOL_PRIVATE_KEY: arn('private_key'),
      },
    },
    commands: [
      ...(pool.isCreated ? [] : [create(String(token.value), `cat ${tokenFile(dir)}`)]),
      create(String(key.value), encodeKey(dir)),
    ],
    requiredVersion: '>= 1.5',
  };
}

/** v6: one secret with both, as JSON. One for a pool that is created here is put together without the key in the state. */
function byOneSecret(pool: Pool, dir: string): AwsSecrets {
  if (pool.isCreated) return madeHere(pool, dir);
  const secret = secretVariable('workers', 'token and private key, as JSON', `spacelift/${pool.slug}`);
  const json = `jq -n --rawfile token ${tokenFile(dir)} --rawfile key <(${encodeKey(dir)}) '{SPACELIFT_TOKEN: ($token | rtrimstr("\\n")), SPACELIFT_POOL_PRIVATE_KEY: ($key | rtrimstr("\\n"))}'`;
  return {
    variables: [secret],
    main: ['Name and ARN alone are read: Terraform never sees what is in it.', lookUp(secret)],
    inputs: {
      byo_secretsmanager: {
        name: reference('data.aws_secretsmanager_secret.workers.name'),
        arn: reference('data.aws_secretsmanager_secret.workers.arn'),
        keys: NAMES,
      },
    },
    commands: [create(String(secret.value), json)],
    requiredVersion: '>= 1.5',
  };
}

function madeHere(pool: Pool, dir: string): AwsSecrets {
  const key = secretVariable(
    'private_key',
    'the private key, base64 on one line',
    `spacelift/${pool.slug}/private-key`,
  );
  const values = {
    SPACELIFT_TOKEN: pool.token,
    SPACELIFT_POOL_PRIVATE_KEY: reference('ephemeral.aws_secretsmanager_secret_version.private_key.secret_string'),
  };
  return {
    variables: [key],
    main: [
      lookUp(key),
      'The key is read while applying, written on to the secret, and kept nowhere else: not in the plan, not in the state.',
      block('ephemeral', ['aws_secretsmanager_secret_version', 'private_key'], {
        secret_id: reference('data.aws_secretsmanager_secret.private_key.id'),
      }),
      block('resource', ['aws_secretsmanager_secret', 'workers'], { name_prefix: `spacelift/${pool.slug}/workers-` }),
      block('resource', ['aws_secretsmanager_secret_version', 'workers'], {
        secret_id: reference('aws_secretsmanager_secret.workers.id'),
        secret_string_wo: expression`jsonencode(${values})`,
        secret_string_wo_version: 1,
      }),
    ],
    inputs: {
      byo_secretsmanager: {
        name: reference('aws_secretsmanager_secret.workers.name'),
        arn: reference('aws_secretsmanager_secret_version.workers.arn'),
        keys: NAMES,
      },
    },
    commands: [create(String(key.value), encodeKey(dir))],
    // Ephemeral resources and write-only arguments.
    requiredVersion: '>= 1.11',
  };
}

/** The variable that names a secret. */
export function secretVariable(name: string, holds: string, value: string): Variable {
  return {
    name: `${name}_secret_name`,
    type: 'string',
    description: `Name of the secret in Secrets Manager that holds ${holds}`,
    value,
    example: value,
    pattern: ['^[A-Za-z0-9/_+=.@-]+$', 'the name of a secret'],
  };
}

/** The data source that turns a secret's name into its ARN. */
export function lookUp({ name }: Variable): Item {
  return block('data', ['aws_secretsmanager_secret', name.replace(/_secret_name$/, '')], { name: use(name) });
}

/** A command that makes a secret of what another prints; nothing secret is an argument. */
export function create(name: string, command: string): string {
  return `${command} | aws secretsmanager create-secret --name ${wordFor(name)} --secret-string file:///dev/stdin`;
}
