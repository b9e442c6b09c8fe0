import path from 'node:path';
import * as v from 'valibot';
import { UserError } from '../core/errors.ts';
import { BadJson, readJson } from '../core/json.ts';
import { quoteIfNeeded } from '../core/text.ts';
import { readFileIfExists } from '../files/read.ts';
import { JOURNAL_FILE } from './names.ts';

/** The worker pool that a directory belongs to, and the state of its creation. It contains no secrets. */
export interface Journal {
  readonly endpoint: string;
  readonly name: string;
  /**
   * `creating`: requested, no response yet. `created`: the pool exists, and its token is saved. `deleting`: its deletion was
   * requested, so a pool that is not found was deleted.
   */
  readonly state: 'creating' | 'created' | 'deleting';
  /** Known after the pool was created. */
  readonly id?: string;
}

const COMMON = { endpoint: v.string(), name: v.string() };
const CREATING = v.object({ ...COMMON, state: v.literal('creating'), id: v.nullish(v.string()) });
const CREATED = v.object({ ...COMMON, id: v.string() });

/** Reads a directory's journal. @returns `undefined` if it does not exist. @throws UserError `SPACECTL_BAD_DATA` */
export async function readJournal(dir: string): Promise<Journal | undefined> {
  const file = path.join(dir, JOURNAL_FILE);
  const bytes = await readFileIfExists(file);
  if (!bytes) return undefined;
  try {
    return parseJournal(bytes.toString('utf8'));
  } catch (error) {
    if (!(error instanceof BadJson)) throw error;
    throw new UserError('SPACECTL_BAD_DATA', `${file} is not a valid journal: ${error.message}`, {
      suggestions: [{ command: `mv ${quoteIfNeeded(file)} ${quoteIfNeeded(`${file}.old`)}` }],
    });
  }
}

function parseJournal(text: string): Journal {
  const { state } = readJson(v.looseObject({ state: v.optional(v.unknown()) }), text);
  const isCreating = state === 'creating';
  const { endpoint, name, id } = readJson(isCreating ? CREATING : CREATED, text);
  const known = isCreating ? 'creating' : state === 'deleting' ? 'deleting' : 'created';
  return { endpoint, name, state: known, ...(id && { id }) };
}

/** Formats a journal as its file's content. */
export function formatJournal(journal: Journal): string {
  return `${JSON.stringify(journal, ['endpoint', 'name', 'state', 'id'], 2)}\n`;
}
