import { setTimeout } from 'node:timers/promises';
import { abortReason } from './errors.ts';

/** Waits for some milliseconds. @throws UserError `SPACECTL_INTERRUPTED` if the signal is aborted */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch((error: unknown) => {
    throw signal.aborted ? abortReason(signal) : error;
  });
}
