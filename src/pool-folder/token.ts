import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { wordFor } from '../core/words.ts';
import type { Content } from '../step/content.ts';
import type { Planner } from '../step/plan.ts';
import { TOKEN_FILE } from './names.ts';

/** Files in a pool's folder that hold its token: the one kept by an earlier run, or else what was downloaded. */
export function tokenFilesIn(folder: string): readonly string[] {
  const kept = path.join(folder, TOKEN_FILE);
  if (existsSync(kept)) return [kept];
  return downloadsIn(folder);
}

/** Tokens called as the vendor's download is, whether or not one of them is in use. */
export function downloadsIn(folder: string): readonly string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => /^worker-pool-.+\.config$/.test(name))
    .sort()
    .map((name) => path.join(folder, name));
}

/**
 * The file in a pool's folder that holds its token, or will.
 * @throws UserError `SPACECTL_BAD_INPUT` where several were downloaded: nobody but the user knows which one counts
 */
export function tokenFileIn(folder: string): string {
  const [file, ...more] = tokenFilesIn(folder);
  if (more.length > 0) {
    throw new UserError('SPACECTL_BAD_INPUT', `${folder} holds several tokens: ${[file, ...more].join(', ')}`, {
      suggestions: [`Keep the one that counts: mv ${wordFor(file ?? '')} ${wordFor(path.join(folder, TOKEN_FILE))}`],
    });
  }
  return file ?? path.join(folder, TOKEN_FILE);
}

/** The pool's token: the one that is about to be written, else the one in its folder. @throws UserError as `tokenFileIn` */
export async function readPoolToken(folder: string, planner: Pick<Planner, 'read'>): Promise<Content | undefined> {
  return (await planner.read(path.join(folder, TOKEN_FILE))) ?? (await planner.read(tokenFileIn(folder)));
}

/** What tells that there will be a token; only the wizard asks where the pool comes from. */
export interface TokenSigns {
  readonly dir: string;
  readonly pool?: string | undefined;
  readonly token?: string | undefined;
}

/** Whether there will be a token, as far as can be known while questions are asked. */
export function expectsToken({ dir, pool, token }: TokenSigns): boolean {
  return pool === 'create' || pool === 'existing' || token !== undefined || tokenFilesIn(dir).length > 0;
}
