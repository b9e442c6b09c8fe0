import { cp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { folderWithToken, generate, init, isTemporary, namesIn } from '../services/pool-folder.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { sliceOf } from '../services/slice.ts';
import { snapshot } from '../services/snapshot.ts';
import { countMoments, stopped } from '../services/stop-at.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** The moments of a command that has so many. */
const momentsUpTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** There is a key and its request, as OpenSSL has them, and nothing else. */
async function expectPair(dir: string): Promise<void> {
  const openssl = async (...args: string[]) => (await execa('openssl', args, { cwd: dir })).stdout;
  const request = await openssl('req', '-in', 'spacelift.csr', '-verify', '-noout', '-pubkey');
  expect(await openssl('pkey', '-in', 'spacelift.key', '-pubout')).toBe(request);
  expect(await namesIn(dir)).toEqual(['spacelift.csr', 'spacelift.key']);
}

testWith('openssl')(
  'init that is killed at any write and run again leaves the same files as undisturbed',
  async () => {
    const start = await folderWithToken();
    const undisturbed = path.join(await temporaryFolder(), 'pool');
    await cp(start, undisturbed, { recursive: true });
    const writes = await countMoments(init(undisturbed));
    const expected = await snapshot(undisturbed);
    // Token, bundle, lock, seven files for systemd, cloud-init: each is half written, linked, and its old name removed.
    expect(writes).toBeGreaterThanOrEqual(30);
    let leftOvers = 0;
    const killAndRunAgain = async (at: number, dir: string) => {
      await rm(dir, { recursive: true, force: true });
      await cp(start, dir, { recursive: true });
      expect(await stopped(init(dir), { STOP_AT: String(at) })).toMatchObject({ signal: 'SIGKILL' });
      if ((await namesIn(dir)).some(isTemporary)) leftOvers++;
      const again = await spacectl(init(dir));
      expect({ at, exitCode: again.exitCode, stderr: again.stderr }).toMatchObject({ exitCode: 0 });
      expect({ at, files: await snapshot(dir) }).toEqual({ at, files: expected });
    };
    // At every fourth moment: a file has three, so that each of the three is met. Two at a time, since processes mostly
    // wait for themselves to start.
    const moments = sliceOf(momentsUpTo(writes), 4);
    const lanes = [0, 1].map(async (lane) => {
      const dir = path.join(await temporaryFolder(), 'pool');
      for (const at of moments.filter((_, index) => index % 2 === lane)) await killAndRunAgain(at, dir);
    });
    await Promise.all(lanes);
    // The kills did hit in the middle of things.
    expect(leftOvers).toBeGreaterThan(moments.length / 4);
  },
  300_000,
);

testWith('openssl')(
  'keypair generate that is killed leaves a whole key or none, and a key that exists is kept when it runs again',
  async () => {
    const first = path.join(await temporaryFolder(), 'pool');
    const writes = await countMoments(generate(first));
    const dir = path.join(await temporaryFolder(), 'pool');
    const key = path.join(dir, 'spacelift.key');
    let kept = 0;
    const moments = sliceOf(momentsUpTo(writes), 2);
    for (const at of moments) {
      await rm(dir, { recursive: true, force: true });
      expect(await stopped(generate(dir), { STOP_AT: String(at) })).toMatchObject({ signal: 'SIGKILL' });
      const before = await readFile(key).catch(() => undefined);
      expect((await spacectl(generate(dir))).exitCode).toBe(0);
      if (before) {
        kept++;
        expect(await readFile(key)).toEqual(before);
      }
      await expectPair(dir);
    }
    expect(kept).toBeGreaterThan(1);
    expect(kept).toBeLessThan(moments.length);
  },
);

testWith('openssl').each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)(
  '%s at a write ends init with %i, one JSON document and no temporary file; run again, it finishes',
  async (signal, code) => {
    const start = await folderWithToken();
    for (const at of sliceOf([1, 5, 15], 3)) {
      const dir = path.join(await temporaryFolder(), 'pool');
      await cp(start, dir, { recursive: true });
      const run = await stopped(init(dir), { STOP_AT: String(at) }, { signal });
      expect({ at, exitCode: run.exitCode }).toEqual({ at, exitCode: code });
      expect(JSON.parse(String(run.stdout)).error.code).toBe('SPACECTL_INTERRUPTED');
      expect((await namesIn(dir)).filter(isTemporary)).toEqual([]);
      expect((await spacectl(init(dir))).exitCode).toBe(0);
    }
  },
);

test('SIGTERM ends a command that waits for a pipe without a writer', async () => {
  const pipe = path.join(await temporaryFolder(), 'pipe');
  await execa('mkfifo', [pipe]);
  const run = spacectl(['ca-bundle', 'inspect', pipe], { timeout: 20_000, killSignal: 'SIGKILL' });
  // Started, and then at the pipe: nothing is said on the way.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  run.kill('SIGTERM');
  expect(await run).toMatchObject({ signal: 'SIGTERM', stderr: expect.stringContaining('Interrupted') });
});

testWith('openssl')('commands that generate at the same time make one key pair', async () => {
  const dir = path.join(await temporaryFolder(), 'pool');
  const runs = await Promise.all([1, 2, 3].map(() => spacectl(generate(dir))));
  expect(runs.map(({ exitCode }) => exitCode)).toContain(0);
  for (const { exitCode } of runs) expect([0, 73]).toContain(exitCode);
  await expectPair(dir);
});
