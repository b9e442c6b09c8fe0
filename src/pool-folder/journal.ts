import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { wordFor } from '../core/words.ts';
import { readFileIfThere } from '../files/read.ts';
import { JOURNAL_FILE } from './names.ts';

/** Which worker pool a folder belongs to, and how far its creation got. No secret is in it. */
export interface Journal {
  readonly endpoint: string;
  readonly name: string;
  /** `creating`: asked for, the answer not seen. `created`: there, and its token kept. */
  readonly state: 'creating' | 'created';
  /** Known once it is created. */
  readonly id?: string;
}

/** Reads a folder's journal. @throws UserError `SPACECTL_BAD_DATA` */
export async function readJournal(dir: string): Promise<Journal | undefined> {
  const file = path.join(dir, JOURNAL_FILE);
  const bytes = await readFileIfThere(file);
  if (!bytes) return undefined;
  try {
    const { endpoint, name, state, id } = JSON.parse(bytes.toString('utf8'));
    if (typeof endpoint === 'string' && typeof name === 'string' && (state === 'creating' || typeof id === 'string')) {
      return { endpoint, name, state: state === 'creating' ? 'creating' : 'created', ...(id && { id }) };
    }
  } catch {
    // Said below.
  }
  throw new UserError('SPACECTL_BAD_DATA', `${file} is not what spacectl wrote`, {
    suggestions: [`mv ${wordFor(file)} ${wordFor(`${file}.old`)}`],
  });
}

/** A journal as it is written. */
export function formatJournal(journal: Journal): string {
  return `${JSON.stringify(journal, ['endpoint', 'name', 'state', 'id'], 2)}\n`;
}
