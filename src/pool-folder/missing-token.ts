import path from 'node:path';
import { quoteIfNeeded } from '../core/text.ts';
import { CSR_FILE } from '../pki/index.ts';
import type { NextStep } from '../step/next.ts';
import type { Planner } from '../step/plan.ts';
import { poolIdIn } from './pool.ts';

/**
 * Returns what to do first where the pool's token is missing: no host can be a worker without it, and what it is rendered
 * into is rendered by the same command again. The same texts everywhere, so that a report has them once.
 * @param planner finds the signing request, which an earlier step of the same run may create
 * @param id the pool's, if it was given
 */
export async function stepsToToken(
  dir: string,
  planner: Pick<Planner, 'read'>,
  id?: string,
): Promise<readonly NextStep[]> {
  const pool = id ?? (await poolIdIn(dir));
  const folder = quoteIfNeeded(dir);
  if (pool !== undefined) {
    return [
      {
        text: "Get the pool's token, then run the same command again",
        command: `spacectl workerpool token --pool-id ${pool} --dir ${folder}`,
      },
    ];
  }
  const [request = '', file] = [CSR_FILE, 'worker-pool-<id>.config'].map((name) => path.join(dir, name));
  const hasRequest = (await planner.read(request)) !== undefined;
  return [
    ...(hasRequest
      ? []
      : [{ text: 'Create the private key and the request', command: `spacectl keypair generate --dir ${folder}` }]),
    {
      text: `Create the pool in Spacelift (Worker pools > Create worker pool) with ${request}, save its token as ${file}, and run the same command again`,
    },
  ];
}
