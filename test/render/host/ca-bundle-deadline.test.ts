import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { createAuthority } from '../../services/authority.ts';
import { makeImage, setUpBundleHost } from '../../services/bundle-host.ts';
import { startDocker } from '../../services/docker.ts';
import { NAMESPACES, testWith } from '../../services/programs.ts';
import { startSilentServer } from '../../services/silent-server.ts';
import { SPOILED, withSpoiled } from '../../services/spoiled.ts';

const SOON = { SPACELIFT_UPDATE_SECONDS: '2' };
const FILES = ['bundle-2.crt', 'bundle.crt', 'custom-ca.crt'];

testWith(
  NAMESPACES,
  'dockerd',
  'unshare',
  'openssl',
  'dash',
)(
  'a registry that never answers and a directory that cannot be written leave the last bundle, and nothing else',
  { timeout: 180_000 },
  async () => {
    const [engine, registry] = [await startDocker(), await startSilentServer()];
    const image = `${registry.host}/runner:latest`;
    const { authority: first } = await createAuthority();
    const { authority: second } = await createAuthority();
    const host = await setUpBundleHost(engine, image);
    const left = async () => [
      ...(await readdir(path.join(host.folder, 'run'))),
      ...(await host.containers()).split('\n').filter(Boolean),
    ];
    const run = async (env: Readonly<Record<string, string>> = SOON) => {
      const started = Date.now();
      const { exitCode, stderr } = await host.run(env);
      expect(Date.now() - started).toBeLessThan(15_000);
      return { exitCode, stderr, result: await host.result() };
    };

    // Without a bundle, it takes as long as systemd allows; then the image that is here will do.
    expect(await secondsGiven(host, registry)).toBe(1500);
    expect(await run()).toMatchObject({ exitCode: 1, result: 'failed' });
    await makeImage(engine, image, first);
    const built = await run();
    expect(built).toMatchObject({ exitCode: 0, result: 'built' });
    expect(built.stderr).toContain('gave up after 2 seconds');
    expect(await secondsGiven(host, registry)).toBe(120);
    const bundle = await host.read('bundle.crt');
    expect(bundle).toBe(`${first}${host.authority}`);
    expect(await run()).toMatchObject({ exitCode: 0, result: 'current' });

    // A directory that cannot be written, before and after there is something to write.
    const offline = { ...SOON, SPACELIFT_DEFAULT_RUNNER_IMAGE: 'local/other:1' };
    for (const [way] of SPOILED) {
      await makeImage(engine, 'local/other:1', first);
      host.within.push(...withSpoiled(way, host.at('')));
      expect({ way, ...(await run(offline)) }).toMatchObject({ way, exitCode: 0, result: 'current' });
      await makeImage(engine, 'local/other:1', second);
      const kept = await run(offline);
      expect({ way, ...kept }).toMatchObject({ way, exitCode: 0, result: 'kept' });
      expect(kept.stderr).toContain('bundle.crt: keeping the last');
      host.within.length = 0;
      expect(await host.read('bundle.crt')).toBe(bundle);
    }

    // Asked to stop, it stops. Killed, it leaves what the next run removes.
    const before = await readFile(path.join(host.folder, 'state/bundle-update'), 'utf8');
    const connection = registry.connection();
    const stopped = host.run();
    await connection;
    const asked = Date.now();
    stopped.kill('SIGTERM');
    expect(await stopped).toMatchObject({ exitCode: 143 });
    expect(Date.now() - asked).toBeLessThan(5_000);
    expect(await readFile(path.join(host.folder, 'state/bundle-update'), 'utf8')).toBe(before);
    expect(await left()).toEqual([]);
    const again = registry.connection();
    const killed = host.run();
    await again;
    process.kill(-Number(killed.pid), 'SIGKILL');
    await killed;
    await engine.docker('create', '--name', 'spacelift-update-ca-bundle', image, 'none');
    expect(await left()).toHaveLength(2);
    expect(await run()).toMatchObject({ exitCode: 0, result: 'current' });

    // Without an image, the bundle stays; without a bundle, Docker would mount a directory.
    await engine.docker('rmi', '--force', image);
    const gone = await run();
    expect(gone).toMatchObject({ exitCode: 0, result: 'kept' });
    expect(gone.stderr).toContain('keeping the last');
    expect(await left()).toEqual([]);
    expect((await readdir(host.at(''))).sort()).toEqual(FILES);
    await rm(host.at('bundle-2.crt'));
    expect(await run()).toMatchObject({ exitCode: 1, result: 'failed' });
  },
);

/** Returns the deadline that a run has, once it waits for the registry. */
async function secondsGiven(
  host: Awaited<ReturnType<typeof setUpBundleHost>>,
  registry: Awaited<ReturnType<typeof startSilentServer>>,
): Promise<number> {
  const connection = registry.connection();
  const run = host.run();
  await connection;
  const words = (await readFile(`/proc/${run.pid}/cmdline`, 'utf8')).split('\0');
  run.kill();
  await run;
  return Number(words[words.indexOf('60') + 1]);
}
