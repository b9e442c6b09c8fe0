import { UserError } from '../core/errors.ts';
import { proxyAdvice } from './proxy.ts';
import { ProxyFailure } from './proxy-failure.ts';
import { reasonFor } from './reasons.ts';
import type { HttpResponse } from './response.ts';

/** What patience ends with, as the system's own time-outs do. */
export function timedOut(): Error {
  return Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
}

/** What can always be done about a certificate of an unknown authority. */
export const AUTHORITY_ADVICE = "Set SSL_CERT_FILE to a PEM file with the authority's certificate";

/** The user's error for a connection that failed. `authorityAdvice` is what to do about an unknown authority. */
export function connectionFailure(error: unknown, url: URL, authorityAdvice = AUTHORITY_ADVICE): UserError {
  if (error instanceof UserError) return error;
  if (error instanceof ProxyFailure) return proxyFailure(error, authorityAdvice);
  const { says, tries, isOnTheWay } = reasonFor(error, authorityAdvice);
  const suggestions = [...tries, ...(isOnTheWay ? proxyAdvice(url) : [])];
  return new UserError('SPACECTL_UNREACHABLE', `Cannot reach ${url.host}: ${says}`, { suggestions, cause: error });
}

function proxyFailure({ proxy, target, status, cause }: ProxyFailure, authorityAdvice: string): UserError {
  const exempt = `Name ${target.replace(/:\d+$/, '')} in NO_PROXY if it can be reached without`;
  if (status === 407) {
    const wants = proxy.username ? 'does not accept the name and password in its URL' : 'wants a name and a password';
    return new UserError('SPACECTL_NOT_ALLOWED', `The proxy ${proxy.host} ${wants} (HTTP 407)`, {
      suggestions: [`Give them in its URL, percent-encoded: ${proxy.protocol}//USER:PASSWORD@${proxy.host}`],
    });
  }
  if (status !== undefined) {
    const message = `The proxy ${proxy.host} does not connect to ${target} (HTTP ${status})`;
    return new UserError('SPACECTL_UNREACHABLE', message, {
      suggestions: [`Does the proxy allow ${target}? Whoever runs it knows`, exempt],
    });
  }
  const { says, tries } = reasonFor(cause, authorityAdvice);
  const message = `Cannot reach the proxy ${proxy.host} on the way to ${target}: ${says}`;
  const suggestions = [...tries, 'Are HTTPS_PROXY and HTTP_PROXY right?', exempt];
  return new UserError('SPACECTL_UNREACHABLE', message, { suggestions, cause });
}

/** The user's error for an answer whose status is not one the caller can use. `what` is what was asked for. */
export function failedStatus({ status, url }: HttpResponse, what: string): UserError {
  if (status === 401 || status === 403) {
    return new UserError('SPACECTL_NOT_ALLOWED', `${url.host} does not allow reading ${what} (HTTP ${status})`);
  }
  const trouble = status === 429 ? 'has had too many requests from here' : 'could not answer';
  return new UserError('SPACECTL_UNREACHABLE', `${url.host} ${trouble}: ${what} (HTTP ${status})`);
}
