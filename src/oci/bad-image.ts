import { UserError } from '../core/errors.ts';
import type { Advice } from '../core/suggestion.ts';

/** Creates the error for an image that is malformed, or that would exhaust the machine that reads it. */
export function badImage(
  message: string,
  options: { suggestions?: readonly Advice[]; cause?: unknown } = {},
): UserError {
  return new UserError('SPACECTL_BAD_IMAGE', message, options);
}
