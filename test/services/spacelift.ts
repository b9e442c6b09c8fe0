import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { buildSchema, execute, getOperationAST, parse, validate } from 'graphql';
import { type ServerTls, startHttpServer } from './http-server.ts';
import { type ApiKey, createLogins } from './spacelift-logins.ts';
import { createPools, newPool, newWorker, type StoredPool, type StoredWorker } from './spacelift-pools.ts';
import { schemaWithout } from './spacelift-schema.ts';

/** A GraphQL response, as the server would have sent it. */
// biome-ignore lint/suspicious/noExplicitAny: tests damage it in every way
export type GraphQlResponse = any;

/** What goes wrong with one request. */
export type Trouble =
  /** Another response; `isDone`: after the request was carried out. */
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly isDone?: boolean;
    }
  /** A response with HTTP 200 that contains errors; the request is not carried out. */
  | { readonly errors: readonly { readonly message: string; readonly extensions?: object }[] }
  /** The request is carried out, and its response altered: partial data, other types, other text. */
  | { readonly alter: (response: GraphQlResponse) => unknown }
  /**
   * The connection breaks before the request is looked at, after it is carried out but before the response, or in the
   * middle of the response.
   */
  | { readonly cut: 'before' | 'after' | 'middle' }
  /** The response comes this many milliseconds late. */
  | { readonly late: number }
  /** The response comes byte by byte, one every so many milliseconds. */
  | { readonly trickle: number };

/** A stand-in for Spacelift's API on loopback: a real GraphQL engine over the public part of the schema. */
export interface Spacelift {
  readonly url: string;
  readonly host: string;
  readonly pools: ReadonlyMap<string, StoredPool>;
  /** IDs of the spaces of the account. */
  readonly spaces: Set<string>;
  readonly cycles: readonly string[];
  /** The operations so far, by the name of their first field. */
  readonly operations: string[];
  readonly bodies: string[];
  readonly headers: IncomingMessage['headers'][];
  /** An API key that may do everything, and one that may only read. */
  readonly key: ApiKey;
  readonly reader: ApiKey;
  readonly gitHubToken: string;
  /** Seconds for which new tokens are valid. */
  lifetime: number;
  /** An API token, as a browser login gives it. */
  token(seconds?: number): string;
  /** Makes all tokens issued so far invalid, long before they expire. */
  revokeTokens(): void;
  /** Removes fields and arguments, as in an older release of Spacelift Self-Hosted. */
  removeFields(...names: readonly string[]): void;
  /** The next request of this operation (any, if left out) meets this trouble. */
  trouble(trouble: Trouble, operation?: string): void;
  addPool(settings?: Partial<StoredPool>): StoredPool;
  addWorker(pool: StoredPool, settings?: Partial<StoredWorker>): StoredWorker;
  /** The variables with which the vendor's CLI finds the key. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts it; it goes away with the test. `tls` makes it speak HTTPS; `name` is the host in its URL then. */
export async function startSpacelift(tls?: ServerTls, name?: string): Promise<Spacelift> {
  let schema = buildSchema(schemaWithout([]));
  const { pools, spaces, cycles, resolvers } = createPools();
  const logins = createLogins();
  const rootValue = { ...resolvers, ...logins.resolvers() };
  const troubles: { trouble: Trouble; operation?: string | undefined }[] = [];
  const [operations, bodies, headers]: [string[], string[], IncomingMessage['headers'][]] = [[], [], []];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    if (request.url?.startsWith('/replace/')) return replace(request.url, response);
    if (request.method !== 'POST' || request.url !== '/graphql') return response.writeHead(404).end('not here');
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) return response.writeHead(415).end();
    const { query, variables } = JSON.parse(text) as { query: string; variables?: Record<string, unknown> };
    const document = parse(query);
    const field = getOperationAST(document)?.selectionSet.selections[0];
    const operation = field?.kind === 'Field' ? field.name.value : '';
    operations.push(operation);
    bodies.push(text);
    headers.push(request.headers);
    const index = troubles.findIndex((each) => each.operation === undefined || each.operation === operation);
    const trouble: Trouble = troubles.splice(index, index < 0 ? 0 : 1)[0]?.trouble ?? { late: 0 };
    const fail = ({ status, ...rest }: Extract<Trouble, { status: number }>) =>
      response.writeHead(status, rest.headers).end(rest.body);
    if ('status' in trouble && !trouble.isDone) return fail(trouble);
    if ('cut' in trouble && trouble.cut === 'before') return request.socket.destroy();
    if ('late' in trouble) await setTimeout(trouble.late);
    const faults = validate(schema, document);
    // Errors come with HTTP 200 (spacelift-io/spacectl@490d0dd reads them so, with shurcooL/graphql). __typename and the
    // schema are open to anyone (spacelift-io/spacelift-api-bruno@a9896a2, CLAUDE.md); the fields check who calls.
    const result =
      'errors' in trouble
        ? { errors: trouble.errors, data: null }
        : faults.length > 0
          ? { errors: faults }
          : await execute({
              schema,
              document,
              rootValue,
              contextValue: logins.callerOf(request),
              variableValues: variables ?? {},
            });
    if ('status' in trouble) return fail(trouble);
    if ('cut' in trouble && trouble.cut === 'after') return request.socket.destroy();
    const altered = 'alter' in trouble ? trouble.alter(JSON.parse(JSON.stringify(result))) : result;
    const body = Buffer.from(typeof altered === 'string' ? altered : JSON.stringify(altered));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(body.length) });
    if ('trickle' in trouble) return trickle(body, response, trouble.trickle);
    if (!('cut' in trouble)) return response.end(body);
    return response.write(body.subarray(0, body.length / 2), () => request.socket.destroy());
  }

  async function trickle(body: Buffer, response: ServerResponse, milliseconds: number): Promise<void> {
    for (const byte of body) {
      if (response.destroyed) return;
      response.write(Buffer.of(byte));
      await setTimeout(milliseconds);
    }
    response.end();
  }

  /** What a cloud does when a host is replaced: the worker goes, another one comes. */
  function replace(url: string, response: ServerResponse): unknown {
    const id = url.slice('/replace/'.length);
    for (const pool of pools.values()) {
      const at = pool.workers.findIndex((worker) => worker.id === id);
      if (at >= 0) pool.workers.splice(at, 1, newWorker());
    }
    return response.end();
  }

  const server = await startHttpServer((request, response) => void answer(request, response), tls);
  const port = server.host.split(':')[1];
  logins.url = name ? `https://${name}${tls ? '' : `:${port}`}` : server.url;
  const { url, key, reader, gitHubToken } = logins;
  return {
    ...{ url, host: server.host, pools, spaces, cycles, operations, bodies, headers, key, reader, gitHubToken },
    get lifetime() {
      return logins.lifetime;
    },
    set lifetime(seconds) {
      logins.lifetime = seconds;
    },
    token: (seconds = 3600) => logins.issue({ id: 'somebody', name: 'Somebody', isAdmin: true }, seconds).jwt,
    revokeTokens: () => logins.revokeTokens(),
    removeFields(...names) {
      schema = buildSchema(schemaWithout(names));
    },
    trouble: (trouble, operation) => void troubles.push({ trouble, operation }),
    addPool(settings) {
      const pool = newPool(settings);
      pools.set(pool.id, pool);
      return pool;
    },
    addWorker(pool, settings) {
      const worker = newWorker(settings);
      pool.workers.push(worker);
      return worker;
    },
    environment: {
      SPACELIFT_API_KEY_ENDPOINT: url,
      SPACELIFT_API_KEY_ID: key.id,
      SPACELIFT_API_KEY_SECRET: key.secret,
    },
  };
}
