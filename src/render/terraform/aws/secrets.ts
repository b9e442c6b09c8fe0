import { UserError } from '../../../core/errors.ts';
import { arnOf, type KeptSecrets, kept, keptOneByOne, NEVER_READ, nameOf } from '../../cloud/aws/secrets-manager.ts';
import type { Pool } from '../../cloud/pool.ts';
import { type StoredSecret, secretsToStore } from '../../cloud/secrets.ts';
import { block, expression, type Item, reference, type Value } from '../../format/hcl/hcl.ts';
import type { Module } from '../releases/index.ts';

/** How the token, the private key and the comms variables get to the workers. */
export interface AwsSecrets extends Omit<KeptSecrets, 'lookUps'> {
  readonly main: readonly Item[];
  /** Inputs of the module. */
  readonly inputs: Readonly<Record<string, Value>>;
  /** Variables that the module cannot take in addition, so `configuration` exports them. */
  readonly exported: Readonly<Record<string, string>>;
  /** The maximum length of a secret's name that only Terraform knows, in bytes. */
  readonly nameBytes: number;
  readonly requiredVersion: string;
}

interface Given {
  readonly pool: Pool;
  readonly dir: string;
  readonly comms: Readonly<Record<string, string>>;
  /** The module inputs that the user sets. */
  readonly own: Readonly<Record<string, Value>>;
}

const NAMES = ['SPACELIFT_TOKEN', 'SPACELIFT_POOL_PRIVATE_KEY'] as const;

/** The limit of Secrets Manager, for names that Terraform creates from a prefix. */
const LONGEST_NAME = 512;

/** Refers to the secrets in the way that the module's release supports. @throws UserError `SPACECTL_BAD_INPUT` */
export function awsSecrets(module: Module, given: Given): AwsSecrets {
  // The module's plan fails if both are set (checks.tf@e09770e), and before v7 one of them always is.
  if (given.own['secure_env_vars']) throw exclusive('byo_secretsmanager', 'secure_env_vars');
  const isByVariable = 'secret_env_var_arns' in module.inputs;
  if (given.own['byo_secretsmanager']) return besideOwnSecret(given, isByVariable);
  if (isByVariable) return byVariable(given);
  return given.pool.isCreated ? madeHere(given) : byOneSecret(given);
}

/**
 * From v7 on: one secret for each variable, by ARN. Only a token that Terraform created is a value. `env_vars` must not be
 * empty, because it is not known whether the instances may read secrets by ARN without it (`not_known` of aws-v7.1.0.json).
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

/** With the user's own JSON secret, the module refuses `env_vars`, so the comms variables are exported instead. */
function besideOwnSecret({ pool, dir, comms, own }: Given, isByVariable: boolean): AwsSecrets {
  const { keys } = own['byo_secretsmanager'] as { readonly keys?: unknown };
  if (own['env_vars']) throw exclusive('byo_secretsmanager', 'env_vars');
  const missing = NAMES.filter((name) => !Array.isArray(keys) || !keys.includes(name));
  if (missing.length > 0 && (!isByVariable || (pool.isCreated && missing.includes('SPACELIFT_TOKEN')))) {
    throw new UserError(
      'SPACECTL_BAD_INPUT',
      `--module-input byo_secretsmanager: its keys do not include ${missing.join(', ')}`,
      {
        suggestions: [
          `Add ${missing.join(' and ')} to the secret and to keys`,
          ...(pool.isCreated ? ['Create the pool first, and pass --pool-id'] : []),
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
    holds: 'the token and the private key, as JSON on one line',
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

/** Before v7, for a pool that the configuration creates: one secret with both, without the key in the state. */
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
    'Terraform reads the key while it applies and writes it to the secret. The key is not in the plan or the state.',
    block('ephemeral', ['aws_secretsmanager_secret_version', 'private_key'], {
      secret_id: reference('data.aws_secretsmanager_secret.private_key.id'),
    }),
    block('resource', ['aws_secretsmanager_secret', 'workers'], { name_prefix: prefix }),
    'Terraform does not keep the value, so it cannot compare it. It writes the secret again when this number changes with the token.',
    block('resource', ['aws_secretsmanager_secret_version', 'workers'], {
      secret_id: reference('aws_secretsmanager_secret.workers.id'),
      secret_string_wo: expression`jsonencode(${values})`,
      secret_string_wo_version: expression`parseint(substr(sha256(${token ?? null}), 0, 12), 16)`,
    }),
  ];
}

function exclusive(one: string, other: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', `--module-input ${other}: the module refuses it together with ${one}`, {
    suggestions: [
      'Pass variables that are not secret with --env',
      `Keep secret variables in your own JSON secret: --module-input ${one}`,
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

/** `arn:aws-us-gov:secretsmanager:REGION:ACCOUNT:secret:NAME-` and six characters; regions have at most 14. */
function arnBytes(name: string): number {
  return 'arn:aws-us-gov:secretsmanager::123456789012:secret:-abcdef'.length + 14 + name.length;
}

/** Returns the shell command that prints both secrets as the module reads them: a line break would break its environment file. */
function asJson(secrets: readonly StoredSecret[]): string {
  const [token, key] = secrets;
  const shape = '{SPACELIFT_TOKEN: ($token | rtrimstr("\\n")), SPACELIFT_POOL_PRIVATE_KEY: ($key | rtrimstr("\\n"))}';
  return `jq -nc --rawfile token ${token?.file} --rawfile key <(${key?.command}) '${shape}'`;
}
