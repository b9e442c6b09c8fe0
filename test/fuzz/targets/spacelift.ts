import { Readable } from 'node:stream';
import { formatWorkers, jsonWorker } from '../../../commands/terminal/workers.ts';
import type { HttpClient, HttpResponse } from '../../../src/http/index.ts';
import { readClaims } from '../../../src/spacelift/api/claims.ts';
import { createApi } from '../../../src/spacelift/api/client.ts';
import { parseEndpoint } from '../../../src/spacelift/api/endpoint.ts';
import { getPool, listPools } from '../../../src/spacelift/api/worker-pools.ts';
import { formatProfiles } from '../../../src/spacelift/login/profile-changes.ts';
import { credentialsOf, listProfiles, readProfiles } from '../../../src/spacelift/login/profiles.ts';
import { parsePoolId } from '../../../src/spacelift/pool-id.ts';
import { metadataVariables } from '../../../src/spacelift/workers/metadata.ts';
import type { Target } from '../target.ts';
import { reading } from './file.ts';

const { signal } = new AbortController();
const ENDPOINT = 'https://acme.app.spacelift.io';

const jwtOf = (claims: Buffer) => `eyJhbGciOiJub25lIn0.${claims.toString('base64url')}.c2ln`;
const claims = JSON.stringify({ aud: [ENDPOINT], sub: 'someone', exp: 4_000_000_000 });

/** Spacelift's API, whose every answer is this one. */
function apiOf(body: Buffer, status = 200) {
  const request = async (): Promise<HttpResponse> => ({
    status,
    headers: { 'content-type': status === 200 ? 'application/json' : 'text/html' },
    url: new URL(`${ENDPOINT}/graphql`),
    body: Readable.from([body]),
  });
  const client = { request, close() {} } as unknown as HttpClient;
  return createApi(
    { method: 'apikey', keyId: 'id', keySecret: 'secret', endpoint: ENDPOINT, source: 'a test' },
    client,
  );
}

const pool = {
  id: '01HCC6QZ932J7WDF4FTVM9QMEP',
  name: 'pool',
  description: null,
  labels: ['a'],
  space: 'root',
  pendingRuns: 0,
  busyWorkers: 1,
  createdAt: 1_700_000_000,
  workers: [
    {
      id: 'w',
      busy: false,
      drained: false,
      metadata: '{"instance_id":"i-1"}',
      createdAt: 1_700_000_000,
      status: 'IDLE',
    },
  ],
};
const login = { apiKeyUser: { jwt: jwtOf(Buffer.from(claims)), validUntil: 4_000_000_000 } };
const viewer = { viewer: { id: 'someone', name: 'Someone' } };
const answer = { data: { ...login, ...viewer, workerPool: pool, workerPools: [pool] } };
const refusal = {
  data: { ...login, ...viewer, workerPool: null },
  errors: [{ message: 'not found', path: ['workerPool'] }],
};

const profiles = {
  currentProfileAlias: 'acme',
  profiles: {
    acme: { credentials: { endpoint: ENDPOINT, type: 1, key_id: 'id', key_secret: 'secret', access_token: '' } },
    old: { credentials: { endpoint: ENDPOINT, type: 2, access_token: 'token' } },
  },
};

export const SPACELIFT_TARGETS: Readonly<Record<string, Target>> = {
  'api-answer': {
    kind: 'json',
    seeds: [JSON.stringify(answer)],
    async parse(bytes) {
      const { workers } = await getPool(apiOf(bytes), pool.id, signal);
      return [formatWorkers(workers), workers.map(jsonWorker), workers.map(metadataVariables)];
    },
  },
  'api-list': {
    kind: 'json',
    seeds: [JSON.stringify(answer)],
    parse: (bytes) => listPools(apiOf(bytes), signal),
  },
  'api-refusal': {
    kind: 'json',
    seeds: [JSON.stringify(refusal)],
    isRefused: true,
    parse: (bytes) => getPool(apiOf(bytes), pool.id, signal),
  },
  'api-page': {
    kind: 'text',
    seeds: [
      '<!doctype html>\n<html><head><title lang="en">Maintenance</title></head></html>',
      '{"message":"Forbidden"}',
    ],
    isRefused: true,
    parse: (bytes) => listPools(apiOf(bytes, 403), signal),
  },
  'api-token': { kind: 'json', seeds: [claims], parse: (bytes) => readClaims(jwtOf(bytes), 'SPACELIFT_API_TOKEN') },
  'api-token-text': {
    kind: 'text',
    seeds: [jwtOf(Buffer.from(claims))],
    parse: (bytes) => readClaims(bytes.toString(), 'SPACELIFT_API_TOKEN'),
  },
  'account-address': {
    kind: 'text',
    seeds: ['acme.app.spacelift.io', `${ENDPOINT}/graphql/`, 'http://localhost:4000'],
    parse: (bytes) => parseEndpoint(bytes.toString()),
  },
  profiles: {
    kind: 'json',
    seeds: [JSON.stringify(profiles)],
    parse: reading('.spacelift/config.json', async (_, folder) => {
      const read = await readProfiles({ HOME: folder });
      formatProfiles(read.document);
      return [listProfiles(read), credentialsOf(read, 'acme')];
    }),
  },
  'worker-metadata': {
    kind: 'json',
    seeds: ['{"instance_id":"i-1","asg_id":"a"}'],
    parse: (bytes) => metadataVariables({ metadata: bytes.toString() }),
  },
  'pool-id': { kind: 'text', seeds: [pool.id], parse: (bytes) => parsePoolId(bytes.toString()) },
};
