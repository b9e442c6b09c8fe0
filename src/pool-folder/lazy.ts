import type { Journal } from './journal.ts';

/** Writes a folder's journal, so that it survives the process and the machine. */
export async function writeJournal(dir: string, journal: Journal): Promise<void> {
  return (await import('./write-journal.ts')).writeJournal(dir, journal);
}

/** Takes a journal back whose pool was not created. */
export async function removeJournal(dir: string): Promise<void> {
  return (await import('./write-journal.ts')).removeJournal(dir);
}
