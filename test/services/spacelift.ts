import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { buildSchema, execute, GraphQLError, getOperationAST, parse, validate } from 'graphql';
import { startHttpServer } from './http-server.ts';
import { type Caller, createPools, type StoredPool, type StoredWorker, ulid } from './spacelift-pools.ts';
import { SCHEMA } from './spacelift-schema.ts';

/** What goes wrong with one request. */
export type Trouble =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** An answer with HTTP 200 that holds errors. */
  | { readonly errors: readonly { readonly message: string; readonly extensions?: object }[] }
  /** The connection breaks before the request is looked at, or after it is carried out but before the answer. */
  | { readonly cut: 'before' | 'after' }
  /** The answer comes this many milliseconds late. */
  | { readonly late: number };

/** A stand-in for Spacelift's API on loopback: a real GraphQL engine over the public part of the schema. */
export interface Spacelift {
  readonly url: string;
  readonly host: string;
  readonly pools: ReadonlyMap<string, StoredPool>;
  readonly cycles: readonly string[];
  /** The operations asked for so far, by the name of their first field. */
  readonly operations: string[];
  readonly bodies: string[];
  /** An API key that may do everything, and one that may only look. */
  readonly key: { readonly id: string; readonly secret: string };
  readonly reader: { readonly id: string; readonly secret: string };
  readonly gitHubToken: string;
  /** How many seconds the tokens given from now on are valid. */
  lifetime: number;
  /** An API token, as a browser login gives it. */
  token(seconds?: number): string;
  /** The next request of this operation (any, if left out) meets this trouble. */
  trouble(trouble: Trouble, operation?: string): void;
  addPool(settings?: Partial<StoredPool>): StoredPool;
  addWorker(pool: StoredPool, settings?: Partial<StoredWorker>): StoredWorker;
  /** The variables with which the vendor's CLI finds the key. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts it; it goes away with the test. `tls` makes it speak HTTPS; `url` is what it is called then. */
export async function startSpacelift(
  tls?: { readonly certificate: string; readonly key: string },
  name?: string,
): Promise<Spacelift> {
  const schema = buildSchema(SCHEMA);
  const { pools, cycles, resolvers } = createPools();
  const signingKey = randomBytes(32);
  const key = { id: ulid(), secret: randomBytes(24).toString('hex') };
  const reader = { id: ulid(), secret: randomBytes(24).toString('hex') };
  const gitHubToken = `ghp_${randomBytes(18).toString('hex')}`;
  const troubles: { trouble: Trouble; operation?: string | undefined }[] = [];
  const operations: string[] = [];
  const bodies: string[] = [];

  const sign = (claims: object): string => {
    const [head, body] = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) => encode(JSON.stringify(part)));
    return `${head}.${body}.${signature(`${head}.${body}`)}`;
  };
  const signature = (text: string) => createHmac('sha256', signingKey).update(text).digest('base64url');
  const issue = (subject: string, seconds: number, isAdmin: boolean) => {
    const exp = Math.floor(Date.now() / 1000) + seconds;
    return { jwt: sign({ aud: [stand.url], sub: subject, exp, isAdmin }), validUntil: exp };
  };
  /** Who calls, or nobody: a token that was made here and has not run out. */
  const callerOf = ({ headers }: IncomingMessage): Caller | undefined => {
    const [, text = ''] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
    const [head, body, proof] = text.split('.');
    if (!head || !body || proof !== signature(`${head}.${body}`)) return undefined;
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
    return claims.exp * 1000 > Date.now() ? { isAdmin: claims.isAdmin } : undefined;
  };
  const logins = {
    apiKeyUser({ id, secret }: { id: string; secret: string }) {
      const known = [key, reader].find((each) => each.id === id && each.secret === secret);
      if (!known) throw new GraphQLError('unauthorized');
      return issue(`api::${id}`, stand.lifetime, known === key);
    },
    oauthUser({ token }: { token: string }) {
      if (token !== gitHubToken) throw new GraphQLError('unauthorized');
      return issue('github::somebody', stand.lifetime, true);
    },
  };

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
    const index = troubles.findIndex((each) => each.operation === undefined || each.operation === operation);
    const trouble = index < 0 ? undefined : troubles.splice(index, 1)[0]?.trouble;
    if (trouble && 'status' in trouble) return response.writeHead(trouble.status, trouble.headers).end(trouble.body);
    if (trouble && 'cut' in trouble && trouble.cut === 'before') return request.socket.destroy();
    const send = async (result: object) => {
      if (trouble && 'late' in trouble) await setTimeout(trouble.late);
      if (trouble && 'cut' in trouble) return request.socket.destroy();
      return response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
    };
    if (trouble && 'errors' in trouble) return send({ errors: trouble.errors, data: null });
    const faults = validate(schema, document);
    if (faults.length > 0) return send({ errors: faults });
    const caller = callerOf(request);
    if (!caller && !(operation in logins)) return response.writeHead(401).end('unauthorized');
    const rootValue = { ...resolvers, ...logins };
    return send(await execute({ schema, document, rootValue, contextValue: caller, variableValues: variables ?? {} }));
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
  const url = name ? `https://${name}${tls ? '' : `:${port}`}` : server.url;
  const stand: Spacelift = {
    url,
    host: server.host,
    pools,
    cycles,
    operations,
    bodies,
    key,
    reader,
    gitHubToken,
    lifetime: 3600,
    token: (seconds = 3600) => issue('somebody', seconds, true).jwt,
    trouble: (trouble, operation) => void troubles.push({ trouble, operation }),
    addPool(settings = {}) {
      const pool: StoredPool = {
        id: ulid(),
        name: 'build',
        description: null,
        labels: [],
        space: 'root',
        driftDetectionRunLimit: null,
        pendingRuns: 0,
        workers: [],
        tokens: [],
        ...settings,
      };
      pools.set(pool.id, pool);
      return pool;
    },
    addWorker(pool, settings = {}) {
      const worker = { ...newWorker(), ...settings };
      pool.workers.push(worker);
      return worker;
    },
    environment: {
      SPACELIFT_API_KEY_ENDPOINT: url,
      SPACELIFT_API_KEY_ID: key.id,
      SPACELIFT_API_KEY_SECRET: key.secret,
    },
  };
  return stand;
}

function newWorker(): StoredWorker {
  const metadata = JSON.stringify({ instance_id: `i-${randomBytes(6).toString('hex')}` });
  return { id: ulid(), busy: false, drained: false, metadata, createdAt: Math.floor(Date.now() / 1000) };
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}
