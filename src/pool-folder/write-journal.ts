import { rm } from 'node:fs/promises';
import path from 'node:path';
import { writeFileWhole } from '../files/write.ts';
import { formatJournal, type Journal } from './journal.ts';
import { JOURNAL_FILE } from './names.ts';

/** Writes a folder's journal, so that it survives the process and the machine. */
export async function writeJournal(dir: string, journal: Journal): Promise<void> {
  const bytes = Buffer.from(formatJournal(journal));
  await writeFileWhole(path.resolve(dir, JOURNAL_FILE), bytes, { mode: 0o644, mayReplace: true });
}

/** Takes a journal back whose pool was not created. */
export async function removeJournal(dir: string): Promise<void> {
  await rm(path.resolve(dir, JOURNAL_FILE), { force: true });
}
