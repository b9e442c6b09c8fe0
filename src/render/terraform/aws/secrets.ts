import { UserError } from '../../../core/errors.ts';
import { arnOf, type KeptSecrets, kept, keptOneByOne, NEVER_READ, nameOf } from '../../cloud/aws/secrets-manager.ts';
import type { Pool } from '../../cloud/pool.ts';
import { type StoredSecret, secretsToStore } from '../../cloud/secrets.ts';
import { block, expression, type Item, reference, type Value } from '../../format/hcl/hcl.ts';
import type { Module } from '../releases/index.ts';

/** How token and private key get from Secrets Manager to the workers, and the comms variables with them. */
export interface AwsSecrets extends Omit<KeptSecrets, 'lookUps'> {
  readonly main: readonly Item[];
  /** Inputs of the module. */
  readonly inputs: Readonly<Record<string, Value>>;
  /** Variables that the module cannot take beside them, and `configuration` exports. */
  readonly exported: Readonly<Record<string, string>>;
  /** How long the name of a secret is that only Terraform knows, in bytes at most. */
  readonly nameBytes: number;
  readonly requiredVersion: string;
}

interface Given {
  readonly pool: Pool;
  readonly dir: string;
  readonly comms: Readonly<Record<string, string>>;
  /** What the user sets of the module's inputs. */
  readonly own: Readonly<Record<string, Value>>;
}

const NAMES = ['SPACELIFT_TOKEN', 'SPACELIFT_POOL_PRIVATE_KEY'] as const;

/** Secrets Manager's own limit, for names that Terraform makes from a prefix. */
const LONGEST_NAME = 512;

/** Refers to the secrets in the way the module's release has for it. @throws UserError `SPACECTL_BAD_INPUT` */
export function awsSecrets(module: Module, given: Given): AwsSecrets {
  // The plan fails where both are set (checks.tf@e09770e), and before v7 one of them always is.
  if (given.own['secure_env_vars']) throw exclusive('byo_secretsmanager', 'secure_env_vars');
  const isByVariable = 'secret_env_var_arns' in module.inputs;
  if (given.own['byo_secretsmanager']) return besideOwnSecret(given, isByVariable);
  if (isByVariable) return byVariable(given);
  return given.pool.isCreated ? madeHere(given) : byOneSecret(given);
}

/**
 * From v7 on: one secret a variable, by ARN. Only a token that Terraform made itself is a value. `env_vars` must not be
 * empty: whether the instances may read secrets by ARN without it was not read (`not_known` of aws-v7.1.0.json).
 */
function byVariable({ pool, dir, comms }: Given): AwsSecrets {
  const { lookUps, ...secrets } = keptOneByOne(pool, dir);
  const plain = Object.keys(comms).length > 0 ? comms : { SPACELIFT_METADATA_provisioner: 'spacectl' };
  const token = pool.token ? { SPACELIFT_TOKEN: { value: pool.token, sensitive: true } } : {};
  return {
    ...secrets,
    main: [NEVER_READ, ...lookUps],
    inputs: {
      env_vars: { ...token, ...Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, { value }])) },
      secret_env_var_arns: arnsFor(pool.token ? ['SPACELIFT_POOL_PRIVATE_KEY'] : NAMES),
    },
    exported: {},
    nameBytes: arnBytes(nameOf(pool, { name: 'private_key' })),
    requiredVersion: '>= 1.5',
  };
}

/** A JSON secret of the user's excludes `env_vars`, so the comms variables are exported instead. */
function besideOwnSecret({ pool, dir, comms, own }: Given, isByVariable: boolean): AwsSecrets {
  const { keys } = own['byo_secretsmanager'] as { readonly keys?: unknown };
  if (own['env_vars']) throw exclusive('byo_secretsmanager', 'env_vars');
  const missing = NAMES.filter((name) => !Array.isArray(keys) || !keys.includes(name));
  if (missing.length > 0 && (!isByVariable || (pool.isCreated && missing.includes('SPACELIFT_TOKEN')))) {
    throw new UserError(
      'SPACECTL_BAD_INPUT',
      `--module-input byo_secretsmanager: its keys lack ${missing.join(', ')}`,
      {
        suggestions: [
          `Add ${missing.join(' and ')} to the secret and to keys`,
          ...(pool.isCreated ? ['Create the pool first, and pass --pool-id: the secret excludes env_vars'] : []),
        ],
      },
    );
  }
  const { lookUps, ...secrets } = keptOneByOne(pool, dir);
  const [variables, commands, main] =
    missing.length > 0 ? [secrets.variables, secrets.commands, lookUps] : [[], [], []];
  return {
    variables,
    commands,
    main,
    inputs: missing.length > 0 ? { secret_env_var_arns: arnsFor(missing) } : {},
    exported: comms,
    nameBytes: LONGEST_NAME,
    requiredVersion: '>= 1.5',
  };
}

/** Before v7: one secret with both, as JSON on one line. */
function byOneSecret({ pool, dir, comms }: Given): AwsSecrets {
  const secret = {
    name: 'workers',
    holds: 'token and private key, as JSON on one line',
    command: asJson(secretsToStore(pool, dir)),
  };
  const path = `spacelift/${pool.slug}`;
  const { lookUps, ...secrets } = kept([[secret, path]]);
  return {
    ...secrets,
    main: [NEVER_READ, ...lookUps],
    inputs: secretInput(reference('data.aws_secretsmanager_secret.workers.name'), arnOf('workers')),
    exported: comms,
    nameBytes: path.length,
    requiredVersion: '>= 1.5',
  };
}

/** Before v7, for a pool that is created here: the secret with both is put together without the key in the state. */
function madeHere({ pool, dir, comms }: Given): AwsSecrets {
  const { lookUps, ...key } = keptOneByOne(pool, dir);
  const prefix = `spacelift/${pool.slug}/workers-`;
  return {
    ...key,
    main: [...lookUps, ...putTogether(pool, prefix)],
    inputs: secretInput(
      reference('aws_secretsmanager_secret.workers.name'),
      reference('aws_secretsmanager_secret_version.workers.arn'),
    ),
    exported: comms,
    // Terraform adds 26 characters to a prefix.
    nameBytes: prefix.length + 26,
    // Ephemeral resources and write-only arguments.
    requiredVersion: '>= 1.11',
  };
}

function putTogether({ token }: Pool, prefix: string): readonly Item[] {
  const values = {
    SPACELIFT_TOKEN: token,
    SPACELIFT_POOL_PRIVATE_KEY: reference('ephemeral.aws_secretsmanager_secret_version.private_key.secret_string'),
  };
  return [
    'The key is read while applying, written on to the secret, and kept nowhere else: not in the plan, not in the state.',
    block('ephemeral', ['aws_secretsmanager_secret_version', 'private_key'], {
      secret_id: reference('data.aws_secretsmanager_secret.private_key.id'),
    }),
    block('resource', ['aws_secretsmanager_secret', 'workers'], { name_prefix: prefix }),
    'Terraform cannot compare what it does not keep: the secret is written again when this number changes, with the token.',
    block('resource', ['aws_secretsmanager_secret_version', 'workers'], {
      secret_id: reference('aws_secretsmanager_secret.workers.id'),
      secret_string_wo: expression`jsonencode(${values})`,
      secret_string_wo_version: expression`parseint(substr(sha256(${token ?? null}), 0, 12), 16)`,
    }),
  ];
}

function exclusive(one: string, other: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', `--module-input ${other}: the module excludes it beside ${one}`, {
    suggestions: [
      'Pass plain variables with --env',
      `Keep secret ones in a JSON secret of your own: --module-input ${one}`,
    ],
  });
}

function secretInput(name: Value, arn: Value): Readonly<Record<string, Value>> {
  return { byo_secretsmanager: { name, arn, keys: NAMES } };
}

function arnsFor(names: readonly (typeof NAMES)[number][]): Value {
  const secretOf = { SPACELIFT_TOKEN: 'token', SPACELIFT_POOL_PRIVATE_KEY: 'private_key' } as const;
  return Object.fromEntries(names.map((name) => [name, arnOf(secretOf[name])]));
}

/** `arn:aws-us-gov:secretsmanager:REGION:ACCOUNT:secret:NAME-` and six characters; regions have 14 at most. */
function arnBytes(name: string): number {
  return 'arn:aws-us-gov:secretsmanager::123456789012:secret:-abcdef'.length + 14 + name.length;
}

/** Returns the shell command that prints both secrets as the module reads them: a line break would end its environment file. */
function asJson(secrets: readonly StoredSecret[]): string {
  const [token, key] = secrets;
  const shape = '{SPACELIFT_TOKEN: ($token | rtrimstr("\\n")), SPACELIFT_POOL_PRIVATE_KEY: ($key | rtrimstr("\\n"))}';
  return `jq -nc --rawfile token ${token?.file} --rawfile key <(${key?.command}) '${shape}'`;
}
