import type { Pool } from '../../cloud/pool.ts';
import { type SecretStore, type StoredSecret, secretsToStore, secretVariable } from '../../cloud/secrets.ts';
import { block, expression, type Item, reference } from '../../format/hcl/hcl.ts';
import { use, type Variable } from '../../format/hcl/variables.ts';
import { mayRead } from './identity.ts';

const KEY_VAULT: SecretStore = { title: 'the Key Vault', pattern: '^[A-Za-z0-9-]{1,127}$' };

/** Returns the name of a secret. It includes the pool's, because several pools may share a vault. */
function nameOf({ slug }: Pool, { name }: Pick<StoredSecret, 'name'>): string {
  return `spacelift-${slug}-${name.replace('_', '-')}`;
}

/** Returns what a configuration needs to use the secrets in a Key Vault, and the commands that put them there. */
export function keyVaultSecrets(pool: Pool, dir: string, vault: string) {
  const secrets = secretsToStore(pool, dir);
  return {
    variables: secrets.map((secret): Variable => secretVariable(KEY_VAULT, secret, nameOf(pool, secret))),
    main: secretsFor(pool),
    /** No secret is an argument or printed. */
    commands: secrets.map((secret) => {
      const { file, command } = secret;
      const set = `az keyvault secret set --vault-name ${vault} --name ${nameOf(pool, secret)} --encoding utf-8 --output none --file`;
      return file === undefined ? `${command} | ${set} /dev/stdin` : `${set} ${file}`;
    }),
  };
}

/** Returns an identity that may read the secrets, and the token if the configuration creates it. */
function secretsFor(pool: Pool): readonly Item[] {
  const token = block('resource', ['azurerm_key_vault_secret', 'token'], {
    name: nameOf(pool, { name: 'token' }),
    value: pool.token,
    key_vault_id: reference('data.azurerm_key_vault.secrets.id'),
  });
  return [
    block('data', ['azurerm_key_vault', 'secrets'], {
      name: use('key_vault_name'),
      resource_group_name: use('key_vault_resource_group_name'),
    }),
    block('resource', ['azurerm_user_assigned_identity', 'workers'], {
      name: expression`"spacelift-\${lower(${pool.id})}"`,
      resource_group_name: reference('data.azurerm_resource_group.workers.name'),
      location: reference('data.azurerm_resource_group.workers.location'),
    }),
    mayRead('secrets', reference('data.azurerm_key_vault.secrets.id'), 'Key Vault Secrets User'),
    ...(pool.isCreated ? [token] : []),
  ];
}
