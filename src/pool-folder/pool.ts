import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Answers } from '../step/input.ts';
import { readJournal } from './journal.ts';
import { JOURNAL_FILE } from './names.ts';
import { expectsToken, tokenFilesIn } from './token.ts';

/** Returns the id of the pool that a directory belongs to, from its journal or from the name of a downloaded token. */
export async function poolIdIn(folder: string): Promise<string | undefined> {
  const id = (await readJournal(folder))?.id;
  const [file = ''] = tokenFilesIn(folder);
  return id ?? /^worker-pool-([0-9A-HJKMNP-TV-Z]{26})\.config$/i.exec(path.basename(file))?.[1]?.toUpperCase();
}

/** Reports whether a directory belongs to a pool that exists, or that the answers create. */
export function hasPool(answers: Answers): boolean {
  return expectsToken(answers) || existsSync(path.join(String(answers['dir']), JOURNAL_FILE));
}
