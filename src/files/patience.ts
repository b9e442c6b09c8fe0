import { setTimeout } from 'node:timers/promises';
import { isSystemError } from '../core/errors.ts';

/** What Windows reports of a file that another program, such as a virus scanner, has open for a moment. */
const IN_USE = ['EPERM', 'EACCES', 'EBUSY'];

/** How long to wait before each further try, in milliseconds: about two seconds together. */
const PAUSES = [10, 20, 50, 100, 200, 500, 1000];

/** Renames or removes a file; on Windows again, for about two seconds, while another program has it open. */
export async function whileInUse<T>(operation: () => Promise<T>, platform: string = process.platform): Promise<T> {
  for (const pause of platform === 'win32' ? PAUSES : []) {
    try {
      return await operation();
    } catch (error) {
      if (!isSystemError(error, ...IN_USE)) throw error;
    }
    await setTimeout(pause);
  }
  return operation();
}
