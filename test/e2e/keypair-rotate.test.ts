import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { putKeyPair } from '../services/key-pair.ts';
import { spacectl } from '../services/program.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { countMoments, stopped } from '../services/stop-at.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** A folder with a pool, its token and a rendered host. */
async function rendered() {
  const [server, dir] = [await startSpacelift(), path.join(await temporaryFolder(), 'pool')];
  const run = (...args: readonly string[]) => spacectl([...args, '--dir', dir], { env: server.environment });
  await putKeyPair(dir);
  await run('workerpool', 'create', '--name', 'build');
  await run('render', 'systemd');
  const [pool] = server.pools.values();
  const read = (name: string) => readFile(path.join(dir, name), 'utf8');
  const rotate = ['keypair', 'rotate', '--bits', '2048', '--confirm', 'build'] as const;
  const backups = async () => (await readdir(dir)).filter((name) => /^spacelift\.key\.\d/.test(name));
  return { server, dir, run, pool, read, rotate, backups };
}

test('A rotation makes a new key and its token, keeps the old key as a dated backup, and names the files that are stale', async () => {
  const { dir, run, pool, read, rotate, backups } = await rendered();
  const old = await read('spacelift.key');
  const { exitCode, stdout, stderr } = await run(...rotate);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stdout).toContain(`${path.join(dir, 'systemd/secrets.env')}`);
  expect(stdout).not.toContain('launcher.env');
  expect(await read('spacelift.key')).not.toBe(old);
  expect(await read('worker-pool.config')).toBe(pool?.tokens.at(-1));
  expect(pool?.tokens).toHaveLength(2);
  const [backup = ''] = await backups();
  expect(await read(backup)).toBe(old);
  expect((await stat(path.join(dir, backup))).mode & 0o777).toBe(0o600);
  const token = ['--token-file', path.join(dir, 'worker-pool.config')];
  expect((await run('keypair', 'verify', ...token)).exitCode).toBe(0);
  expect((await spacectl(['token', 'inspect', path.join(dir, 'worker-pool.config')])).stdout).toContain(
    'Belongs to the key: yes',
  );
  expect((await run('workerpool', 'create', '--name', 'build')).exitCode).toBe(0);
});

test('A rotation without the name of the pool is refused, and a dry run changes nothing', async () => {
  const { run, pool, read } = await rendered();
  const old = await read('spacelift.key');
  expect((await run('keypair', 'rotate')).exitCode).toBe(2);
  expect((await run('keypair', 'rotate', '--dry-run')).exitCode).toBe(0);
  expect(await read('spacelift.key')).toBe(old);
  expect(pool?.tokens).toHaveLength(1);
});

test('A rotation that is killed and run again leaves key, request and token that match, and one backup of the old key', async () => {
  const { server, dir, run, read, rotate, backups } = await rendered();
  const [command, env] = [[...rotate, '--dir', dir], server.environment];
  const moments = await countMoments(command, env);
  expect(moments).toBeGreaterThan(20);
  for (let at = 1; at <= moments; at += 3) {
    const before = (await backups()).length;
    const old = await read('spacelift.key');
    expect(await stopped(command, { STOP_AT: String(at) }, { env })).toMatchObject({ signal: 'SIGKILL' });
    if ((await readdir(dir)).includes('spacelift.key.new')) expect((await run(...rotate)).exitCode).toBe(0);
    const token = ['--token-file', path.join(dir, 'worker-pool.config')];
    const verified = await run('keypair', 'verify', ...token);
    expect({ at, exitCode: verified.exitCode, stderr: verified.stderr }).toMatchObject({ at, exitCode: 0 });
    const kept = await Promise.all((await backups()).map(read));
    const isRotated = (await read('spacelift.key')) !== old;
    expect({ at, count: kept.length }).toEqual({ at, count: before + (isRotated ? 1 : 0) });
    if (isRotated) expect(kept).toContain(old);
  }
}, 240_000);

test('`token inspect` describes a FedRAMP token on standard input without showing it, and says what is wrong with a damaged one', async () => {
  const folder = await temporaryFolder();
  await putKeyPair(folder);
  const document = { broker: { endpoint: 'worker-iot.fedramp.spacelift.io' }, other: 'hush' };
  const input = Buffer.from(JSON.stringify(document)).toString('base64');
  const run = await spacectl(['token', 'inspect', '-', '--dir', folder], { input, stdin: 'pipe' });
  expect(run.exitCode).toBe(0);
  expect(run.stdout).toContain('Environment: FedRAMP\nEndpoint: worker-iot.fedramp.spacelift.io');
  expect(run.stdout).toContain('Belongs to the key: unknown');
  expect(run.stdout).not.toContain('hush');
  await writeFile(path.join(folder, 'broken'), input.slice(0, 20));
  const broken = await spacectl(['token', 'inspect', path.join(folder, 'broken')]);
  expect({ exitCode: broken.exitCode, stderr: broken.stderr }).toMatchObject({
    exitCode: 65,
    stderr: expect.stringContaining('cut off'),
  });
  const damaged = { certificate: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----' };
  await writeFile(path.join(folder, 'damaged'), Buffer.from(JSON.stringify(damaged)).toString('base64'));
  const unread = await spacectl(['token', 'inspect', path.join(folder, 'damaged')]);
  expect({ exitCode: unread.exitCode, stderr: unread.stderr }).toMatchObject({
    exitCode: 65,
    stderr: expect.stringContaining('certificate in the worker pool token is damaged'),
  });
});
