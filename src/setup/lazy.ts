import type { Answered } from '../step/ask.ts';
import type { PoolStatus } from './status/status.ts';

/** Finds out where a pool's folder stands. Changes nothing; what cannot be established is `unknown`. */
export async function statusOf(answered: Answered, signal: AbortSignal): Promise<PoolStatus> {
  return (await import('./status/status.ts')).statusOf(answered, signal);
}
