/** The pool's token in the pool's folder; the vendor's download is called `worker-pool-<id>.config`. */
export const TOKEN_FILE = 'worker-pool.config';

/** Which pool a folder belongs to, and how far its creation got. */
export const JOURNAL_FILE = 'worker-pool.json';

/** Held while a folder's pool is created, reset or gets another key. */
export const LOCK_FILE = '.spacectl.lock';

/** The file of a pool's token, called as the vendor's own download is. */
export function tokenFileOf(id: string): string {
  return `worker-pool-${id}.config`;
}
