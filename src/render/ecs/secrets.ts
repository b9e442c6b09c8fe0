import { arnOf, keptOneByOne, NEVER_READ, nameOf } from '../cloud/aws/secrets-manager.ts';
import type { Pool } from '../cloud/pool.ts';
import { block, type Item, reference } from '../format/hcl/hcl.ts';

/** Both secrets by ARN, as tasks take them; a token that is made here is put into a secret of its own. */
export function ecsSecrets(pool: Pool, dir: string) {
  const { variables, lookUps, commands } = keptOneByOne(pool, dir);
  const made: readonly Item[] = [
    block('resource', ['aws_secretsmanager_secret', 'token'], { name_prefix: `${nameOf(pool, { name: 'token' })}-` }),
    block('resource', ['aws_secretsmanager_secret_version', 'token'], {
      secret_id: reference('aws_secretsmanager_secret.token.id'),
      secret_string: pool.token,
    }),
  ];
  return {
    variables,
    commands,
    main: [...(pool.isCreated ? made : []), NEVER_READ, ...lookUps],
    arns: {
      token: pool.isCreated ? reference('aws_secretsmanager_secret_version.token.arn') : arnOf('token'),
      key: arnOf('private_key'),
    },
  };
}
