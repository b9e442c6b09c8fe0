import { UserError } from '../step/errors.ts';
import type { HttpResponse } from './exchange.ts';

/** What Node's and OpenSSL's error codes mean, as the end of "Cannot reach host: …". */
const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'its name cannot be looked up at the moment',
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ECONNRESET: 'the connection was closed before the answer was complete',
  EPIPE: 'the connection was closed before the answer was complete',
  ETIMEDOUT: 'no answer in time',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  EACCES: 'this machine does not allow the connection',
  EPERM: 'this machine does not allow the connection',
  EPROTO: 'it does not speak TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet (is the clock right?)',
};

/** OpenSSL's ways to say that no trusted authority signed the certificate. */
const UNKNOWN_AUTHORITY: readonly string[] = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

/** What patience ends with, as the system's own time-outs do. */
export function timedOut(): Error {
  return Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
}

/** The code of a network error; where several addresses were tried, that of the first one. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return error.code;
}

/** The user's error for a connection that failed. `authorityAdvice` is what to do about an unknown authority. */
export function connectionFailure(error: unknown, url: URL, authorityAdvice: string): UserError {
  if (error instanceof UserError) return error;
  const code = codeOf(error) ?? '';
  if (UNKNOWN_AUTHORITY.includes(code)) {
    const message = `Cannot reach ${url.host}: its certificate is signed by an authority this machine does not know`;
    return new UserError('SPACECTL_UNREACHABLE', message, { suggestions: [authorityAdvice], cause: error });
  }
  const reason = REASONS[code] ?? (code.startsWith('HPE_') ? 'it does not speak HTTP' : code || String(error));
  return new UserError('SPACECTL_UNREACHABLE', `Cannot reach ${url.host}: ${reason}`, { cause: error });
}

/** The user's error for an answer whose status is not one the caller can use. `what` is what was asked for. */
export function failedStatus({ status, url }: HttpResponse, what: string): UserError {
  if (status === 401 || status === 403) {
    return new UserError('SPACECTL_NOT_ALLOWED', `${url.host} does not allow reading ${what} (HTTP ${status})`);
  }
  const trouble = status === 429 ? 'has had too many requests from here' : 'could not answer';
  return new UserError('SPACECTL_UNREACHABLE', `${url.host} ${trouble}: ${what} (HTTP ${status})`);
}
