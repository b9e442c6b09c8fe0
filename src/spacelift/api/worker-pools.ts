import { UserError } from '../../core/errors.ts';
import { encodeBase64 } from '../../pki/index.ts';
import { resetCommand } from '../pools/reset-command.ts';
import type { Api, Operation } from './api.ts';

/** One worker of a pool. */
export interface Worker {
  readonly id: string;
  readonly busy: boolean;
  /** Whether it takes no new runs. */
  readonly drained: boolean;
  /** A JSON document with the launcher's SPACELIFT_METADATA_* variables. */
  readonly metadata: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
}

/** Settings of a pool. */
export interface PoolSettings {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly labels?: readonly string[] | null | undefined;
  readonly space?: string | null | undefined;
  readonly driftDetectionRunLimit?: number | null | undefined;
}

/** A worker pool and its workers. */
export interface WorkerPool extends PoolSettings {
  readonly id: string;
  readonly pendingRuns: number;
  readonly busyWorkers: number;
  readonly workers: readonly Worker[];
}

const FIELDS = `id name description labels space driftDetectionRunLimit pendingRuns busyWorkers
  workers { id busy drained metadata createdAt }`;
const SETTINGS = {
  declared: '$name: String!, $description: String, $labels: [String!], $space: ID, $driftDetectionRunLimit: Int',
  passed:
    'name: $name, description: $description, labels: $labels, space: $space, driftDetectionRunLimit: $driftDetectionRunLimit',
};

const query = (document: string, act: string): Operation => ({ document, act, isRepeatable: true });
const mutation = (document: string, act: string, isRepeatable = false): Operation => ({ document, act, isRepeatable });

const LIST = query(`query { workerPools { ${FIELDS} } }`, 'list worker pools');
const SHOW = query(`query ($id: ID!) { workerPool(id: $id) { ${FIELDS} } }`, 'read the worker pool');
const CREATE = mutation(
  `mutation (${SETTINGS.declared}, $csr: String!) {
    workerPoolCreate(${SETTINGS.passed}, certificateSigningRequest: $csr) { ${FIELDS} config }
  }`,
  'create a worker pool',
);
const RESET = mutation(
  `mutation ($id: ID!, $csr: String!) {
    workerPoolReset(id: $id, certificateSigningRequest: $csr) { ${FIELDS} config }
  }`,
  'reset the worker pool',
);
const UPDATE = mutation(
  `mutation ($id: ID!, ${SETTINGS.declared}) { workerPoolUpdate(id: $id, ${SETTINGS.passed}) { ${FIELDS} } }`,
  'change the worker pool',
  true,
);
const DELETE = mutation('mutation ($id: ID!) { workerPoolDelete(id: $id) { id } }', 'delete the worker pool');
const CYCLE = mutation('mutation ($id: ID!) { workerPoolCycle(id: $id) }', 'cycle the worker pool');
const DRAIN = mutation(
  `mutation ($pool: ID!, $id: ID!, $drain: Boolean!) {
    workerDrainSet(workerPool: $pool, id: $id, drain: $drain) { id busy drained }
  }`,
  'drain or undrain workers',
  true,
);

/** Lists all pools the credentials can see, by name. */
export async function listPools(api: Api, signal: AbortSignal): Promise<readonly WorkerPool[]> {
  const pools = await api.send<readonly WorkerPool[]>(LIST, {}, signal);
  return [...pools].sort((one, other) => one.name.localeCompare(other.name));
}

/** Gets one pool. @throws UserError `SPACECTL_BAD_INPUT` if it does not exist */
export async function getPool(api: Api, id: string, signal: AbortSignal): Promise<WorkerPool> {
  const pool = await api.send<WorkerPool | null>(SHOW, { id }, signal);
  if (pool) return pool;
  const message = `Worker pool ${id} does not exist at ${api.credentials.endpoint}, or your credentials cannot see it`;
  throw new UserError('SPACECTL_BAD_INPUT', message, { suggestions: ['spacectl workerpool list'] });
}

/** A pool with the token that its workers start with. */
export interface PoolWithToken {
  readonly pool: WorkerPool;
  /** A secret. Returned only once, after creating or resetting. */
  readonly token: Buffer;
}

/** Creates a pool. @param csr PEM of the certificate signing request */
export async function createPool(
  api: Api,
  settings: PoolSettings,
  csr: Uint8Array,
  signal: AbortSignal,
): Promise<PoolWithToken> {
  return withToken(await api.send(CREATE, { ...settings, csr: encodeBase64(csr) }, signal));
}

/** Resets a pool with a new certificate request: all earlier tokens stop working. @param csr PEM */
export async function resetPool(api: Api, id: string, csr: Uint8Array, signal: AbortSignal): Promise<PoolWithToken> {
  return withToken(await api.send(RESET, { id, csr: encodeBase64(csr) }, signal));
}

/** Changes a pool's settings. Spacelift clears omitted ones, so all are required. */
export async function updatePool(
  api: Api,
  id: string,
  settings: Required<PoolSettings>,
  signal: AbortSignal,
): Promise<WorkerPool> {
  return api.send(UPDATE, { id, ...settings }, signal);
}

/** Deletes a pool. */
export async function deletePool(api: Api, id: string, signal: AbortSignal): Promise<void> {
  await api.send(DELETE, { id }, signal);
}

/** Tells every worker of a pool to exit, busy or not. */
export async function cyclePool(api: Api, id: string, signal: AbortSignal): Promise<void> {
  await api.send(CYCLE, { id }, signal);
}

/** Drains a worker, so that it takes no more runs, or undrains it. */
export async function setDrained(
  api: Api,
  { pool, worker, drain }: { pool: string; worker: string; drain: boolean },
  signal: AbortSignal,
): Promise<void> {
  await api.send(DRAIN, { pool, id: worker, drain }, signal);
}

function withToken(answer: WorkerPool & { readonly config?: string | null }): PoolWithToken {
  const { config, ...pool } = answer;
  if (config) return { pool, token: Buffer.from(config) };
  const message = `Spacelift returned no token for worker pool "${pool.name}" (${pool.id})`;
  throw new UserError('SPACECTL_POOL_EXISTS', message, {
    suggestions: [resetCommand(pool)],
  });
}
