import { arnOf, keptOneByOne, NEVER_READ, nameOf } from '../cloud/aws/secrets-manager.ts';
import type { Pool } from '../cloud/pool.ts';
import { block, type Item, reference } from '../format/hcl/hcl.ts';
import { use } from '../format/hcl/variables.ts';

/** Returns both secrets by ARN, as tasks take them. A token that the configuration creates gets its own secret. */
export function ecsSecrets(pool: Pool, dir: string, kmsKey: string | undefined) {
  const { variables, lookUps, commands } = keptOneByOne(pool, dir);
  const made: readonly Item[] = [
    block('resource', ['aws_secretsmanager_secret', 'token'], {
      name_prefix: `${nameOf(pool, { name: 'token' })}-`,
      kms_key_id: kmsKey === undefined ? undefined : use('kms_key_arn'),
    }),
    block('resource', ['aws_secretsmanager_secret_version', 'token'], {
      secret_id: reference('aws_secretsmanager_secret.token.id'),
      secret_string: pool.token,
    }),
  ];
  return {
    variables,
    commands: commands.map((command) => (kmsKey === undefined ? command : `${command} --kms-key-id ${kmsKey}`)),
    main: [...(pool.isCreated ? made : []), NEVER_READ, ...lookUps],
    arns: {
      token: pool.isCreated ? reference('aws_secretsmanager_secret_version.token.arn') : arnOf('token'),
      key: arnOf('private_key'),
    },
  };
}
