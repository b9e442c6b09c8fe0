import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** Where tests keep what they need again: a folder for each user, who cannot write in another user's. */
export const CACHE = path.join(tmpdir(), `spacectl-test-cache-${process.getuid?.() ?? 'user'}`);

/** Creates an empty folder that goes away with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'spacectl-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
