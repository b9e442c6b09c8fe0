/** The pool's token in the pool's folder; the vendor's download is called `worker-pool-<id>.config`. */
export const TOKEN_FILE = 'worker-pool.config';
