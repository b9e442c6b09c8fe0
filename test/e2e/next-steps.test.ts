import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { poolFolder } from '../services/created-pool.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { makeToken } from '../services/token.ts';

interface NextStep {
  readonly text: string;
  readonly command?: string;
}

/** What a command says is to be done next, in order. */
async function nextOf(...args: readonly string[]): Promise<readonly NextStep[]> {
  const { exitCode, stdout, stderr } = await spacectl([...args, '--json']);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(String(stdout)).next;
}

/** What turns a machine into a worker, or starts one. */
const STARTS = /^sh \S+install\.sh$|docker compose up|ansible-playbook|terraform .*apply|^Start a machine/;
const startsIn = (next: readonly NextStep[]) => next.filter((each) => STARTS.test(each.command ?? each.text));
const POOL_ID = '01HCC6QZ932J7WDF4FTVM9QMEP';

testWith('openssl')('without a token, hosts that need it are not to be started; with one, they are', async () => {
  const dir = await poolFolder();
  const targets = ['systemd', 'cloud-init', 'docker', 'ansible'];
  for (const target of targets) {
    const [first, ...others] = await nextOf('render', target, '--dir', dir);
    expect([target, first?.text]).toEqual([target, expect.stringMatching(/^Create the pool in Spacelift/)]);
    // A new inventory names no host of the user's.
    expect(others.map(({ text }) => text.split(' ', 1)[0])).toEqual(target === 'ansible' ? ['Replace'] : []);
  }
  // Said once, however many targets wait for it.
  const all = targets.flatMap((each) => ['--target', each]);
  expect(await nextOf('init', dir, '--no-input', ...all)).toHaveLength(2);
  // What does not exist yet is created first.
  const empty = await temporaryFolder();
  for (const target of targets) {
    const [first] = await nextOf('render', target, '--dir', empty);
    expect([target, first?.command]).toEqual([target, `spacectl keypair generate --dir ${empty}`]);
  }
  await writeFile(path.join(dir, 'worker-pool.config'), await makeToken({ key: path.join(dir, 'spacelift.key') }));
  for (const target of targets) {
    const next = await nextOf('render', target, '--dir', dir);
    expect([target, startsIn(next).length, next.map(({ text }) => text).join()]).toEqual([
      target,
      1,
      expect.not.stringContaining('Create the pool'),
    ]);
  }
});

test('a configuration for a pool that exists wants its token first', async () => {
  const dir = await poolFolder();
  const command = `spacectl workerpool token --pool-id ${POOL_ID} --dir ${dir}`;
  for (const target of [['terraform', '--cloud', 'aws'], ['terraform', '--cloud', 'gcp'], ['ecs']]) {
    const next = await nextOf('render', ...target, '--dir', dir, '--pool-id', POOL_ID);
    expect(next[0]).toEqual({ text: expect.stringContaining('token'), command });
    expect(startsIn(next)).toHaveLength(1);
  }
  // One that creates the pool needs none, and a host that fetches its secrets has them from elsewhere.
  expect((await nextOf('render', 'ecs', '--dir', dir))[0]?.text).not.toContain('token');
  const fetching = ['--secrets-from', 'aws-secretsmanager:spacelift/pool'];
  expect(startsIn(await nextOf('render', 'cloud-init', '--dir', dir, ...fetching))).toHaveLength(1);
});

test('a configuration that creates the pool wants credentials for Spacelift, in its steps and in its README', async () => {
  for (const target of ['terraform-aws', 'terraform-gcp', 'ecs']) {
    const dir = await poolFolder();
    const next = await nextOf('init', dir, '--no-input', '--target', target);
    const applied = next.findIndex((each) => startsIn([each]).length > 0);
    const before = next.slice(0, applied).map(({ text }) => text);
    expect([target, before.join()]).toEqual([target, expect.stringContaining('SPACELIFT_API_KEY_SECRET')]);
    const readme = await readFile(path.join(dir, target, 'README.md'), 'utf8');
    for (const { command } of next.slice(0, applied)) if (command) expect(readme).toContain(command);
    expect(readme).toContain('SPACELIFT_API_KEY_SECRET');
    // Nothing needs the token of a pool that does not exist yet.
    expect(next.slice(applied + 1)).toEqual([]);
  }
});
