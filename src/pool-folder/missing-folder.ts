import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { quoteIfNeeded } from '../core/text.ts';
import { KEY_FILE } from '../pki/index.ts';
import type { Planner } from '../step/plan.ts';

/**
 * Refuses a folder that neither exists nor is about to be created: its name is mistyped, and what is rendered into it
 * would lack the key, the token and the bundle.
 * @throws UserError `SPACECTL_BAD_INPUT`
 */
export async function refuseMissingFolder(dir: string, planner: Planner): Promise<void> {
  if (existsSync(dir) || (await planner.read(path.join(dir, KEY_FILE)))) return;
  throw new UserError('SPACECTL_BAD_INPUT', `--dir: ${dir} does not exist`, {
    suggestions: [`spacectl keypair generate --dir ${quoteIfNeeded(dir)}`],
  });
}
