import path from 'node:path';
import {
  datedName,
  formatJournal,
  JOURNAL_FILE,
  renderedSecrets,
  TOKEN_FILE,
  tokenFileOf,
} from '../../pool-folder/index.ts';
import { known } from '../../step/content.ts';
import type { Values } from '../../step/input.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { step } from '../../step/step.ts';
import type { PoolWithToken } from '../api/worker-pools.ts';
import { onePool } from '../pools/inputs.ts';

/** Reads the token of a pool from Spacelift, and saves it next to the key it was issued for. */
export const fetchPoolToken = step({
  id: 'fetchPoolToken',
  title: 'the token',
  inputs: onePool,
  async plan(values, planner) {
    const { chosenPoolId } = await import('../pools/open-pool.ts');
    const { otherKey } = await import('./folder-key.ts');
    const { dir } = values;
    const { isOfKey, ...fetched } = await readToken(values, await chosenPoolId(values), planner);
    if (isOfKey === false) throw otherKey(fetched.pool, dir);
    const unclear = `Nothing shows whether the token is for the key in ${dir}: compare them with spacectl keypair verify`;
    const plan = await planToken(dir, fetched, planner);
    return isOfKey ? plan : { ...plan, warnings: [...(plan.warnings ?? []), unclear] };
  },
});

/** A pool's token as Spacelift has it. */
export interface ReadToken extends PoolWithToken {
  readonly endpoint: string;
  /** Whether it is for the key in the folder; `undefined` if nothing shows it. */
  readonly isOfKey: boolean | undefined;
}

/**
 * Reads the token of a pool from Spacelift.
 * @param chosen the ID or the name of the pool
 * @throws UserError if the folder belongs to another pool
 */
export async function readToken(values: Values<typeof onePool>, chosen: string, planner: Planner): Promise<ReadToken> {
  const { withApi } = await import('../api/client.ts');
  const { fetchToken } = await import('../api/worker-pools.ts');
  const { credentialsFrom } = await import('../login/credentials.ts');
  const { findPoolId } = await import('../pools/find-pool.ts');
  const { rejectOtherFolder } = await import('../pools/existing-pool.ts');
  const { isTokenOfFolder } = await import('./folder-key.ts');
  return withApi(await credentialsFrom(values), async (api) => {
    const { endpoint } = api.credentials;
    planner.report(`contacting ${endpoint}`);
    const id = await findPoolId(api, chosen, planner.signal);
    const fetched = await fetchToken(api, id, planner.signal);
    await rejectOtherFolder(api, values.dir, fetched.pool);
    return { ...fetched, endpoint, isOfKey: await isTokenOfFolder(fetched.token, values.dir) };
  });
}

/** Plans the files of a pool whose token is known: the token under both of its names, and the journal. */
export async function planToken(
  dir: string,
  {
    pool: { id, name },
    token,
    endpoint,
  }: {
    readonly pool: { readonly id: string; readonly name: string };
    readonly token: Uint8Array;
    readonly endpoint: string;
  },
  planner: Planner,
): Promise<Plan> {
  const secret = (file: string, content: Uint8Array) =>
    planner.file({ path: path.join(dir, file), content: known(content), mode: 0o600, isSecret: true });
  const before = await planner.read(path.join(dir, TOKEN_FILE));
  const bytes = before?.isKnown ? await before.bytes() : token;
  const isReplaced = !Buffer.from(bytes).equals(token);
  const backup = datedName(TOKEN_FILE);
  const stale = isReplaced ? await renderedSecrets(dir) : [];
  const journal = formatJournal({ endpoint, name, id, state: 'created' });
  return {
    changes: [
      ...(isReplaced ? [await secret(backup, bytes)] : []),
      await secret(tokenFileOf(id), token),
      await secret(TOKEN_FILE, token),
      await planner.file({ path: path.join(dir, JOURNAL_FILE), content: known(journal) }),
    ],
    notes: isReplaced ? [`The previous token is saved as ${path.join(dir, backup)}`] : [],
    warnings: stale.length > 0 ? [`These files contain the old token; render them again: ${stale.join(', ')}`] : [],
    facts: { id, name, endpoint },
  };
}
