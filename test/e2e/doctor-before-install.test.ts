import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CHECKS } from '../../src/host/doctor/checks/all-checks.ts';
import { putKeyPair } from '../services/key-pair.ts';
import { spacectl } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';

const only = CHECKS.filter(({ id }) => id !== 'secrets').flatMap(({ id }) => ['--skip', id]);

/** What a directory lacks before an installation, and what the doctor says: never to install again. */
test.each([
  { lacks: 'a token', has: {}, evidence: 'has no worker-pool.config', fix: 'spacectl workerpool token --dir' },
  {
    lacks: 'a key',
    has: { 'spacelift.key': undefined, 'worker-pool.config': 'e30=' },
    evidence: 'has no spacelift.key',
    fix: 'spacectl keypair generate --dir',
  },
  {
    lacks: 'a valid token',
    has: { 'worker-pool.config': '###' },
    evidence: 'not a worker pool token',
    fix: 'spacectl workerpool token --dir',
  },
  {
    lacks: 'a valid key',
    has: { 'spacelift.key': 'x', 'worker-pool.config': 'e30=' },
    evidence: 'is not a PEM private key',
    fix: "Copy the pool's private key",
  },
])('doctor --pre in a directory without $lacks says how to get it', async ({ has, evidence, fix }) => {
  const dir = await temporaryFolder();
  await putKeyPair(dir);
  for (const [name, text] of Object.entries(has))
    await (text === undefined ? rm(path.join(dir, name)) : writeFile(path.join(dir, name), text));
  const { stdout, exitCode } = await spacectl(['doctor', '--pre', '--dir', dir, '--json', ...only]);
  const [found] = JSON.parse(String(stdout)).checks[0].findings;
  expect({ exitCode, found }).toMatchObject({
    exitCode: 10,
    found: { status: 'bad', evidence: expect.stringContaining(evidence), fix: expect.stringContaining(fix) },
  });
  expect(found.fix).not.toContain('nstall again');
});
