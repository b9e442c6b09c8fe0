import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { quoteForShell } from '../../../src/core/text.ts';
import { fillTemplate } from '../../../src/render/format/template.ts';
import { testWith } from '../../services/programs.ts';
import { SHELLS } from '../../services/script.ts';
import { startSpacelift } from '../../services/spacelift.ts';
import { temporaryFolder } from '../../services/temporary.ts';

/** A host with a timer that has just gone off; `restarted` says whether the service was restarted. */
async function setUpRecycling() {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  const spacelift = await startSpacelift();
  const pool = spacelift.addPool();
  const { stdout } = await execa('sh', ['-c', 'sha256sum </etc/machine-id | cut -c 1-16']);
  const worker = spacelift.addWorker(pool, { metadata: JSON.stringify({ spacectl_host: stdout }), busy: true });
  const other = spacelift.addWorker(pool, { metadata: 'not JSON' });
  await writeFile(at('script'), await fillTemplate('host/spacelift-recycle', { patience: '2' }, quoteForShell));
  // The only stand-in: this machine has no such service to restart.
  await writeFile(at('systemctl'), `#!/bin/sh\necho "$@" >>${at('restarted')}\n`);
  await chmod(at('systemctl'), 0o755);
  const { id, secret } = spacelift.key;
  const key = `SPACELIFT_API_KEY_ENDPOINT=${spacelift.url}\nSPACELIFT_API_KEY_ID=${id}\nSPACELIFT_API_KEY_SECRET=${secret}\n`;
  await writeFile(at('api.env'), key);
  const run = (shell: readonly string[] = ['dash'], env: Record<string, string> = {}) =>
    execa(shell[0] ?? '', [...shell.slice(1), at('script')], {
      reject: false,
      env: {
        PATH: `${folder}:${process.env['PATH']}`,
        SPACELIFT_API_FILE: at('api.env'),
        SPACELIFT_RECYCLE_INTERVAL: '1',
        ...env,
      },
    });
  const restarted = () => readFile(at('restarted'), 'utf8').catch(() => '');
  return { run, restarted, worker, other, spacelift };
}

testWith('curl', 'jq', 'dash', 'bash', 'busybox').each(SHELLS.map((shell) => [shell] as const))(
  'in %j, recycling drains the worker of this host and waits for its run before the restart',
  async (shell) => {
    const host = await setUpRecycling();
    const recycling = host.run(shell);
    while (!host.worker.drained) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await host.restarted()).toBe('');
    host.worker.busy = false;
    const run = await recycling;
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
    expect(await host.restarted()).toBe('restart spacelift-launcher.service\n');
    expect(host.other.drained).toBe(false);
    expect(run.stderr).toContain("everyone who can use the container engine's socket can read the API key");
  },
);

testWith(
  'curl',
  'jq',
  'dash',
)('recycling leaves a run that takes too long alone, and the worker takes new ones', async () => {
  const host = await setUpRecycling();
  expect(await host.run()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('takes new runs again') });
  expect(host.worker.drained).toBe(false);
  expect(await host.restarted()).toBe('');
});

testWith(
  'curl',
  'jq',
  'dash',
)('recycling without an API key restarts at once; with a wrong one it does not, and shows nothing of it', async () => {
  const host = await setUpRecycling();
  expect(await host.run(['dash'], { SPACELIFT_API_FILE: '/nowhere' })).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await host.restarted()).toContain('restart');
  const file = path.join(await temporaryFolder(), 'api.env');
  await writeFile(
    file,
    `SPACELIFT_API_KEY_ENDPOINT=${host.spacelift.url}\nSPACELIFT_API_KEY_ID=x\nSPACELIFT_API_KEY_SECRET=hush\n`,
  );
  const wrong = await host.run(['dash'], { SPACELIFT_API_FILE: file });
  expect(wrong).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('rejected the API key') });
  expect(wrong.stderr).not.toContain('hush');
});

testWith(
  'curl',
  'jq',
  'dash',
)('recycling does not cut off a run because the API does not answer', async () => {
  const host = await setUpRecycling();
  const recycling = host.run(['dash'], { SPACELIFT_RECYCLE_PATIENCE: '4' });
  while (!host.worker.drained) await new Promise((resolve) => setTimeout(resolve, 20));
  host.spacelift.trouble({ status: 403 }, 'workerPools');
  const run = await recycling;
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 1 });
  expect(run.stderr).toContain('does not answer');
  expect(await host.restarted()).toBe('');
  expect(host.worker.drained).toBe(false);
});

testWith('curl', 'jq', 'dash', 'bash', 'busybox').each(SHELLS.map((shell) => [shell] as const))(
  'in %j, recycling that is stopped while it waits lets the worker take new runs again',
  async (shell) => {
    const host = await setUpRecycling();
    const recycling = host.run(shell, { SPACELIFT_RECYCLE_PATIENCE: '60' });
    while (!host.worker.drained) await new Promise((resolve) => setTimeout(resolve, 20));
    recycling.kill('SIGTERM');
    expect(await recycling).toMatchObject({ exitCode: 143, stderr: expect.stringContaining('takes new runs again') });
    expect(host.worker.drained).toBe(false);
    expect(await host.restarted()).toBe('');
  },
);

testWith(
  'curl',
  'jq',
  'dash',
)('recycling waits on if a later login fails', async () => {
  const host = await setUpRecycling();
  const every = { SPACELIFT_RECYCLE_PATIENCE: '60', SPACELIFT_RECYCLE_LOGIN_INTERVAL: '1' };
  const recycling = host.run(['dash'], every);
  while (!host.worker.drained) await new Promise((resolve) => setTimeout(resolve, 20));
  host.spacelift.trouble({ status: 403 }, 'apiKeyUser');
  await new Promise((resolve) => setTimeout(resolve, 2500));
  host.worker.busy = false;
  const run = await recycling;
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  expect(run.stderr).toContain('does not answer');
  expect(await host.restarted()).toBe('restart spacelift-launcher.service\n');
});
