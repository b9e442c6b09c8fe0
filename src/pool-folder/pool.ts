import { existsSync } from 'node:fs';
import path from 'node:path';
import { readJournal } from './journal.ts';
import { JOURNAL_FILE } from './names.ts';
import { expectsToken, type TokenSigns, tokenFilesIn } from './token.ts';

/** Returns the id of the pool that a directory belongs to, from its journal or from the name of a downloaded token. */
export async function poolIdIn(folder: string): Promise<string | undefined> {
  const id = (await readJournal(folder))?.id;
  const [file = ''] = tokenFilesIn(folder);
  return id ?? /^worker-pool-([0-9A-HJKMNP-TV-Z]{26})\.config$/i.exec(path.basename(file))?.[1]?.toUpperCase();
}

/** What shows that there is a pool, or will be. */
export type PoolSigns = TokenSigns;

/** Reports whether a directory belongs to a pool that exists, or that the answers create. */
export function hasPool(values: PoolSigns): boolean {
  return expectsToken(values) || existsSync(path.join(values.dir, JOURNAL_FILE));
}
