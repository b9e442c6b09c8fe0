import { UserError } from '../../core/errors.ts';

/** Reports a mutation that may have been carried out: its answer was lost, or cannot be used. */
export class UnconfirmedError extends UserError {}

/** Returns the error for a mutation without an answer. @param cause why it is missing */
export function unconfirmed(act: string, cause: UserError): UnconfirmedError {
  return new UnconfirmedError(cause.code, `${cause.message}. The request to ${act} may have been carried out`, {
    suggestions: [...cause.suggestions, { text: 'See what became of it', command: 'spacectl workerpool list' }],
    cause,
  });
}
