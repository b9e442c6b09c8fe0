import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { formatJournal, JOURNAL_FILE, LOCK_FILE, TOKEN_FILE, tokenFileOf } from '../../pool-folder/index.ts';
import { known, later } from '../../step/content.ts';
import type { Planner } from '../../step/plan.ts';
import { directory } from '../../step/shared.ts';
import { step } from '../../step/step.ts';
import { description, driftLimit, label, login, name, profile, space } from '../inputs.ts';
import { requestOf } from './certificate-request.ts';

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
    const { waitForLock } = await import('../../files/lock.ts');
    const csr = await requestOf(dir, planner);
    const api = createApi(await credentialsFrom(values));
    const { endpoint } = api.credentials;
    planner.report(`contacting ${endpoint}`);
    const look = () => findExistingPool(api, { dir, name: called }, planner.signal);
    const present = await look().catch(async (error: unknown) => {
      if (!(error instanceof UserError && error.code === 'SPACECTL_POOL_EXISTS')) throw error;
      // A token that seems lost may belong to another run, which holds the lock until it has saved the token.
      await waitForLock(path.resolve(dir, LOCK_FILE), planner.signal);
      return look();
    });
    if (present) return planExistingPool(dir, present, endpoint, planner);

    const settings = {
      name: called,
      description: values.description,
      labels: values.label,
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
  { pool, token }: { readonly pool: { readonly id: string; readonly name: string }; readonly token: Uint8Array },
  endpoint: string,
  planner: Planner,
) {
  const { id, name: called } = pool;
  const secret = (file: string) =>
    planner.file({ path: path.join(dir, file), content: known(token), mode: 0o600, isSecret: true });
  const journal = formatJournal({ endpoint, name: called, id, state: 'created' });
  return {
    changes: [
      planner.action({
        title: `Create the worker pool "${called}" at ${endpoint}`,
        status: 'unchanged',
        run: async () => {},
      }),
      await secret(tokenFileOf(id)),
      await secret(TOKEN_FILE),
      await planner.file({ path: path.join(dir, JOURNAL_FILE), content: known(journal) }),
    ],
    notes: [`Worker pool "${called}" (${id}) already exists; its settings were not changed`],
    facts: { name: called, endpoint, id },
  };
}
