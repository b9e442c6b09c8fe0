import { optionalText, text } from '../../step/input.ts';
import { inquiry } from '../../step/inquiry.ts';
import { seconds, wholeNumber } from '../../step/parsers.ts';
import { credentialsChoice } from '../login/inputs.ts';
import { onePool } from './inputs.ts';

/** Lists all worker pools of the account. */
export const allPools = inquiry({
  inputs: credentialsChoice,
  async run(choice, signal) {
    const { credentialsFrom } = await import('../login/credentials.ts');
    const { withApi } = await import('../api/client.ts');
    const { listPools } = await import('../api/worker-pools.ts');
    return withApi(await credentialsFrom(choice), (api) => listPools(api, signal));
  },
});

/** Gets one worker pool with its workers. */
export const openedPool = inquiry({
  inputs: onePool,
  async run(choice, signal) {
    const { openPool } = await import('./open-pool.ts');
    const { api, pool } = await openPool(choice, signal);
    api.close();
    return pool;
  },
});

/** Gets one worker pool with its workers, and compares the folder's token with the pool's. */
export const shownPool = inquiry({
  inputs: onePool,
  async run(choice, signal) {
    const { openPool } = await import('./open-pool.ts');
    const { tokenStateOf } = await import('../tokens/token-state.ts');
    const { api, pool } = await openPool(choice, signal);
    try {
      return { pool, token: await tokenStateOf(api, { dir: choice.dir, id: pool.id }, signal) };
    } finally {
      api.close();
    }
  },
});

/** Polls one worker pool; the caller stops when it has seen enough. */
export const watchedPool = inquiry({
  inputs: {
    ...onePool,
    every: text({
      summary: 'Seconds between two requests',
      placeholder: 'SECONDS',
      asked: false,
      default: '5',
      parse: seconds(9_999),
    }),
    looks: optionalText({
      summary: 'Stop after this many requests; by default, continue until interrupted',
      placeholder: 'N',
      parse: wholeNumber({ least: 1, most: 999_999_999 }),
    }),
  },
  async run({ every, looks = Number.POSITIVE_INFINITY, ...choice }, signal) {
    const { openAccount } = await import('./open-pool.ts');
    const { watchPool } = await import('./watch.ts');
    const { api, id } = await openAccount(choice, signal);
    return watchPool(api, id, { every: every * 1000, looks, signal });
  },
});
