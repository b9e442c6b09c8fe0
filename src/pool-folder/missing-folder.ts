import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { KEY_FILE } from '../pki/index.ts';
import type { Planner } from '../step/plan.ts';

/**
 * A folder that is not there, and is not about to be, is a mistyped one: what is rendered into it would lack everything.
 * @throws UserError `SPACECTL_BAD_INPUT`
 */
export async function refuseMissingFolder(dir: string, planner: Planner): Promise<void> {
  if (existsSync(dir) || (await planner.read(path.join(dir, KEY_FILE)))) return;
  throw new UserError('SPACECTL_BAD_INPUT', `--dir: there is no folder ${dir}`, {
    suggestions: [`spacectl keypair generate --dir ${dir} makes a new one`],
  });
}
