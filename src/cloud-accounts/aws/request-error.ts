import { UserError } from '../../core/errors.ts';
import { toSafeLine } from '../../core/safe-line.ts';
import type { Advice } from '../../core/suggestion.ts';

const DENIED =
  /^(?:UnauthorizedOperation|AuthFailure|InvalidClientTokenId|SignatureDoesNotMatch|ExpiredToken|RequestExpired|OptInRequired|.*AccessDenied.*)/;
/** What the SDK throws before it sends anything. */
const NO_CREDENTIALS = /^(?:CredentialsProviderError|TokenProviderError)/;

/** Describes why a client of the AWS SDK has no region. */
export function missingRegion(cause: unknown): UserError {
  return new UserError('SPACECTL_MISSING_INPUT', 'Missing --region', {
    suggestions: ['Pass --region REGION, or set AWS_REGION'],
    cause,
  });
}

const WHOSE = { text: 'See whose credentials are used', command: 'aws sts get-caller-identity' };

/**
 * Describes why a request to a service of AWS failed: `SPACECTL_NOT_ALLOWED` or `SPACECTL_UNREACHABLE`.
 * @param suggestions what else to try if it was denied
 */
export function requestError(service: string, cause: unknown, suggestions: readonly Advice[] = []): UserError {
  if (cause instanceof UserError) return cause;
  const { name = '', message: whole = '' } = cause instanceof Error ? cause : {};
  // What follows is only for sts:DecodeAuthorizationMessage.
  const message = toSafeLine(whole.replace(/ Encoded authorization failure message: .*/s, '')).replace(/\.$/, '');
  if (NO_CREDENTIALS.test(name))
    return new UserError('SPACECTL_NOT_ALLOWED', `AWS credentials are missing or expired: ${message}`, {
      suggestions: [WHOSE, ...suggestions],
      cause,
    });
  if (DENIED.test(name)) {
    return new UserError('SPACECTL_NOT_ALLOWED', `${service} denied the request: ${message}`, {
      suggestions: [WHOSE, ...suggestions],
      cause,
    });
  }
  return new UserError('SPACECTL_UNREACHABLE', `The request to ${service} failed: ${message || name}`, { cause });
}

/** Returns AWS's own code for the error of a request, such as `InvalidLaunchTemplateId.NotFound`, if AWS answered. */
export function awsErrorCode(error: unknown): string | undefined {
  return error instanceof UserError && error.cause instanceof Error ? error.cause.name : undefined;
}
