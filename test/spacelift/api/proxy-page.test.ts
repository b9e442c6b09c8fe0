import { expect, onTestFinished, test, vi } from 'vitest';
import { createHttpClient } from '../../../src/http/index.ts';
import { createApi } from '../../../src/spacelift/api/client.ts';
import { listPools } from '../../../src/spacelift/api/worker-pools.ts';
import { createAuthority } from '../../services/authority.ts';
import { testWith } from '../../services/programs.ts';
import { startSpacelift } from '../../services/spacelift.ts';
import { startTunnel } from '../../services/tunnel.ts';

const { signal } = new AbortController();

testWith('openssl')(
  'The error for a page that came through a proxy names the proxy, without its password',
  async () => {
    const { authority, ...tls } = await createAuthority(['acme.invalid']);
    const server = await startSpacelift(tls, 'acme.invalid');
    const { proxy } = await startTunnel(server.host);
    const { host } = new URL(proxy);
    vi.stubEnv('https_proxy', `http://user:hush-password@${host}`);
    onTestFinished(() => void vi.unstubAllEnvs());
    server.trouble({ status: 200, headers: { 'content-type': 'text/html' }, body: '<title>Blocked</title>' });
    const credentials = { method: 'token', endpoint: server.url, token: server.token(), source: 'a test' } as const;
    const api = createApi(credentials, createHttpClient({ environment: {}, certificateAuthority: authority }));
    onTestFinished(() => api.close());
    const error: unknown = await listPools(api, signal).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      message: expect.stringContaining('sent an HTML page ("Blocked") instead of an answer (HTTP 200)'),
      suggestions: expect.arrayContaining([
        { text: `The page may come from the proxy ${host}: ask its administrator to allow acme.invalid` },
      ]),
    });
    expect(JSON.stringify(error)).not.toContain('hush');
  },
);

test('The error for a page without a proxy says that it may be a login portal', async () => {
  const server = await startSpacelift();
  server.trouble({ status: 200, headers: { 'content-type': 'text/html' }, body: '<title>Wi-Fi</title>' });
  const credentials = { method: 'token', endpoint: server.url, token: server.token(), source: 'a test' } as const;
  const api = createApi(credentials);
  onTestFinished(() => api.close());
  await expect(listPools(api, signal)).rejects.toMatchObject({
    suggestions: expect.arrayContaining([
      { text: expect.stringContaining('a proxy or a login portal of this network') },
    ]),
  });
});
