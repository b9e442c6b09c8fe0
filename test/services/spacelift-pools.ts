import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { GraphQLError } from 'graphql';
import forge from 'node-forge';

/** A worker as the stand-in keeps it. */
export interface StoredWorker {
  readonly id: string;
  busy: boolean;
  drained: boolean;
  readonly metadata: string;
  readonly createdAt: number;
}

/** A worker pool as the stand-in keeps it. */
export interface StoredPool {
  readonly id: string;
  name: string;
  description: string | null;
  labels: readonly string[];
  space: string;
  driftDetectionRunLimit: number | null;
  pendingRuns: number;
  workers: StoredWorker[];
  /** The tokens given so far; only the last one works. */
  readonly tokens: string[];
}

type PoolArguments = Partial<Pick<StoredPool, 'description' | 'space' | 'driftDetectionRunLimit'>> & {
  readonly name: string;
  readonly labels?: readonly string[] | null;
};

/** What a resolver is given beside its arguments. */
export interface Caller {
  readonly isAdmin: boolean;
}

/** Made once for all: its key takes a while. */
let authority: ReturnType<typeof createTokenAuthority> | undefined;

/** The pools of one account, and the resolvers over them. */
export function createPools() {
  const pools = new Map<string, StoredPool>();
  authority ??= createTokenAuthority();
  const { tokenFor } = authority;
  /** How often each pool was told to cycle. */
  const cycles: string[] = [];

  const find = (id: string): StoredPool => {
    const pool = pools.get(id);
    if (!pool) throw new GraphQLError('worker pool not found');
    return pool;
  };
  const admin = ({ isAdmin }: Caller) => {
    if (!isAdmin) throw new GraphQLError('access denied');
  };
  const shown = (pool: StoredPool, config: string | null = null) => ({
    ...pool,
    config,
    busyWorkers: pool.workers.filter(({ busy }) => busy).length,
  });
  const settings = ({ name, description, labels, space, driftDetectionRunLimit }: PoolArguments) => {
    if (name.trim() === '') throw new GraphQLError('name must not be empty');
    return {
      name,
      description: description ?? null,
      labels: labels ?? [],
      space: space ?? 'root',
      driftDetectionRunLimit: driftDetectionRunLimit ?? null,
    };
  };

  const resolvers = {
    workerPools: () => [...pools.values()].map((pool) => shown(pool)),
    workerPool: ({ id }: { id: string }) => {
      const pool = pools.get(id);
      return pool ? shown(pool) : null;
    },
    workerPoolCreate(given: PoolArguments & { certificateSigningRequest: string }, caller: Caller) {
      admin(caller);
      const token = tokenFor(given.certificateSigningRequest);
      const pool: StoredPool = { id: ulid(), ...settings(given), pendingRuns: 0, workers: [], tokens: [token] };
      pools.set(pool.id, pool);
      return shown(pool, token);
    },
    workerPoolReset(
      { id, certificateSigningRequest }: { id: string; certificateSigningRequest: string },
      caller: Caller,
    ) {
      admin(caller);
      const pool = find(id);
      const token = tokenFor(certificateSigningRequest);
      pool.tokens.push(token);
      return shown(pool, token);
    },
    workerPoolUpdate(given: PoolArguments & { id: string }, caller: Caller) {
      admin(caller);
      return shown(Object.assign(find(given.id), settings(given)));
    },
    workerPoolDelete({ id }: { id: string }, caller: Caller) {
      admin(caller);
      const pool = find(id);
      pools.delete(id);
      return shown(pool);
    },
    workerPoolCycle({ id }: { id: string }, caller: Caller) {
      admin(caller);
      find(id).workers = [];
      cycles.push(id);
      return true;
    },
    workerDrainSet({ workerPool, id, drain }: { workerPool: string; id: string; drain: boolean }, caller: Caller) {
      admin(caller);
      const worker = find(workerPool).workers.find((each) => each.id === id);
      if (!worker) throw new GraphQLError('worker not found');
      worker.drained = drain;
      return worker;
    },
  };
  return { pools, cycles, resolvers };
}

/** The authority behind tokens: a request has to be one, signed by its own key; the token holds a certificate for it. */
function createTokenAuthority() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = forge.pki.privateKeyFromPem(privateKey.export({ type: 'pkcs1', format: 'pem' }) as string);
  const name = [{ shortName: 'CN', value: 'Stand-in for Spacelift' }];
  return {
    tokenFor(encoded: string): string {
      const request = readRequest(encoded);
      const certificate = forge.pki.createCertificate();
      certificate.publicKey = request.publicKey as forge.pki.PublicKey;
      certificate.serialNumber = `01${randomBytes(8).toString('hex')}`;
      certificate.validity.notAfter = new Date(Date.now() + 365 * 24 * 3600_000);
      certificate.setSubject(request.subject.attributes);
      certificate.setIssuer(name);
      certificate.sign(key, forge.md.sha256.create());
      const pem = forge.pki.certificateToPem(certificate);
      createPublicKey(pem);
      const document = { broker: { endpoint: 'worker-iot.spacelift.io', nonce: ulid() }, certificate: pem };
      return Buffer.from(JSON.stringify(document)).toString('base64');
    },
  };
}

function readRequest(encoded: string): forge.pki.CertificateSigningRequest {
  try {
    const request = forge.pki.certificationRequestFromPem(Buffer.from(encoded, 'base64').toString('utf8'), true);
    if (request.verify()) return request;
  } catch {
    // Said below.
  }
  throw new GraphQLError('certificateSigningRequest is not a base64-encoded certificate signing request in PEM');
}

/** An identifier as worker pools have it. */
export function ulid(): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const tail = [...randomBytes(24)].map((byte) => alphabet[byte % 32]).join('');
  return `01${tail}`;
}
