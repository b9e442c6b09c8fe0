import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { poolFolder } from '../services/created-pool.ts';
import { spacectl } from '../services/program.ts';

interface Thing {
  readonly id: string;
  readonly state: string;
  readonly evidence: string;
  readonly command?: string;
}

async function found(dir: string, env: Readonly<Record<string, string>> = {}): Promise<Record<string, Thing>> {
  const { stdout } = await spacectl(['status', dir, '--json'], { env });
  return Object.fromEntries(JSON.parse(String(stdout)).things.map((each: Thing) => [each.id, each]));
}

async function run(...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await spacectl([...args, '--json']);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(String(stdout));
}

const offline = ['--no-input', '--offline'] as const;

test('what a target that is no longer wanted has left is told by status and apply, and not removed', async () => {
  const dir = await poolFolder();
  await run('init', dir, ...offline, '--target', 'docker', '--target', 'ecs');
  expect((await found(dir))['docker']).toMatchObject({ state: 'good' });
  const file = path.join(dir, 'spacectl.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace('    - docker\n', ''));
  const words = `${dir}/docker was rendered, but hosts.target in spacectl.yaml does not name docker. Remove it if no host uses it`;
  expect((await found(dir))['docker']).toEqual({
    id: 'docker',
    title: expect.anything(),
    state: 'unknown',
    evidence: words,
  });
  expect((await run('apply', dir)).notes).toContain(words);
  await rm(path.join(dir, 'docker'), { recursive: true });
  expect(await found(dir)).not.toHaveProperty('docker');
  expect((await run('apply', dir)).notes).not.toContain(words);
});

test('a target that is rendered by itself is recorded: status does not say that it was edited by hand', async () => {
  const dir = await poolFolder();
  await run('render', 'docker', '--dir', dir);
  // Without a record, a directory gets none.
  expect(await spacectl(['status', dir, '--json'])).toMatchObject({ exitCode: 10 });
  await expect(readFile(path.join(dir, 'spacectl.rendered.json'))).rejects.toThrow('ENOENT');
  await run('init', dir, ...offline, '--target', 'docker', '--target', 'systemd');
  await run('render', 'docker', '--dir', dir, '--env', 'A=b');
  const { docker, systemd } = await found(dir);
  expect(docker).toMatchObject({
    state: 'attention',
    evidence: expect.stringContaining('would be rendered differently now'),
    command: `spacectl apply ${dir}`,
  });
  expect(systemd).toMatchObject({ state: 'good' });
  await writeFile(path.join(dir, 'docker/run.sh'), '# Rendered by spacectl, and mine\n');
  expect((await found(dir))['docker']?.evidence).toContain('docker/run.sh was edited after it was rendered');
});

test('render terraform takes the cloud of hosts.target, if there is one', async () => {
  const dir = await poolFolder();
  const file = path.join(dir, 'spacectl.yaml');
  const cloudOf = async (...more: readonly string[]) =>
    Object.values<{ cloud?: string }>((await run('render', 'terraform', '--dir', dir, '--dry-run', ...more)).facts)[0]
      ?.cloud;
  await writeFile(file, 'hosts: {target: [systemd, terraform-gcp]}\n');
  expect(await cloudOf()).toBe('gcp');
  expect(await cloudOf('--cloud', 'aws')).toBe('aws');
  for (const content of ['hosts: {target: [terraform-aws, terraform-gcp]}\n', 'hosts: {target: [systemd]}\n', '']) {
    await writeFile(file, content);
    const missing = await spacectl(['render', 'terraform', '--dir', dir, '--no-input']);
    expect(missing).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Missing --cloud') });
  }
});
