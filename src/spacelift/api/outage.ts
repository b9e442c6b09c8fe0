import { UserError } from '../../core/errors.ts';

/** Milliseconds without an answer after which even a long wait is given up. */
const LONGEST_OUTAGE = 15 * 60_000;

/**
 * Asks something that is asked again and again, so that a network that is gone for a while does not end the wait.
 *
 * @returns asks once: the answer, or why there is none, as long as that is no longer than `longest` milliseconds
 */
export function outlasting<T>(ask: () => Promise<T>, longest = LONGEST_OUTAGE): () => Promise<T | UserError> {
  let answered = Date.now();
  return async () => {
    try {
      const answer = await ask();
      answered = Date.now();
      return answer;
    } catch (error) {
      const isOutage = error instanceof UserError && error.code === 'SPACECTL_UNREACHABLE';
      if (!isOutage || Date.now() - answered > longest) throw error;
      return error;
    }
  };
}
