import path from 'node:path';
import { TOKEN_FILE } from '../../pool-folder/index.ts';
import { later } from '../../step/content.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { directory } from '../../step/shared.ts';
import { step } from '../../step/step.ts';
import type { PoolWithToken } from '../api/worker-pools.ts';
import { login, profile } from '../login/inputs.ts';
import { requestOf } from '../tokens/certificate-request.ts';
import { planToken } from '../tokens/fetch-token-step.ts';
import { description, driftLimit, label, name, space } from './inputs.ts';

/** Creates the worker pool from the folder's certificate request, and saves its token next to the key. */
export const createWorkerPool = step({
  id: 'createWorkerPool',
  title: 'the worker pool',
  inputs: { dir: directory, profile, ...login, name, space, description, label, 'drift-limit': driftLimit },
  async plan({ dir, name: called, ...values }, planner) {
    const { createApi } = await import('../api/client.ts');
    const { credentialsFrom } = await import('../login/credentials.ts');
    const { createOnce, findOtherPools } = await import('./create.ts');
    const { findExistingPool } = await import('./existing-pool.ts');
    const csr = await requestOf(dir, planner);
    const api = createApi(await credentialsFrom(values));
    const { endpoint } = api.credentials;
    planner.report(`contacting ${endpoint}`);
    const present = await findExistingPool(api, { dir, name: called }, planner.signal);
    if (present) return planExistingPool(dir, present, endpoint, planner);

    const settings = {
      name: called,
      description: values.description,
      ...(values.label.length > 0 && { labels: values.label }),
      space: values.space,
      driftDetectionRunLimit: values['drift-limit'],
    };
    let token: Uint8Array | undefined;
    const create = planner.action({
      title: `Create the worker pool "${called}" at ${endpoint}`,
      async run(signal) {
        const made = await createOnce(api, { dir, settings, csr: await csr.bytes() }, signal);
        token = made.token;
        const others = await findOtherPools(api, made, signal);
        api.close();
        const { id } = made.pool;
        return {
          notes: [`Worker pool "${called}" has the ID ${id}; its token is saved in ${dir}`],
          warnings: others.length > 0 ? [`Other worker pools are also named "${called}": ${others.join(', ')}`] : [],
          facts: { id },
        };
      },
    });
    const content = later(async () => {
      if (token) return token;
      throw new Error('the token was read before the pool was created');
    });
    return {
      changes: [create, await planner.file({ path: path.join(dir, TOKEN_FILE), content, mode: 0o600, isSecret: true })],
      facts: { name: called, endpoint },
    };
  },
});

/** Plans for a pool that exists: writes the files that an interrupted run did not write. */
async function planExistingPool(
  dir: string,
  { pool, token }: PoolWithToken,
  endpoint: string,
  planner: Planner,
): Promise<Plan> {
  const title = `Create the worker pool "${pool.name}" at ${endpoint}`;
  const { changes, notes = [], ...rest } = await planToken(dir, { pool, token, endpoint }, planner);
  return {
    ...rest,
    changes: [planner.action({ title, status: 'unchanged', run: async () => {} }), ...changes],
    notes: [`Worker pool "${pool.name}" (${pool.id}) already exists; its settings were not changed`, ...notes],
  };
}
