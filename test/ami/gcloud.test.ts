import { writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { describeGoogleImage } from '../../src/cloud-accounts/index.ts';
import { isInstalled } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const image = {
  kind: 'compute#image',
  id: '1',
  creationTimestamp: '2026-11-22T16:05:01.000-08:00',
  name: 'spacelift-worker-us-1795392000-abcdefgh',
  status: 'READY',
  deprecated: { state: 'DEPRECATED', deprecated: '2026-11-25T00:00:00Z' },
};

/** Answers as Compute Engine API v1 does for `images.get` and `images.getFromFamily`. Returns its address and the requests. */
async function startComputeEngine(): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = [];
  const fail = (response: ServerResponse, code: number, message: string) =>
    response
      .writeHead(code, { 'content-type': 'application/json' })
      .end(JSON.stringify({ error: { code, message, errors: [{ message, domain: 'global' }] } }));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    const name = pathname.replace('/compute/v1/', '');
    requests.push(name);
    if (name.endsWith('/mine')) fail(response, 403, `Required 'compute.images.get' permission for '${name}'`);
    else if (name.endsWith('/gone')) fail(response, 404, `The resource '${name}' was not found`);
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(image));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/compute/v1/`, requests };
}

// Neither npm nor Debian has it, and it takes 20 seconds: test/ami/lines.test.ts has what it printed here.
test.skipIf(!process.env['TEST_WHOLE'] || !isInstalled('gcloud'))(
  'gcloud itself takes our commands, and its answers are understood',
  async () => {
    const folder = await temporaryFolder();
    const engine = await startComputeEngine();
    await writeFile(path.join(folder, 'token'), 'token');
    vi.stubEnv('CLOUDSDK_CONFIG', folder);
    vi.stubEnv('CLOUDSDK_AUTH_ACCESS_TOKEN_FILE', path.join(folder, 'token'));
    vi.stubEnv('CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE', engine.url);
    const ask = (wanted: { family: string } | { name: string }) =>
      describeGoogleImage({ project: 'spacelift-workers', ...wanted }, AbortSignal.timeout(60_000));
    const { name, creationTimestamp, status, deprecated } = image;
    expect(await ask({ family: 'spacelift-worker' })).toEqual({ name, creationTimestamp, status, deprecated });
    expect(await ask({ name: 'gone' })).toBeUndefined();
    await expect(ask({ name: 'mine' })).rejects.toThrow(
      "gcloud compute images describe mine --project spacelift-workers failed: Required 'compute.images.get' permission for 'projects/spacelift-workers/global/images/mine'",
    );
    expect(engine.requests).toEqual([
      'projects/spacelift-workers/global/images/family/spacelift-worker',
      'projects/spacelift-workers/global/images/gone',
      'projects/spacelift-workers/global/images/mine',
    ]);
    vi.stubEnv('CLOUDSDK_AUTH_ACCESS_TOKEN_FILE', undefined);
    await expect(ask({ name: 'any' })).rejects.toThrow('You do not currently have an active account selected');
  },
  120_000,
);
