/** The pool's token. The file downloaded from Spacelift is called `worker-pool-<id>.config`. */
export const TOKEN_FILE = 'worker-pool.config';

/** The journal: which pool a directory belongs to, and the state of its creation. */
export const JOURNAL_FILE = 'worker-pool.json';

/** The lock that is held while the pool is created or reset, or its key is rotated. */
export const LOCK_FILE = '.spacectl.lock';

/** Returns the file name of a pool's token, the same as that of Spacelift's download. */
export function tokenFileOf(id: string): string {
  return `worker-pool-${id}.config`;
}

/** What the user wants of the pool: the answers of `spacectl init`, and the input of every other command. */
export const POOL_FILE = 'spacectl.yaml';

/** The JSON Schema of that file, for editors; `spacectl schema` prints the same. */
export const SCHEMA_FILE = 'spacectl.schema.json';
