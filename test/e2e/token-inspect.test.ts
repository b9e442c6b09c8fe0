import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { spacectl } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';

const tokenFor = (endpoint: string) => Buffer.from(JSON.stringify({ broker: { endpoint } })).toString('base64');
const HERE = tokenFor('here.example.com');
const PIPED = tokenFor('piped.example.com');

/** What a directory holds, how the command is called, and which token it reads. */
test.each([
  { has: ['worker-pool.config'], args: [], reads: 'worker-pool.config' },
  { has: ['worker-pool-01J.config', 'spacectl.yaml'], args: [], reads: 'worker-pool-01J.config' },
  { has: ['p/worker-pool.config'], args: ['--dir', 'p'], reads: 'p/worker-pool.config' },
  { has: ['worker-pool.config'], args: ['-'], reads: '-' },
  { has: ['p/worker-pool.config'], args: [], reads: '-' },
])('token inspect $args beside $has reads $reads', async ({ has, args, reads }) => {
  const cwd = await temporaryFolder();
  await mkdir(path.join(cwd, 'p'));
  for (const name of has) await writeFile(path.join(cwd, name), name.endsWith('.yaml') ? '' : HERE);
  const run = await spacectl(['token', 'inspect', ...args, '--json'], { cwd, input: PIPED, stdin: 'pipe' });
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({ exitCode: 0, stderr: '' });
  const endpoint = reads === '-' ? 'piped.example.com' : 'here.example.com';
  expect(JSON.parse(String(run.stdout))).toMatchObject({ file: reads, endpoint });
});

test('token inspect of a pool without a token names the file, and does not wait for standard input', async () => {
  const cwd = await temporaryFolder();
  await writeFile(path.join(cwd, 'spacectl.yaml'), '');
  const { exitCode, stderr } = await spacectl(['token', 'inspect'], { cwd });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 74, stderr: expect.stringContaining('worker-pool.config') });
  expect(stderr).toContain('Create the pool in Spacelift');
});
