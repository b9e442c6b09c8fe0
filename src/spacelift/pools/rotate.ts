import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { finishBeforeExit } from '../../core/finish-before-exit.ts';
import { withLock } from '../../files/lock.ts';
import { readFileIfThere, readWhole } from '../../files/read.ts';
import { writeFileWhole } from '../../files/write.ts';
import { CSR_FILE, KEY_FILE } from '../../pki/index.ts';
import { datedName, LOCK_FILE } from '../../pool-folder/index.ts';
import type { Api } from '../api/api.ts';
import { resetPool } from '../api/worker-pools.ts';
import { keepToken } from './keep-token.ts';

/** What the new pair is called until the pool knows it. */
export const NEXT = '.new';

/**
 * Gives a pool another key: a new pair beside the old one, the pool reset with its request, the token kept, and only
 * then the pair put in its place, the old key kept as a backup. Killed at any point and run again, it goes on with the
 * same new key.
 */
export async function rotateOnce(
  api: Api,
  rotation: {
    readonly dir: string;
    readonly id: string;
    makeKey(): Promise<Buffer>;
    makeRequest(key: Uint8Array): Promise<Buffer>;
  },
  signal: AbortSignal,
): Promise<void> {
  const dir = path.resolve(rotation.dir);
  const [keyFile, csrFile] = [path.join(dir, KEY_FILE), path.join(dir, CSR_FILE)];
  // A key takes seconds to make, and may be given up: it comes before what may not.
  const made = (await readFileIfThere(keyFile + NEXT)) ? undefined : await rotation.makeKey();
  await finishBeforeExit(() =>
    withLock(path.join(dir, LOCK_FILE), signal, async () => {
      // Another run may have left a new key meanwhile, perhaps the only copy of what the pool trusts: it comes first.
      const left = await readFileIfThere(keyFile + NEXT);
      const next = left ?? made;
      // The one that was there at first is in its place by now: another run has finished the rotation.
      if (!next) return;
      const csr = await rotation.makeRequest(next);
      const old = await readWhole(keyFile);
      if (!old.equals(next)) {
        if (!left) await writeFileWhole(keyFile + NEXT, next, { mode: 0o600, mayReplace: false });
        const pool = await resetPool(api, rotation.id, csr, new AbortController().signal);
        await keepToken(dir, pool, api.credentials.endpoint);
        await keepBackup(keyFile, old);
        await writeFileWhole(keyFile, next, { mode: 0o600, mayReplace: true });
      }
      await writeFileWhole(csrFile, csr, { mode: 0o644, mayReplace: true });
      await rm(keyFile + NEXT, { force: true });
    }),
  );
}

/** Keeps the old key under today's name, unless an interrupted run has done so. */
async function keepBackup(keyFile: string, old: Buffer): Promise<void> {
  const folder = path.dirname(keyFile);
  const names = (await readdir(folder)).filter((name) => /^spacelift\.key\.\d/.test(name));
  for (const name of names) if ((await readWhole(path.join(folder, name))).equals(old)) return;
  await writeFileWhole(datedName(keyFile), old, { mode: 0o600, mayReplace: false });
}
