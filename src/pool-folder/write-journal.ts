import path from 'node:path';
import { removeFile } from '../files/remove.ts';
import { writeFileWhole } from '../files/write.ts';
import { formatJournal, type Journal } from './journal.ts';
import { JOURNAL_FILE } from './names.ts';

/** Writes a directory's journal durably. */
export async function writeJournal(dir: string, journal: Journal): Promise<void> {
  const bytes = Buffer.from(formatJournal(journal));
  await writeFileWhole(path.resolve(dir, JOURNAL_FILE), bytes, { mode: 0o644, mayReplace: true });
}

/** Removes the journal of a pool that was not created. */
export async function removeJournal(dir: string): Promise<void> {
  await removeFile(path.resolve(dir, JOURNAL_FILE));
}
