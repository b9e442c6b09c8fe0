import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import type { TestProject } from 'vitest/node';
import { PAIRS } from './key-pair.ts';
import { spacectl } from './program.ts';

/** Builds the program once, before the tests that run it, and makes with it the key pairs that they start from. */
export default async function build(project: TestProject): Promise<() => Promise<void>> {
  await execa('node', ['build.mjs']);
  const folder = await mkdtemp(path.join(tmpdir(), 'spacectl-test-pairs-'));
  for (const pair of PAIRS) {
    const made = await spacectl(['keypair', 'generate', '--dir', path.join(folder, pair), '--bits', '2048']);
    if (made.exitCode !== 0) throw new Error(`no key pair to test with: ${made.stderr}`);
  }
  project.provide('pairs', folder);
  return () => rm(folder, { recursive: true, force: true });
}
