import { UserError } from '../core/errors.ts';
import { proxyAdvice } from './proxy.ts';
import { ProxyFailure } from './proxy-failure.ts';
import { reasonFor } from './reasons.ts';
import type { HttpResponse } from './response.ts';

/** Creates an error like those of the system's own timeouts. */
export function timeoutError(): Error {
  return Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' });
}

/** Creates the error for a server that sends, but too slowly. @param timeout milliseconds */
export function slownessError(timeout: number): Error {
  return Object.assign(new Error(`it did not finish its answer within ${timeout / 1000} seconds`), {
    code: 'ERR_SLOW_ANSWER',
  });
}

/** Creates the error for a body that comes too slowly. @param period milliseconds in which so many bytes came */
export function slowRateError(bytes: number, period: number): Error {
  return Object.assign(new Error(`it sent only ${bytes} bytes in ${period / 1000} seconds`), {
    code: 'ERR_SLOW_ANSWER',
  });
}

/** What to suggest for a certificate signed by an unknown authority, if the caller has no better advice. */
export const AUTHORITY_ADVICE = 'Set SSL_CERT_FILE to a PEM file that contains its CA certificate';

/** Creates the error for a failed connection. @param authorityAdvice what to suggest for an unknown authority */
export function connectionFailure(error: unknown, url: URL, authorityAdvice = AUTHORITY_ADVICE): UserError {
  if (error instanceof UserError) return error;
  if (error instanceof ProxyFailure) return proxyFailure(error, authorityAdvice);
  const { message, advice, mayNeedProxy } = reasonFor(error, authorityAdvice);
  const suggestions = [...advice, ...(mayNeedProxy ? proxyAdvice(url) : [])];
  return new UserError('SPACECTL_UNREACHABLE', `Cannot reach ${url.host}: ${message}`, { suggestions, cause: error });
}

function proxyFailure(failure: ProxyFailure, authorityAdvice: string): UserError {
  const { proxy, target, status, cause } = failure;
  const bypass = `If ${target} can be reached without a proxy, add ${target.replace(/:\d+$/, '')} to NO_PROXY`;
  if (status === 407) {
    const problem = proxy.username
      ? 'rejected the username and password in its URL'
      : 'requires a username and password';
    return new UserError('SPACECTL_NOT_ALLOWED', `The proxy ${proxy.host} ${problem} (HTTP 407)`, {
      suggestions: [`Put them in its URL, percent-encoded: ${proxy.protocol}//USER:PASSWORD@${proxy.host}`],
      cause: failure,
    });
  }
  if (status !== undefined) {
    const message = `The proxy ${proxy.host} refused to connect to ${target} (HTTP ${status})`;
    return new UserError('SPACECTL_UNREACHABLE', message, {
      suggestions: [`Ask the proxy's administrator to allow ${target}`, bypass],
      cause: failure,
    });
  }
  const { message, advice } = reasonFor(cause, authorityAdvice);
  const suggestions = [...advice, 'Check HTTPS_PROXY and HTTP_PROXY', bypass];
  return new UserError(
    'SPACECTL_UNREACHABLE',
    `Cannot reach the proxy ${proxy.host} to connect to ${target}: ${message}`,
    { suggestions, cause: failure },
  );
}

/**
 * Creates the error for a response with a status that the caller cannot use.
 * @param what what was requested; @param said what the server itself says, as `explanationIn` returns it
 */
export function failedStatus({ status, url, headers }: HttpResponse, what: string, said?: string): UserError {
  const words = said === undefined ? '' : `: ${said}`;
  if (status === 401 || status === 403) {
    return new UserError('SPACECTL_NOT_ALLOWED', `${url.host} denied access to ${what} (HTTP ${status})${words}`);
  }
  const problem = status === 429 ? 'is limiting the rate of requests' : 'failed to answer';
  const asked = headers['retry-after'];
  // A date or a number of seconds (RFC 9110, 10.2.3). Anything else is not worth showing.
  const when =
    asked && /^\d{1,9}$/.test(asked)
      ? `in ${asked} seconds`
      : asked && !Number.isNaN(Date.parse(asked)) && `after ${asked}`;
  return new UserError('SPACECTL_UNREACHABLE', `${url.host} ${problem}: ${what} (HTTP ${status})${words}`, {
    suggestions: when ? [`Try again ${when}, as it asks`] : [],
  });
}
