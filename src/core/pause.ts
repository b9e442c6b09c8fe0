import { setTimeout } from 'node:timers/promises';
import { abortReason } from './errors.ts';

/** Waits some milliseconds. @throws what the signal is aborted with: the user's interruption */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch((error: unknown) => {
    throw signal.aborted ? abortReason(signal) : error;
  });
}
