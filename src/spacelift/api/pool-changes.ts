import * as v from 'valibot';
import { UserError } from '../../core/errors.ts';
import { encodeBase64 } from '../../pki/index.ts';
import type { Api } from './api.ts';
import type { Operation } from './operation.ts';
import { changedPoolSchema, NO_LIMIT } from './pool-schema.ts';
import { UnconfirmedError } from './unconfirmed.ts';
import { fetchToken, type PoolWithToken } from './worker-pools.ts';

/** Settings of a pool. Absent ones are not sent; `null` clears a setting, or removes the limit. */
export interface PoolSettings {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly space?: string | undefined;
  readonly driftDetectionRunLimit?: number | null | undefined;
}

/** Types of the variables. */
const TYPES: Readonly<Record<string, string>> = {
  id: 'ID!',
  name: 'String!',
  certificateSigningRequest: 'String!',
  description: 'String',
  labels: '[String!]',
  space: 'ID',
  driftDetectionRunLimit: 'Int',
  workerPool: 'ID!',
  drain: 'Boolean!',
};

/** Builds a mutation with exactly these variables as arguments. */
function mutation<T>(
  field: string,
  variables: Readonly<Record<string, unknown>>,
  { selection, ...rest }: Pick<Operation<T>, 'act' | 'isRepeatable' | 'schema'> & { readonly selection: string },
): Operation<T> {
  const names = Object.keys(variables);
  const declared = names.map((name) => `$${name}: ${TYPES[name]}`).join(', ');
  const passed = names.map((name) => `${name}: $${name}`).join(', ');
  return {
    kind: 'mutation',
    field,
    document: () => `mutation (${declared}) { ${field}(${passed}) ${selection} }`,
    ...rest,
  };
}

const CHANGED = { selection: '{ id name config }', schema: changedPoolSchema } as const;

/**
 * Creates a pool.
 * @param csr PEM of the certificate signing request
 * @throws UnconfirmedError if the pool may exist nevertheless
 */
export async function createPool(
  api: Api,
  settings: PoolSettings,
  csr: Uint8Array,
  signal: AbortSignal,
): Promise<PoolWithToken> {
  const variables = { ...variablesOf(settings), certificateSigningRequest: encodeBase64(csr) };
  const options = { ...CHANGED, act: 'create a worker pool', isRepeatable: false };
  return withToken(api, await api.send(mutation('workerPoolCreate', variables, options), variables, signal), signal);
}

/**
 * Resets a pool with a new certificate request: all earlier tokens stop working.
 * @param csr PEM
 * @throws UnconfirmedError if the pool may have been reset nevertheless
 */
export async function resetPool(api: Api, id: string, csr: Uint8Array, signal: AbortSignal): Promise<PoolWithToken> {
  const variables = { id, certificateSigningRequest: encodeBase64(csr) };
  const options = { ...CHANGED, act: 'reset the worker pool', isRepeatable: false };
  return withToken(api, await api.send(mutation('workerPoolReset', variables, options), variables, signal), signal);
}

/** Changes a pool's settings. A setting that is absent may be kept or cleared, depending on the server. */
export async function updatePool(api: Api, id: string, settings: PoolSettings, signal: AbortSignal): Promise<void> {
  const variables = { id, ...variablesOf(settings) };
  const schema = v.object({ id: v.string() });
  const options = { selection: '{ id }', schema, act: 'change the worker pool', isRepeatable: true };
  await api.send(mutation('workerPoolUpdate', variables, options), variables, signal);
}

/** Deletes a pool. */
export async function deletePool(api: Api, id: string, signal: AbortSignal): Promise<void> {
  const schema = v.nullable(v.object({ id: v.string() }));
  const options = { selection: '{ id }', schema, act: 'delete the worker pool', isRepeatable: false };
  await api.send(mutation('workerPoolDelete', { id }, options), { id }, signal);
}

/** Tells every worker of a pool to exit, busy or not. */
export async function cyclePool(api: Api, id: string, signal: AbortSignal): Promise<void> {
  const options = { selection: '', schema: v.boolean(), act: 'cycle the worker pool', isRepeatable: false };
  const isDone = await api.send(mutation('workerPoolCycle', { id }, options), { id }, signal);
  if (!isDone) throw new UserError('SPACECTL_REQUEST_REFUSED', `Spacelift did not cycle the worker pool ${id}`);
}

/** Drains a worker, so that it takes no more runs, or undrains it. */
export async function setDrained(
  api: Api,
  { pool, worker, drain }: { pool: string; worker: string; drain: boolean },
  signal: AbortSignal,
): Promise<void> {
  const variables = { workerPool: pool, id: worker, drain };
  const schema = v.object({ id: v.string() });
  const options = { selection: '{ id }', schema, act: 'drain or undrain workers', isRepeatable: true };
  await api.send(mutation('workerDrainSet', variables, options), variables, signal).catch((error: unknown) => {
    if (!(error instanceof UserError && /\bnot found\b/i.test(error.message))) throw error;
    const advice = 'Spacelift also says so to an API key without admin access: use one with it, --profile ALIAS';
    throw new UserError(error.code, error.message, { suggestions: [...error.suggestions, advice], cause: error });
  });
}

/** Returns the settings that are sent: those that are given. */
function variablesOf(settings: PoolSettings): Record<string, unknown> {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  const { driftDetectionRunLimit: limit } = settings;
  return { ...Object.fromEntries(given), ...(limit === null && { driftDetectionRunLimit: NO_LIMIT }) };
}

/** Adds the token, which is read again if the answer lacks it. @throws UnconfirmedError if that fails: the pool exists */
async function withToken(
  api: Api,
  { config, ...pool }: v.InferOutput<typeof changedPoolSchema>,
  signal: AbortSignal,
): Promise<PoolWithToken> {
  if (config) return { pool, token: Buffer.from(config) };
  return fetchToken(api, pool.id, signal).catch((cause: unknown) => {
    if (!(cause instanceof UserError)) throw cause;
    const message = `Worker pool "${pool.name}" (${pool.id}) exists, but its token could not be read: ${cause.message}`;
    throw new UnconfirmedError(cause.code, message, { suggestions: cause.suggestions, cause });
  });
}
