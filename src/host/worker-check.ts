import * as v from 'valibot';
import { BadJson, readJson } from '../core/json.ts';
import { runProgram } from '../programs/index.ts';
import { isMissingProgram } from './programs.ts';

/** The rendered script that tells whether this host is a worker: `templates/host/spacelift-worker-check`. */
export const WORKER_CHECK = '/usr/local/sbin/spacelift-worker-check';

const findings = v.pipe(v.array(v.object({ id: v.string(), text: v.string() })), v.readonly());
const lastUpdate = v.nullable(v.object({ time: v.string(), result: v.string() }));

/** Schema of the script's answer. Facts that it could not find out are `null`. */
export const workerReport = v.object({
  /** `null` if it cannot tell, for example without root. */
  worker: v.nullable(v.boolean()),
  time: v.string(),
  service: v.nullable(v.string()),
  restarts: v.nullable(v.number()),
  pid: v.nullable(v.number()),
  uptime_seconds: v.nullable(v.number()),
  /** HOST:PORT of the server that the launcher polls, or of its broker. */
  comms: v.nullable(v.string()),
  connected: v.nullable(v.boolean()),
  launcher_update: lastUpdate,
  bundle_update: lastUpdate,
  bundle_seen: v.nullable(v.boolean()),
  disk_free_percent: v.nullable(v.number()),
  /** What makes it no worker. */
  faults: findings,
  /** What may become a fault. */
  warnings: findings,
});

/** What the script says about this host. */
export type WorkerReport = Readonly<v.InferOutput<typeof workerReport>>;

/**
 * Runs the script. Returns `undefined` if it is not installed, or is not the one that spacectl renders.
 * @param wait seconds in which a host that is no worker yet may become one
 */
export async function checkWorker(signal: AbortSignal, wait = 0): Promise<WorkerReport | undefined> {
  try {
    const { stdout } = await runProgram(WORKER_CHECK, wait > 0 ? ['--wait', String(wait)] : [], { signal });
    return readJson(workerReport, stdout.toString('utf8'));
  } catch (error) {
    if (isMissingProgram(error) || error instanceof BadJson) return undefined;
    throw error;
  }
}
