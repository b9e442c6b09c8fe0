import path from 'node:path';
import * as v from 'valibot';
import { sha256 } from '../../core/sha256.ts';
import { cacheFolder } from '../../files/cache.ts';
import { readFileIfExists } from '../../files/read.ts';
import { writeFileWhole } from '../../files/write.ts';
import { withApi } from '../api/client.ts';
import { listPools } from '../api/worker-pools.ts';
import { findCredentials } from '../login/credentials.ts';

/** A pool as a shell proposes it. */
export interface KnownPool {
  readonly id: string;
  readonly name: string;
}

/** Milliseconds for which an account's pools are not asked for again. */
const LIFETIME_MS = 60_000;

const cached = v.object({
  /** When they were read, in milliseconds since 1970. */
  at: v.number(),
  pools: v.array(v.object({ id: v.string(), name: v.string() })),
});

/**
 * Lists the pools of the account, which a file of this user's cache remembers for a minute.
 * @param profile as `findCredentials` takes it
 * @throws UserError as `findCredentials` and `listPools`
 */
export async function knownPools(profile: string | undefined, signal: AbortSignal): Promise<readonly KnownPool[]> {
  const credentials = await findCredentials(profile, process.env);
  const { endpoint, profile: alias = '' } = credentials;
  const file = path.join(cacheFolder(), 'pools', `${sha256(JSON.stringify([endpoint, alias])).slice(0, 16)}.json`);
  const fresh = await readFresh(file);
  if (fresh) return fresh;
  const listed = await withApi(credentials, (api) => listPools(api, signal));
  const pools = listed.map(({ id, name }) => ({ id, name }));
  const bytes = Buffer.from(`${JSON.stringify({ at: Date.now(), pools })}\n`);
  // A cache that cannot be written is none.
  await writeFileWhole(file, bytes, { mode: 0o600, mayReplace: true }).catch(() => {});
  return pools;
}

async function readFresh(file: string): Promise<readonly KnownPool[] | undefined> {
  const bytes = await readFileIfExists(file).catch(() => undefined);
  if (!bytes) return undefined;
  try {
    const { at, pools } = v.parse(cached, JSON.parse(bytes.toString('utf8')));
    const age = Date.now() - at;
    return age >= 0 && age < LIFETIME_MS ? pools : undefined;
  } catch {
    return undefined;
  }
}
