import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder with the pairs, one folder each. */
    pairs: string;
  }
}

/** The pairs there are: one to work with, and one to be taken for it by mistake. */
export const PAIRS = ['own', 'strange'] as const;

/**
 * Puts a key pair into a folder as `spacectl keypair generate` does, which has made it before the first test: for what
 * starts from a pair, and is not about making one.
 */
export async function putKeyPair(dir: string, pair: (typeof PAIRS)[number] = 'own'): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const name of ['spacelift.key', 'spacelift.csr']) {
    await copyFile(path.join(inject('pairs'), pair, name), path.join(dir, name));
  }
}
