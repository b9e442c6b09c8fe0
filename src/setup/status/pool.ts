import path from 'node:path';
import { counted, quoteIfNeeded } from '../../core/text.ts';
import { CSR_FILE } from '../../pki/index.ts';
import { poolIdIn, readJournal, tokenFilesIn } from '../../pool-folder/index.ts';
import { hasCredentials, type PoolStanding, standingOf } from '../../spacelift/index.ts';
import { isCheckout } from '../checkout.ts';
import { tokenOf } from './key.ts';
import { attention, type Finding, good, look, none, type Thing, unknown } from './thing.ts';

/** What says which pool the folder belongs to, and how to log in. */
export interface PoolAnswers {
  readonly dir: string;
  /** What says that no network is used, if it is said. */
  readonly offline: string | undefined;
  readonly 'pool-id'?: string | undefined;
  readonly profile?: string | undefined;
  /** The name of the pool to create, if spacectl.yaml has it. */
  readonly name?: string | undefined;
  /** Whether the directory has an API key of its own to log in with. */
  readonly hasApiKey: boolean;
  readonly creator: PoolCreator;
}

/** What creates the pool besides `workerpool create`. */
export interface PoolCreator {
  /** The configuration that does, such as `ecs`. */
  readonly name?: string | undefined;
  /** Whether that is the only way: another pool is not wanted. */
  readonly isOnly: boolean;
}

/** Looks at the pool, its token and its workers; all are read at Spacelift where there are credentials. */
export async function poolThings(answers: PoolAnswers, signal: AbortSignal): Promise<readonly Thing[]> {
  const { dir } = answers;
  const journal = await readJournal(dir);
  const id = answers['pool-id'] ?? journal?.id ?? (await poolIdIn(dir));
  const [file] = tokenFilesIn(dir);
  let standing: PoolStanding | undefined;
  const pool = await look('pool', 'Worker pool', async () => {
    if (id === undefined) return withoutId(answers, file !== undefined);
    const named = journal ? `${journal.name} (${id}) at ${journal.endpoint}` : id;
    if (answers.offline !== undefined) return unknown(`${named}; not looked up in Spacelift (${answers.offline})`);
    standing = await standingOf({ dir, id, profile: answers.profile }, signal);
    if (!standing) return unknown(`${named}; no Spacelift credentials to look it up`, 'spacectl profile login ALIAS');
    return good(`${standing.pool.name} (${id})`);
  });
  const token = await look('token', 'Pool token', async () => tokenFinding({ dir, file, id, standing }));
  const workers = standing ? [{ id: 'workers', title: 'Workers', ...workersFinding(dir, standing) }] : [];
  return [pool, token, ...workers];
}

async function withoutId(answers: PoolAnswers, hasToken: boolean): Promise<Finding> {
  const { dir, creator, name, hasApiKey, offline, profile } = answers;
  if (creator.name !== undefined && creator.isOnly)
    return none(`the Terraform configuration in ${creator.name} creates it`);
  if (hasToken) return unknown('the token does not name its pool');
  if (isCheckout(dir)) return unknown('neither spacectl.yaml nor worker-pool.json names it');
  // A name in spacectl.yaml is read there.
  const called = name === undefined ? ` --name ${quoteIfNeeded(path.basename(path.resolve(dir)) || 'workers')}` : '';
  const create = `spacectl workerpool create${called} --dir ${quoteIfNeeded(dir)}`;
  if (hasApiKey || (await hasCredentials(profile, process.env))) return attention('none yet', create);
  const way = offline !== undefined ? '' : ', and no Spacelift credentials to create it with';
  const request = path.join(dir, CSR_FILE);
  return attention(
    `none yet${way}. Log in, or create it in Spacelift (Worker pools > Create worker pool) with ${request} and save its token as ${path.join(dir, 'worker-pool-<id>.config')}`,
    'spacectl profile login ALIAS',
  );
}

async function tokenFinding({
  dir,
  file,
  id,
  standing,
}: {
  readonly dir: string;
  readonly file: string | undefined;
  readonly id: string | undefined;
  readonly standing: PoolStanding | undefined;
}): Promise<Finding> {
  const own = await tokenOf(dir, file, standing?.pool.id ?? id);
  const { token, pool } = standing ?? {};
  if (!token) return own;
  if (token.state === 'other key')
    return attention(
      `${token.meaning}. Copy its own key here, or reset the pool for this key, which cuts off its workers`,
      `spacectl workerpool reset --pool-id ${pool?.id} --confirm ${quoteIfNeeded(pool?.name ?? '')} --dir ${quoteIfNeeded(dir)}`,
    );
  if (own.state === 'attention') return own;
  const fetch = `spacectl workerpool token --pool-id ${pool?.id} --dir ${quoteIfNeeded(dir)}`;
  if (token.state === 'current') return good(token.meaning);
  // Without a token of its own, a checkout that renders no secrets lacks nothing.
  if (token.state === 'missing') return { ...none(token.meaning), command: fetch };
  if (token.state === 'unknown') return unknown(token.meaning);
  return attention(token.meaning, fetch);
}

function workersFinding(dir: string, { pool: { id, workers, busyWorkers, pendingRuns } }: PoolStanding): Finding {
  const drained = workers.filter((worker) => worker.drained).length;
  const found = `${counted(workers.length, 'worker')}, ${busyWorkers} busy, ${drained} drained; ${counted(pendingRuns, 'run')} waiting`;
  const show = `--pool-id ${id} --dir ${quoteIfNeeded(dir)}`;
  if (workers.length === 0) return attention(`${found}: no host is connected`, `spacectl workerpool watch ${show}`);
  if (drained === workers.length)
    return attention(`${found}: none of them accepts runs`, `spacectl workerpool worker list ${show}`);
  return good(found);
}
