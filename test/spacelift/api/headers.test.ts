import { expect, onTestFinished, test } from 'vitest';
import { createHttpClient } from '../../../src/http/index.ts';
import { createApi } from '../../../src/spacelift/api/client.ts';
import { listPools } from '../../../src/spacelift/api/worker-pools.ts';
import { fromEnvironment } from '../../../src/spacelift/login/credentials.ts';
import { startSpacelift } from '../../services/spacelift.ts';

test('Requests are JSON, and only those after the login carry its token', async () => {
  const server = await startSpacelift();
  const { credentials } = fromEnvironment(server.environment);
  if (!credentials) throw new Error('no credentials');
  const api = createApi(credentials, createHttpClient({ environment: {} }));
  onTestFinished(() => api.close());
  await listPools(api, new AbortController().signal);
  const [login, query] = server.headers;
  for (const headers of [login, query]) {
    expect(headers).toMatchObject({ 'content-type': 'application/json', accept: 'application/json' });
  }
  expect(login).not.toHaveProperty('authorization');
  expect(query?.authorization).toMatch(/^Bearer ./);
});
