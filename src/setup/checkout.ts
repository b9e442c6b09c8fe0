import { existsSync } from 'node:fs';
import path from 'node:path';
import { CSR_FILE, KEY_FILE } from '../pki/index.ts';

/**
 * Reports whether a directory is a checkout: it has the pool's request, but not its key. Git ignores the key and the token,
 * so that they are on the machine that renders secrets.
 */
export function isCheckout(dir: string): boolean {
  return existsSync(path.join(dir, CSR_FILE)) && !existsSync(path.join(dir, KEY_FILE));
}
