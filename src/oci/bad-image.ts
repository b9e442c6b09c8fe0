import { UserError } from '../core/errors.ts';

/** The error for an image that no faithful reader could make sense of, or that is out to exhaust one. */
export function badImage(
  message: string,
  options: { suggestions?: readonly string[]; cause?: unknown } = {},
): UserError {
  return new UserError('SPACECTL_BAD_IMAGE', message, options);
}
