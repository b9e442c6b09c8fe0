import * as v from 'valibot';
import { BadJson, readJson } from '../../../core/json.ts';
import type { Context } from './context.ts';

/** The script that says whether this host is a worker. */
export const WORKER_CHECK = '/usr/local/sbin/spacelift-worker-check';

const report = v.looseObject({
  worker: v.boolean(),
  connected: v.nullish(v.boolean()),
  comms: v.nullish(v.string()),
  faults: v.pipe(v.array(v.looseObject({ id: v.string(), text: v.string() })), v.readonly()),
});

/** What the host's own check says. */
export interface Worker {
  readonly isInstalled: boolean;
  /** `undefined` if it did not say: it needs root and systemd. */
  readonly report: v.InferOutput<typeof report> | undefined;
  readonly problem: string | undefined;
}

/** Runs the host's own check. */
export async function gatherWorker({ reader }: Context): Promise<Worker> {
  if (!(await reader.entry(WORKER_CHECK))) return { isInstalled: false, report: undefined, problem: undefined };
  const ran = await reader.run(WORKER_CHECK, []);
  if (ran?.exitCode !== 0 && ran?.exitCode !== 10)
    return { isInstalled: true, report: undefined, problem: ran?.stderr.split('\n')[0] || 'it cannot be run' };
  try {
    return { isInstalled: true, report: readJson(report, ran.stdout.toString('utf8')), problem: undefined };
  } catch (error) {
    if (!(error instanceof BadJson)) throw error;
    return { isInstalled: true, report: undefined, problem: `its answer cannot be read: ${error.message}` };
  }
}
