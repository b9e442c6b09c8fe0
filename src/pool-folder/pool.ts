import { existsSync } from 'node:fs';
import path from 'node:path';
import { readJournal } from './journal.ts';
import { JOURNAL_FILE } from './names.ts';
import { expectsToken, type TokenSigns, tokenFilesIn } from './token.ts';

/** The pool that a folder belongs to, where it says so: in the journal of its creation, or by the name of a download. */
export async function poolIdIn(folder: string): Promise<string | undefined> {
  const id = (await readJournal(folder))?.id;
  const [file = ''] = tokenFilesIn(folder);
  return id ?? /^worker-pool-([0-9A-HJKMNP-TV-Z]{26})\.config$/i.exec(path.basename(file))?.[1]?.toUpperCase();
}

/** What tells that there is a pool, or will be. */
export type PoolSigns = TokenSigns;

/** Whether a folder belongs to a pool that is there, or will be when what is asked for now is done. */
export function hasPool(values: PoolSigns): boolean {
  return expectsToken(values) || existsSync(path.join(values.dir, JOURNAL_FILE));
}
