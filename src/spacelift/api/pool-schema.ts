import * as v from 'valibot';

/** `driftDetectionRunLimit` without a limit (spacelift-io/terraform-provider-spacelift@85652615, resource_worker_pool.go). */
export const NO_LIMIT = -1;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Seconds since 1970, to the year 9999. */
const time = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(253_402_300_799));
const orNull = <Schema extends v.GenericSchema>(schema: Schema) => v.optional(v.nullable(schema), null);
const limit = v.pipe(
  orNull(v.pipe(v.number(), v.integer())),
  v.transform((value) => (value === NO_LIMIT ? null : value)),
);

const worker = v.object({
  id: v.string(),
  busy: v.boolean(),
  /** Whether it takes no new runs. */
  drained: v.boolean(),
  /** A JSON document with the launcher's SPACELIFT_METADATA_* variables. */
  metadata: v.pipe(
    orNull(v.string()),
    v.transform((text) => text ?? ''),
  ),
  createdAt: time,
  /** When it became idle; older servers and busy workers have none. */
  availableAt: v.optional(v.nullable(time)),
  /** A word of Spacelift's; its values are not publicly known. */
  status: v.optional(v.nullable(v.string())),
});

const settings = {
  name: v.string(),
  description: orNull(v.string()),
  labels: v.pipe(
    orNull(v.array(v.string())),
    v.transform((labels) => labels ?? []),
  ),
  space: orNull(v.string()),
  /** `null`: no limit. */
  driftDetectionRunLimit: limit,
};

const common = {
  id: v.string(),
  ...settings,
  createdAt: v.optional(v.nullable(time)),
  pendingRuns: count,
  busyWorkers: count,
  /** Runs that wait and could start, if the server counts them. */
  schedulableRunsCount: v.optional(v.nullable(count)),
  managedByK8sController: v.optional(v.nullable(v.boolean())),
};

const pool = { ...common, workers: v.array(worker) };
export const poolSchema = v.object(pool);

/** A run in the queue of a pool (spacelift-io/spacectl@490d0dd, internal/cmd/draw/data/workerpools.go). */
const queuedRun = v.pipe(
  v.object({
    position: v.pipe(v.number(), v.integer()),
    stackId: v.string(),
    run: v.object({
      id: v.string(),
      state: v.string(),
      type: v.string(),
      title: orNull(v.string()),
      createdAt: time,
    }),
  }),
  v.transform(({ run, ...place }) => ({ ...place, ...run })),
);

/** A pool with the first runs of its queue. Servers that do not tell have no `queue`. */
export const watchedPoolSchema = v.pipe(
  v.object({
    ...pool,
    searchSchedulableRuns: v.optional(v.nullable(v.object({ edges: v.array(v.object({ node: queuedRun })) }))),
  }),
  v.transform(({ searchSchedulableRuns: found, ...rest }) => ({
    ...rest,
    ...(found && { queue: found.edges.map(({ node }) => node) }),
  })),
);

/** A pool in a list: its workers are counted. */
export const listedPoolSchema = v.pipe(
  v.object({ ...common, workers: v.array(v.object({ drained: v.boolean() })) }),
  v.transform(({ workers, ...pool }) => ({
    ...pool,
    workersCount: workers.length,
    drainedWorkers: workers.filter(({ drained }) => drained).length,
  })),
);

/** What mutations answer: no more than what is needed, so that nothing else can fail. */
export const changedPoolSchema = v.object({ id: v.string(), name: v.string(), config: orNull(v.string()) });

/** One worker of a pool. */
export type Worker = Readonly<v.InferOutput<typeof worker>>;
/** A worker pool and its workers. */
export type WorkerPool = Readonly<v.InferOutput<typeof poolSchema>>;
/** A run that waits for a worker. `id` is that of the run. */
export type QueuedRun = Readonly<v.InferOutput<typeof queuedRun>>;
/** A worker pool, its workers and its queue. */
export type WatchedPool = WorkerPool & { readonly queue?: readonly QueuedRun[] };
/** A worker pool with the numbers of its workers. */
export type ListedPool = Readonly<v.InferOutput<typeof listedPoolSchema>>;
