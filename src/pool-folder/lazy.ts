import type { Journal } from './journal.ts';

/** Writes a directory's journal durably. */
export async function writeJournal(dir: string, journal: Journal): Promise<void> {
  return (await import('./write-journal.ts')).writeJournal(dir, journal);
}

/** Removes the journal of a pool that was not created. */
export async function removeJournal(dir: string): Promise<void> {
  return (await import('./write-journal.ts')).removeJournal(dir);
}
