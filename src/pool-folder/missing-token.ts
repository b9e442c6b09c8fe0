import path from 'node:path';
import { quoteIfNeeded } from '../core/text.ts';
import { CSR_FILE } from '../pki/index.ts';
import type { NextStep } from '../step/next.ts';
import { poolIdIn } from './pool.ts';

/**
 * Returns what to do first where the pool's token is missing: no host can be a worker without it, and what it is rendered
 * into is rendered by the same command again. The same text everywhere, so that a report has it once.
 * @param id the pool's, if it was given
 */
export async function stepToToken(dir: string, id?: string): Promise<NextStep> {
  const pool = id ?? (await poolIdIn(dir));
  if (pool !== undefined) {
    return {
      text: "Get the pool's token, then run the same command again",
      command: `spacectl workerpool token --pool-id ${pool} --dir ${quoteIfNeeded(dir)}`,
    };
  }
  const [request, file] = [CSR_FILE, 'worker-pool-<id>.config'].map((name) => path.join(dir, name));
  return {
    text: `Create the pool in Spacelift (Worker pools > Create worker pool) with ${request}, save its token as ${file}, and run the same command again`,
  };
}
