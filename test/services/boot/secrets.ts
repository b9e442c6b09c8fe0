import type { Cloud } from './world.ts';

/** What the secrets of the pool are called in each cloud's store, where a boot is not planned by Terraform. */
export const SECRETS = {
  aws: { both: 'spacelift/pool' },
  azure: { token: 'my-vault/pool-token', key: 'my-vault/pool-private-key' },
  gcp: { token: 'my-project/pool-token', key: 'my-project/pool-private-key' },
} as const;

/** A cloud's secret store with the secrets of a pool, as spacectl's own commands put them there. */
export function secretsOf(cloud: Cloud, token: string, key: string): Record<string, string> {
  if (cloud !== 'aws') return { [SECRETS[cloud].token]: token, [SECRETS[cloud].key]: key };
  return { [SECRETS.aws.both]: bothSecrets(token, key) };
}

/** Both secrets as the JSON secret of AWS before v7 holds them. */
export function bothSecrets(token: string, key: string): string {
  return JSON.stringify({ SPACELIFT_TOKEN: token, SPACELIFT_POOL_PRIVATE_KEY: key });
}
