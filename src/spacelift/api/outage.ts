import { UserError } from '../../core/errors.ts';

/** Milliseconds without a response after which even a long wait fails. */
const MAX_OUTAGE_MS = 15 * 60_000;

/**
 * Wraps a request that is polled, so that a temporary network outage does not end the wait.
 *
 * @returns sends the request once: returns its result, or the error while the outage is shorter than `longest` milliseconds
 */
export function tolerateOutages<T>(ask: () => Promise<T>, longest = MAX_OUTAGE_MS): () => Promise<T | UserError> {
  let lastSuccess = Date.now();
  return async () => {
    try {
      const answer = await ask();
      lastSuccess = Date.now();
      return answer;
    } catch (error) {
      const isOutage = error instanceof UserError && error.code === 'SPACECTL_UNREACHABLE';
      if (!isOutage || Date.now() - lastSuccess > longest) throw error;
      return error;
    }
  };
}
