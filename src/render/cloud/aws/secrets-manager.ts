import { quoteIfNeededForPosix } from '../../../core/text.ts';
import { block, type Expression, type Item, reference } from '../../format/hcl/hcl.ts';
import { use, type Variable } from '../../format/hcl/variables.ts';
import type { Pool } from '../pool.ts';
import { type SecretStore, type StoredSecret, secretsToStore, secretVariable } from '../secrets.ts';

/** AWS Secrets Manager. */
export const SECRETS_MANAGER: SecretStore = { title: 'Secrets Manager', pattern: '^[A-Za-z0-9/_+=.@-]+$' };

/** A comment for configurations that refer to secrets without reading them. */
export const NEVER_READ = 'Terraform reads only the name and the ARN, never the secret itself.';

/** Existing secrets, as a configuration refers to them. */
export interface KeptSecrets {
  /** The variables that hold their names. */
  readonly variables: readonly Variable[];
  /** Data sources that turn names into ARNs. */
  readonly lookUps: readonly Item[];
  /** Commands that create them. */
  readonly commands: readonly string[];
}

/** Keeps each of the pool's secrets as a secret of its own. */
export function keptOneByOne(pool: Pool, dir: string): KeptSecrets {
  return kept(secretsToStore(pool, dir).map((secret) => [secret, nameOf(pool, secret)]));
}

/** Keeps secrets under the given names. */
export function kept(
  secrets: readonly (readonly [secret: Pick<StoredSecret, 'holds' | 'command'> & { name: string }, path: string])[],
): KeptSecrets {
  return {
    variables: secrets.map(([secret, path]) => secretVariable(SECRETS_MANAGER, secret, path)),
    lookUps: secrets.map(([{ name }]) =>
      block('data', ['aws_secretsmanager_secret', name], { name: use(`${name}_secret_name`) }),
    ),
    commands: secrets.map(([{ command }, path]) => create(path, command)),
  };
}

/** Returns the ARN of an existing secret. */
export function arnOf(name: string): Expression {
  return reference(`data.aws_secretsmanager_secret.${name}.arn`);
}

/** Returns the name of a pool's secret. */
export function nameOf({ slug }: Pool, { name }: Pick<StoredSecret, 'name'>): string {
  return `spacelift/${slug}/${name.replaceAll('_', '-')}`;
}

/** Returns a command that creates a secret from what another prints. No secret is an argument. */
function create(name: string, command: string): string {
  return `${command} | aws secretsmanager create-secret --name ${quoteIfNeededForPosix(name)} --secret-string file:///dev/stdin`;
}

/** Makes AWS CLI commands use the region of the configuration. Version 1 reads only AWS_DEFAULT_REGION (seen with 1.45). */
export function inRegion(region: string | undefined): readonly string[] {
  if (region === undefined) return [];
  const word = quoteIfNeededForPosix(region);
  return [`export AWS_REGION=${word} AWS_DEFAULT_REGION=${word}`];
}
