import { error, type Fault, one, pools, value, worker } from './fault.ts';

/** Values of wrong types, and missing ones. */
export const VALUES: readonly Fault[] = [
  { title: 'pools that are null', act: 'list', troubles: [value(() => null)], says: /"workerPools" is not an array/ },
  {
    title: 'pools that are an object',
    act: 'list',
    troubles: [value(() => ({}))],
    says: /"workerPools" is not an array/,
  },
  {
    title: 'a pool in the list that is null',
    act: 'list',
    troubles: [value(() => [null])],
    says: /"workerPools\.0" is not an object/,
  },
  {
    title: 'a pool without a name',
    act: 'list',
    troubles: [pools({ name: undefined })],
    says: /"workerPools\.0\.name" is missing/,
  },
  {
    title: 'a name that is a number',
    act: 'list',
    troubles: [pools({ name: 7 })],
    says: /"workerPools\.0\.name" is not a string/,
  },
  {
    title: 'workers that are missing',
    act: 'show',
    troubles: [one({ workers: undefined })],
    says: /"workerPool\.workers" is missing/,
  },
  {
    title: 'workers that are null',
    act: 'show',
    troubles: [one({ workers: null })],
    says: /"workerPool\.workers" is not an array/,
  },
  {
    title: 'a number of runs that is text',
    act: 'show',
    troubles: [one({ pendingRuns: '4' })],
    says: /"workerPool\.pendingRuns" is not a number/,
  },
  {
    title: 'a queue whose runs are text',
    act: 'watch',
    troubles: [one({ searchSchedulableRuns: { edges: ['run'] } })],
    says: /searchSchedulableRuns/,
  },
  {
    title: 'a time that is null',
    act: 'show',
    troubles: [worker({ createdAt: null })],
    says: /createdAt" is not a number/,
  },
  { title: 'a flag that is a number', act: 'show', troubles: [worker({ busy: 1 })], says: /busy" is not a boolean/ },
  {
    title: 'settings that are null',
    act: 'show',
    troubles: [one({ description: null, labels: null, space: null, driftDetectionRunLimit: null })],
  },
  {
    title: 'metadata that is null, and times and words that are missing',
    act: 'show',
    troubles: [worker({ metadata: null, availableAt: undefined, status: null })],
  },
  { title: 'names in all scripts', act: 'list', troubles: [pools({ name: 'Ünï\u202Ecode 🚀 \u0000 名前' })] },
  { title: 'the same pool twice', act: 'list', troubles: [value(([pool]) => [pool, pool])] },
  {
    title: 'ten thousand workers',
    act: 'show',
    troubles: [value((pool) => ({ ...pool, workers: Array(10_000).fill(pool.workers[0]) }))],
  },
  {
    title: 'a pool that is null',
    act: 'show',
    troubles: [value(() => null)],
    code: 'SPACECTL_BAD_INPUT',
    says: /does not exist/,
  },
  {
    title: 'an error for a pool that does not exist',
    act: 'show',
    troubles: [error('worker pool not found')],
    code: 'SPACECTL_BAD_INPUT',
    says: /does not exist/,
  },
  { title: 'a token that is empty', act: 'token', troubles: [one({ config: '' })], says: /config" is not/ },
  { title: 'a token that is null', act: 'token', troubles: [one({ config: null })], says: /config" is not a string/ },
  {
    title: 'a cycle that is not done',
    act: 'cycle',
    troubles: [value(() => false)],
    code: 'SPACECTL_REQUEST_REFUSED',
    says: /did not cycle/,
  },
  {
    title: 'a cycle that is neither done nor not',
    act: 'cycle',
    troubles: [value(() => null)],
    says: /may have been carried out/,
  },
];
