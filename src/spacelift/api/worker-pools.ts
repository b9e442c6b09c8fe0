import * as v from 'valibot';
import { UserError } from '../../core/errors.ts';
import type { Api } from './api.ts';
import type { Operation, Variables } from './operation.ts';
import {
  type ListedPool,
  listedPoolSchema,
  poolSchema,
  type WatchedPool,
  type WorkerPool,
  watchedPoolSchema,
} from './pool-schema.ts';

export type { ListedPool, QueuedRun, WatchedPool, Worker, WorkerPool } from './pool-schema.ts';

/** Fields of pools and workers that not every release of Spacelift Self-Hosted has. */
const OPTIONAL = [
  'driftDetectionRunLimit',
  'schedulableRunsCount',
  'managedByK8sController',
  'availableAt',
  'status',
  'searchSchedulableRuns',
];
const POOL = [
  'id',
  'name',
  'description',
  'labels',
  'space',
  'pendingRuns',
  'busyWorkers',
  'createdAt',
  'driftDetectionRunLimit',
  'schedulableRunsCount',
  'managedByK8sController',
];
const WORKER = ['id', 'busy', 'drained', 'metadata', 'createdAt', 'availableAt', 'status'];

const query = <T>(
  field: string,
  act: string,
  schema: v.GenericSchema<unknown, T>,
  document: Operation<T>['document'],
): Operation<T> => ({ kind: 'query', field, act, schema, document, optional: OPTIONAL, isRepeatable: true });

const LIST = query('workerPools', 'list worker pools', v.array(listedPoolSchema), (has) => {
  return `query { workerPools { ${POOL.filter(has).join(' ')} workers { drained } } }`;
});
const withWorkers = (has: (name: string) => boolean) =>
  `${POOL.filter(has).join(' ')} workers { ${WORKER.filter(has).join(' ')} }`;
const SHOW = query('workerPool', 'read the worker pool', v.nullable(poolSchema), (has) => {
  return `query ($id: ID!) { workerPool(id: $id) { ${withWorkers(has)} } }`;
});
const QUEUE = 'edges { node { position stackId run { id createdAt state type title } } }';
const WATCH = query('workerPool', 'read the worker pool', v.nullable(watchedPoolSchema), (has) => {
  if (!has('searchSchedulableRuns')) return SHOW.document(has);
  const queue = `searchSchedulableRuns(input: $input) { ${QUEUE} }`;
  return `query ($id: ID!, $input: SearchInput!) { workerPool(id: $id) { ${withWorkers(has)} ${queue} } }`;
});
/** The first runs of a queue, as Spacelift's CLI asks for them. */
const FIRST_RUNS = { first: 100, orderBy: { field: 'position', direction: 'ASC' } };
/** The token is part of the pool, as Spacelift's Terraform provider relies on at every refresh. */
const TOKEN = query(
  'workerPool',
  'read the token of the worker pool',
  v.nullable(v.object({ id: v.string(), name: v.string(), config: v.pipe(v.string(), v.minLength(1)) })),
  () => 'query ($id: ID!) { workerPool(id: $id) { id name config } }',
);

/** Lists all pools the credentials can see, by name. */
export async function listPools(api: Api, signal: AbortSignal): Promise<readonly ListedPool[]> {
  const pools = await api.send(LIST, {}, signal);
  return [...pools].sort((one, other) => one.name.localeCompare(other.name));
}

/** Gets one pool. @throws UserError `SPACECTL_BAD_INPUT` if it does not exist */
export async function getPool(api: Api, id: string, signal: AbortSignal): Promise<WorkerPool> {
  return (await sendForPool(api, SHOW, { id }, signal)) ?? noPool(api, id);
}

/** Gets one pool with up to 100 runs of its queue. @throws UserError as `getPool` */
export async function getWatchedPool(api: Api, id: string, signal: AbortSignal): Promise<WatchedPool> {
  return (await sendForPool(api, WATCH, { id, input: FIRST_RUNS }, signal)) ?? noPool(api, id);
}

/** A pool with the token that its workers start with. */
export interface PoolWithToken {
  readonly pool: { readonly id: string; readonly name: string };
  /** A secret. */
  readonly token: Buffer;
}

/** Reads the token of a pool: the one that was issued last. @throws UserError as `getPool` */
export async function fetchToken(api: Api, id: string, signal: AbortSignal): Promise<PoolWithToken> {
  const { config, ...pool } = (await sendForPool(api, TOKEN, { id }, signal)) ?? noPool(api, id);
  return { pool, token: Buffer.from(config) };
}

/** Sends a query for a pool. Some servers answer with an error for one that does not exist, as the provider allows for. */
async function sendForPool<T>(
  api: Api,
  operation: Operation<T>,
  variables: Variables,
  signal: AbortSignal,
): Promise<T | null> {
  return api.send(operation, variables, signal).catch((error: unknown) => {
    const isGone =
      error instanceof UserError && error.code === 'SPACECTL_REQUEST_REFUSED' && /\bnot found\b/i.test(error.message);
    if (isGone) return null;
    throw error;
  });
}

function noPool({ credentials }: Api, id: string): never {
  const message = `Worker pool ${id} does not exist at ${credentials.endpoint}, or your credentials cannot see it`;
  throw new UserError('SPACECTL_BAD_INPUT', message, { suggestions: [{ command: 'spacectl workerpool list' }] });
}
