import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { quoteIfNeeded } from '../core/text.ts';
import type { Content } from '../step/content.ts';
import type { Planner } from '../step/plan.ts';
import { TOKEN_FILE } from './names.ts';

/** Finds the token files in a pool's directory: the one saved by an earlier run, or else the downloaded ones. */
export function tokenFilesIn(folder: string): readonly string[] {
  const kept = path.join(folder, TOKEN_FILE);
  if (existsSync(kept)) return [kept];
  return downloadsIn(folder);
}

/** Finds tokens with the file name of Spacelift's download, in use or not. */
export function downloadsIn(folder: string): readonly string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => /^worker-pool-.+\.config$/.test(name))
    .sort()
    .map((name) => path.join(folder, name));
}

/**
 * Returns the path of the token in a pool's directory, whether or not it exists yet.
 * @throws UserError `SPACECTL_BAD_INPUT` if several tokens were downloaded
 */
export function tokenFileIn(folder: string): string {
  const [file, ...more] = tokenFilesIn(folder);
  if (more.length > 0) {
    throw new UserError('SPACECTL_BAD_INPUT', `${folder} contains several tokens: ${[file, ...more].join(', ')}`, {
      suggestions: [
        {
          text: 'Choose one',
          command: `mv ${quoteIfNeeded(file ?? '')} ${quoteIfNeeded(path.join(folder, TOKEN_FILE))}`,
        },
      ],
    });
  }
  return file ?? path.join(folder, TOKEN_FILE);
}

/** Reads the pool's token: the one about to be written, else the one in its directory. @throws UserError as `tokenFileIn` */
export async function readPoolToken(folder: string, planner: Pick<Planner, 'read'>): Promise<Content | undefined> {
  return (await planner.read(path.join(folder, TOKEN_FILE))) ?? (await planner.read(tokenFileIn(folder)));
}

/** What shows that there will be a token. Only the wizard asks where the pool comes from. */
export interface TokenSigns {
  readonly dir: string;
  readonly pool?: string | undefined;
  readonly token?: string | undefined;
}

/** Reports whether there will be a token, as far as the answers show. */
export function expectsToken({ dir, pool, token }: TokenSigns): boolean {
  return pool === 'create' || pool === 'existing' || token !== undefined || tokenFilesIn(dir).length > 0;
}
