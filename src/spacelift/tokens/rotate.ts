import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { finishBeforeExit } from '../../core/finish-before-exit.ts';
import { withLock } from '../../files/lock.ts';
import { readFileIfExists, readPlaced } from '../../files/read.ts';
import { removeFile } from '../../files/remove.ts';
import { writeFileWhole } from '../../files/write.ts';
import { CSR_FILE, KEY_FILE } from '../../pki/index.ts';
import { datedName, LOCK_FILE } from '../../pool-folder/index.ts';
import type { Api } from '../api/api.ts';
import { resetCertainly } from './reset.ts';
import { saveToken } from './save-token.ts';

/** Suffix of the new key's file until the pool is reset. */
export const NEXT = '.new';

/**
 * Rotates a pool's key: writes a new pair next to the old one, backs up the old key, resets the pool with the new request,
 * saves the token, and only then replaces the old pair. If it is killed at any point and run again, it continues with
 * the same new key.
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
  // Generating a key takes seconds and may be interrupted, so it comes before the part that may not.
  const made = (await readFileIfExists(keyFile + NEXT)) ? undefined : await rotation.makeKey();
  await finishBeforeExit(() =>
    withLock(path.join(dir, LOCK_FILE), signal, async () => {
      // Another run may have left a new key in the meantime, possibly the only copy of the key that the pool trusts: use it.
      const left = await readFileIfExists(keyFile + NEXT);
      const next = left ?? made;
      // The new key that existed before is gone: another run has finished the rotation.
      if (!next) return;
      const csr = await rotation.makeRequest(next);
      const old = await readPlaced(keyFile);
      if (!old.equals(next)) {
        if (!left) await writeFileWhole(keyFile + NEXT, next, { mode: 0o600, mayReplace: false });
        // The reset cannot be undone, so the backup comes before it.
        await backUpKey(keyFile, old);
        const pool = await resetCertainly(api, rotation.id, csr);
        await saveToken(dir, pool, api.credentials.endpoint);
        await writeFileWhole(keyFile, next, { mode: 0o600, mayReplace: true });
      }
      await writeFileWhole(csrFile, csr, { mode: 0o644, mayReplace: true });
      await removeFile(keyFile + NEXT);
    }),
  );
}

/** Saves the old key under a dated name, unless an interrupted run already did. */
async function backUpKey(keyFile: string, old: Buffer): Promise<void> {
  const folder = path.dirname(keyFile);
  const names = (await readdir(folder)).filter((name) => /^spacelift\.key\.\d/.test(name));
  for (const name of names) if ((await readPlaced(path.join(folder, name))).equals(old)) return;
  await writeFileWhole(datedName(keyFile), old, { mode: 0o600, mayReplace: false });
}
