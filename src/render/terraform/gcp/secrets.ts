import type { Pool } from '../../cloud/pool.ts';
import { type SecretStore, type StoredSecret, secretsToStore, secretVariable } from '../../cloud/secrets.ts';
import { BLANK, block, type Item, reference, type Value } from '../../format/hcl/hcl.ts';
import { use, type Variable } from '../../format/hcl/variables.ts';
import { accountName } from './names.ts';

const SECRET_MANAGER: SecretStore = { title: 'Secret Manager', pattern: '^[A-Za-z0-9_-]{1,255}$' };

/** Returns the name of a secret. It includes the pool's, because several pools may share a project. */
function nameOf({ slug }: Pool, { name }: Pick<StoredSecret, 'name'>): string {
  return `spacelift-${slug}-${name.replace('_', '-')}`;
}

/** Returns what a configuration needs to use the secrets in Secret Manager, and the commands that put them there. */
export function secretManagerSecrets(pool: Pool, dir: string, project: string) {
  const secrets = secretsToStore(pool, dir);
  return {
    variables: secrets.map((secret): Variable => secretVariable(SECRET_MANAGER, secret, nameOf(pool, secret))),
    main: secretsFor(pool),
    /** No secret is an argument. */
    commands: secrets.map((secret) => {
      const { file, command } = secret;
      const create = `gcloud secrets create ${nameOf(pool, secret)} --project=${project} --replication-policy=automatic --data-file=`;
      return file === undefined ? `${command} | ${create}-` : `${create}${file}`;
    }),
  };
}

/** Returns a service account that may read the secrets, and the token if the configuration creates it. */
function secretsFor(pool: Pool): readonly Item[] {
  const made = [
    block(
      'resource',
      ['google_secret_manager_secret', 'token'],
      { secret_id: nameOf(pool, { name: 'token' }) },
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
      account_id: accountName(pool),
      display_name: 'Spacelift workers',
    }),
    ...(pool.isCreated ? made : []),
    mayRead('token', pool.isCreated ? reference('google_secret_manager_secret.token.id') : use('token_secret_name')),
    mayRead('private_key', use('private_key_secret_name')),
  ];
}
