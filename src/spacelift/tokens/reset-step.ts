import path from 'node:path';
import { counted } from '../../core/text.ts';
import { findKeptToken, readJournal, renderedSecrets, TOKEN_FILE } from '../../pool-folder/index.ts';
import { known, later } from '../../step/content.ts';
import type { Values } from '../../step/input.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { directory } from '../../step/shared.ts';
import { step } from '../../step/step.ts';
import { login } from '../login/inputs.ts';
import { confirm, confirmation, onePool } from '../pools/inputs.ts';
import { managedElsewhere } from '../pools/managed-pool.ts';
import { requestOf } from './certificate-request.ts';
import { planToken, readToken } from './fetch-token-step.ts';

const resetInputs = { ...onePool, confirm } as const;

/** Gets a new token for an existing pool, with the folder's certificate request. */
export const resetWorkerPool = step({
  id: 'resetWorkerPool',
  title: 'the new token',
  canForce: true,
  inputs: { ...resetInputs, confirm: confirmation },
  plan: planReset,
});

/**
 * Gets the token of an existing pool for the wizard: the one in the folder, or the one that Spacelift has if it is for the
 * folder's key. Only without either is the pool reset.
 */
export const adoptWorkerPool = step({
  id: 'adoptWorkerPool',
  title: 'the worker pool',
  canForce: true,
  inputs: { ...resetInputs, ...login, dir: directory },
  async plan(values, planner) {
    const { chosenPoolId } = await import('../pools/open-pool.ts');
    const [id, journal] = [await chosenPoolId(values), await readJournal(values.dir)];
    const kept = await findKeptToken(values.dir, id, journal);
    if (!kept) {
      const read = await readToken(values, id, planner);
      return read.isOfKey ? planToken(values.dir, read, planner) : planReset(values, planner);
    }
    const file = { path: path.join(values.dir, TOKEN_FILE), content: known(kept), mode: 0o600, isSecret: true };
    return { changes: [await planner.file(file)], facts: { id } };
  },
});

async function planReset(values: Values<typeof resetInputs>, planner: Planner): Promise<Plan> {
  const { openPool } = await import('../pools/open-pool.ts');
  const { resetOnce } = await import('./reset.ts');
  const { rejectOtherFolder } = await import('../pools/existing-pool.ts');
  const { dir } = values;
  const csr = await requestOf(dir, planner);
  const { api, pool } = await openPool(values, planner.signal);
  await rejectOtherFolder(api, dir, pool);
  let token: Uint8Array | undefined;
  const reset = planner.action({
    title: `Reset the worker pool "${pool.name}" (${pool.id}): earlier tokens stop working`,
    status: 'change',
    refusal: managedElsewhere(pool, 'reset'),
    async run(signal) {
      token = (await resetOnce(api, { dir, id: pool.id, csr: await csr.bytes() }, signal)).token;
      api.close();
    },
  });
  const content = later(async () => {
    if (token) return token;
    throw new Error('the token was read before the pool was reset');
  });
  const stale = await renderedSecrets(dir);
  return {
    changes: [reset, await planner.file({ path: path.join(dir, TOKEN_FILE), content, mode: 0o600, isSecret: true })],
    warnings: [
      ...(pool.workers.length > 0
        ? [`The reset cuts off ${counted(pool.workers.length, 'worker')} of the pool, with the old token`]
        : []),
      ...(stale.length > 0 ? [`These files contain the old token; render them again: ${stale.join(', ')}`] : []),
    ],
    facts: { id: pool.id, name: pool.name, endpoint: api.credentials.endpoint, stale },
  };
}
