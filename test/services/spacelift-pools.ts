import { randomBytes } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { createTokenAuthority, ulid } from './spacelift-authority.ts';

/** A worker as the stand-in keeps it. */
export interface StoredWorker {
  readonly id: string;
  busy: boolean;
  drained: boolean;
  readonly metadata: string;
  readonly createdAt: number;
  availableAt: number | null;
}

/** A run that waits for a worker. */
export interface StoredRun {
  readonly id: string;
  readonly stackId: string;
  readonly createdAt: number;
  readonly state: string;
  readonly type: string;
  readonly title: string;
}

/** A worker pool as the stand-in keeps it. */
export interface StoredPool {
  readonly id: string;
  name: string;
  description: string | null;
  labels: readonly string[];
  space: string;
  driftDetectionRunLimit: number | null;
  readonly createdAt: number;
  pendingRuns: number;
  /** The waiting runs, in their order. */
  queue: StoredRun[];
  workers: StoredWorker[];
  managedByK8sController: boolean;
  /** The tokens given so far; only the last one works. Without any, `config` is a token for the key of somebody else. */
  readonly tokens: string[];
}

interface PoolArguments {
  readonly name: string;
  readonly description?: string | null;
  readonly labels?: readonly string[] | null;
  readonly space?: string | null;
  readonly driftDetectionRunLimit?: number | null;
}

/** Who calls; nobody if the token is not valid. */
export interface Caller {
  readonly id: string;
  readonly name: string;
  readonly isAdmin: boolean;
}

/**
 * Why a request is refused. Neither has a code, and the same word stands for a bad token, a missing permission and a space
 * that does not exist (spacelift-io/spacectl@490d0dd, client/client.go;
 * spacelift-io/terraform-provider-spacelift@85652615, spacelift/internal/error.go).
 */
const unauthorized = () => new GraphQLError('unauthorized');

/** Made once for all: its key takes a while. */
let authority: ReturnType<typeof createTokenAuthority> | undefined;
let foreignToken: string | undefined;

export function newPool(settings: Partial<StoredPool> = {}): StoredPool {
  return {
    id: ulid(),
    name: 'build',
    description: null,
    labels: [],
    // Where a pool without a space goes (spacelift-io/user-documentation@6e9746f, docs/concepts/spaces/README.md).
    space: 'legacy',
    driftDetectionRunLimit: null,
    createdAt: Math.floor(Date.now() / 1000),
    pendingRuns: 0,
    queue: [],
    workers: [],
    managedByK8sController: false,
    tokens: [],
    ...settings,
  };
}

export function newWorker(settings: Partial<StoredWorker> = {}): StoredWorker {
  const metadata = JSON.stringify({ instance_id: `i-${randomBytes(6).toString('hex')}` });
  const createdAt = Math.floor(Date.now() / 1000);
  return { id: ulid(), busy: false, drained: false, metadata, createdAt, availableAt: null, ...settings };
}

/** The stand-in's names of spaces: the ID is a slug of it. */
const spaceName = (id: string) => id.toUpperCase();

/** The pools of one account, and the resolvers over them. */
export function createPools() {
  const pools = new Map<string, StoredPool>();
  /** IDs of spaces: slugs. */
  const spaces = new Set(['root', 'legacy']);
  /** The pools that were told to cycle. */
  const cycles: string[] = [];
  authority ??= createTokenAuthority();
  const { tokenFor } = authority;
  foreignToken ??= authority.foreignToken();

  const loggedIn = (caller: Caller | undefined) => {
    if (!caller) throw unauthorized();
  };
  const admin = (caller: Caller | undefined) => {
    if (!caller?.isAdmin) throw unauthorized();
  };
  const find = (id: string): StoredPool => {
    const pool = pools.get(id);
    if (!pool) throw new GraphQLError('worker pool not found');
    return pool;
  };
  const shownWorker = (worker: StoredWorker) => {
    return { ...worker, status: worker.drained ? 'DRAINED' : worker.busy ? 'BUSY' : 'IDLE' };
  };
  const shown = (pool: StoredPool) => ({
    ...pool,
    // It can be read again at any time: PROV spacelift/resource_worker_pool.go (Read), data_worker_pool.go.
    config: pool.tokens.at(-1) ?? foreignToken,
    updatedAt: pool.createdAt,
    deleted: false,
    spaceDetails: { id: pool.space, name: spaceName(pool.space) },
    workersCount: pool.workers.length,
    busyWorkers: pool.workers.filter(({ busy }) => busy).length,
    schedulableRunsCount: pool.queue.length || pool.pendingRuns,
    workers: pool.workers.map(shownWorker),
    searchSchedulableRuns({ input }: { input: { first?: number | null; after?: string | null } }) {
      const start = Number(input.after ?? 0);
      const end = start + (input.first ?? 50);
      const edges = pool.queue.slice(start, end).map((run, index) => {
        return { node: { position: start + index + 1, stackId: run.stackId, run } };
      });
      const pageInfo = { endCursor: String(end), hasNextPage: pool.queue.length > end, hasPreviousPage: start > 0 };
      return { edges, pageInfo };
    },
  });
  /** Null clears a setting, as PROV's update relies on. What is left out is treated alike: Go's servers see no difference. */
  const settings = ({ name, description, labels, space, driftDetectionRunLimit }: PoolArguments) => {
    if (name.trim() === '') throw new GraphQLError('name must not be empty');
    if (space && !spaces.has(space)) throw unauthorized();
    return {
      name,
      description: description || null,
      labels: labels ?? [],
      space: space ?? 'legacy',
      driftDetectionRunLimit: driftDetectionRunLimit ?? null,
    };
  };

  const resolvers = {
    viewer: (_: unknown, caller?: Caller) => caller ?? null,
    workerPools(_: unknown, caller?: Caller) {
      loggedIn(caller);
      return [...pools.values()].map(shown);
    },
    workerPool({ id }: { id: string }, caller?: Caller) {
      loggedIn(caller);
      const pool = pools.get(id);
      return pool ? shown(pool) : null;
    },
    spaces(_: unknown, caller?: Caller) {
      loggedIn(caller);
      return [...spaces].map((id) => ({ id, name: spaceName(id), description: '', parentSpace: null }));
    },
    workerPoolCreate(given: PoolArguments & { certificateSigningRequest: string }, caller?: Caller) {
      admin(caller);
      const pool = newPool({ ...settings(given), tokens: [tokenFor(given.certificateSigningRequest)] });
      pools.set(pool.id, pool);
      return shown(pool);
    },
    workerPoolReset(
      { id, certificateSigningRequest }: { id: string; certificateSigningRequest: string },
      caller?: Caller,
    ) {
      admin(caller);
      const pool = find(id);
      pool.tokens.push(tokenFor(certificateSigningRequest));
      return shown(pool);
    },
    workerPoolUpdate(given: PoolArguments & { id: string }, caller?: Caller) {
      admin(caller);
      return shown(Object.assign(find(given.id), settings(given)));
    },
    workerPoolDelete({ id }: { id: string }, caller?: Caller) {
      admin(caller);
      const pool = find(id);
      pools.delete(id);
      return shown(pool);
    },
    workerPoolCycle({ id }: { id: string }, caller?: Caller) {
      admin(caller);
      find(id).workers = [];
      cycles.push(id);
      return true;
    },
    workerDrainSet({ workerPool, id, drain }: { workerPool: string; id: string; drain: boolean }, caller?: Caller) {
      loggedIn(caller);
      const worker = find(workerPool).workers.find((each) => each.id === id);
      // Without admin rights the worker is said not to be there
      // (spacelift-io/terraform-aws-spacelift-workerpool-on-ec2, issue 100).
      if (!worker || !caller?.isAdmin) throw new GraphQLError('worker not found');
      worker.drained = drain;
      return shownWorker(worker);
    },
  };
  return { pools, spaces, cycles, resolvers };
}
