import { onTestFinished } from 'vitest';
import { createHttpClient, discard } from '../../src/http/index.ts';
import type { Credentials } from '../../src/oci/registry/login.ts';
import { createRepository } from '../../src/oci/registry/repository.ts';
import type { HttpServer } from './http-server.ts';

const { signal } = new AbortController();

/** A repository of a registry, and what it reports. */
export function openRepository(
  { url }: Pick<HttpServer, 'url'>,
  credentials?: Credentials,
  isStored = false,
  further: readonly Credentials[] = [],
) {
  const client = createHttpClient({ environment: {}, attempts: 1 });
  onTestFinished(() => client.close());
  const reports: string[] = [];
  const left = [...further];
  const login = { credentials, ...(isStored && { next: async () => left.shift() }) };
  const repository = createRepository(`${url}/v2/team/runner`, client, login, (each) => reports.push(each));
  const ask = async (what = 'manifests/latest', method: 'get' | 'head' = 'get') => {
    const response = await repository[method](what, { accept: 'x/y' }, signal);
    discard(response);
    return response.status;
  };
  return { ask, reports, repository };
}

/** The `Authorization` of each request so far. */
export const sentTo = ({ requests }: HttpServer) => requests.map(({ headers }) => headers.authorization);
