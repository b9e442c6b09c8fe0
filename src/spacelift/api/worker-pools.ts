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
  /** A JSON document; what the launcher was given as SPACELIFT_METADATA_*. */
  readonly metadata: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
}

/** What can be chosen for a pool. */
export interface PoolSettings {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly labels?: readonly string[] | null | undefined;
  readonly space?: string | null | undefined;
  readonly driftDetectionRunLimit?: number | null | undefined;
}

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
const SHOW = query(`query ($id: ID!) { workerPool(id: $id) { ${FIELDS} } }`, 'see the worker pool');
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

/** All pools the credentials can see, by name. */
export async function listPools(api: Api, signal: AbortSignal): Promise<readonly WorkerPool[]> {
  const pools = await api.send<readonly WorkerPool[]>(LIST, {}, signal);
  return [...pools].sort((one, other) => one.name.localeCompare(other.name));
}

/** One pool. @throws UserError `SPACECTL_BAD_INPUT` where there is none of that id */
export async function getPool(api: Api, id: string, signal: AbortSignal): Promise<WorkerPool> {
  const pool = await api.send<WorkerPool | null>(SHOW, { id }, signal);
  if (pool) return pool;
  const message = `There is no worker pool ${id} at ${api.credentials.endpoint}, or it may not be seen`;
  throw new UserError('SPACECTL_BAD_INPUT', message, { suggestions: ['spacectl workerpool list'] });
}

/** A pool with the token that its workers start with. */
export interface PoolWithToken {
  readonly pool: WorkerPool;
  /** A secret. Given once, after creating or resetting. */
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

/** Gives a pool a new key: every token given before stops working. @param csr PEM */
export async function resetPool(api: Api, id: string, csr: Uint8Array, signal: AbortSignal): Promise<PoolWithToken> {
  return withToken(await api.send(RESET, { id, csr: encodeBase64(csr) }, signal));
}

/** Changes a pool's settings; those left out are cleared, so all are given. */
export async function updatePool(
  api: Api,
  id: string,
  settings: Required<PoolSettings>,
  signal: AbortSignal,
): Promise<WorkerPool> {
  return api.send(UPDATE, { id, ...settings }, signal);
}

export async function deletePool(api: Api, id: string, signal: AbortSignal): Promise<void> {
  await api.send(DELETE, { id }, signal);
}

/** Tells every worker of a pool to end itself, busy or not. */
export async function cyclePool(api: Api, id: string, signal: AbortSignal): Promise<void> {
  await api.send(CYCLE, { id }, signal);
}

/** Makes a worker take no more runs, or take them again. */
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
  const message = `Spacelift gave no token for the worker pool ${pool.name} (${pool.id})`;
  throw new UserError('SPACECTL_POOL_EXISTS', message, {
    suggestions: [resetCommand(pool)],
  });
}
