import { wordFor } from '../../../core/words.ts';
import { block, type Expression, type Item, reference } from '../../format/hcl/hcl.ts';
import { use, type Variable } from '../../format/hcl/variables.ts';
import type { Pool } from '../pool.ts';
import { type SecretStore, type StoredSecret, secretsToStore, secretVariable } from '../secrets.ts';

/** AWS Secrets Manager. */
export const SECRETS_MANAGER: SecretStore = { title: 'Secrets Manager', pattern: '^[A-Za-z0-9/_+=.@-]+$' };

/** What is to be said of configurations that refer to secrets and read none. */
export const NEVER_READ = 'Name and ARN alone are read: Terraform never sees what is in it.';

/** Secrets that are there already, as a configuration refers to them. */
export interface KeptSecrets {
  /** Their names. */
  readonly variables: readonly Variable[];
  /** Data sources that turn names into ARNs. */
  readonly lookUps: readonly Item[];
  /** Commands that put them there. */
  readonly commands: readonly string[];
}

/** The pool's secrets, one each. */
export function keptOneByOne(pool: Pool, dir: string): KeptSecrets {
  return kept(secretsToStore(pool, dir).map((secret) => [secret, nameOf(pool, secret)]));
}

/** Secrets by the names they get. */
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

/** The ARN of a secret that is there already. */
export function arnOf(name: string): Expression {
  return reference(`data.aws_secretsmanager_secret.${name}.arn`);
}

/** What a secret of a pool is called. */
export function nameOf({ slug }: Pool, { name }: Pick<StoredSecret, 'name'>): string {
  return `spacelift/${slug}/${name.replaceAll('_', '-')}`;
}

/** A command that makes a secret of what another prints; nothing secret is an argument. */
function create(name: string, command: string): string {
  return `${command} | aws secretsmanager create-secret --name ${wordFor(name)} --secret-string file:///dev/stdin`;
}

/** What makes the commands of AWS's own program meet the region that the configuration looks into. */
export function inRegion(region: string | undefined): readonly string[] {
  return region === undefined ? [] : [`export AWS_REGION=${wordFor(region)}`];
}
