import { pause } from '../core/pause.ts';
import { ProxyFailure } from './proxy-failure.ts';
import { codeOf } from './reasons.ts';

/** Waits between attempts. Tests replace it. */
export type Wait = typeof pause;

/** The default maximum number of attempts for a request. */
export const ATTEMPTS = 5;

/** The longest wait that a server may ask for, in milliseconds. If it asks for more, its response is final. */
const MAX_WAIT = 60_000;

/** Methods that may be sent twice (RFC 9110, 9.2.2). */
const IDEMPOTENT: readonly string[] = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'];

const TRANSIENT_STATUS: readonly number[] = [408, 429, 500, 502, 503, 504];
const TRANSIENT_CODES: readonly string[] = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'];
const MAY_HAVE_ARRIVED: readonly string[] = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ERR_SLOW_ANSWER'];

/** Reports whether requests with this method may be sent twice. */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.includes(method);
}

/** Reports whether a retry may help after this error. */
export function isTransientError(error: unknown): boolean {
  if (error instanceof ProxyFailure && error.status !== undefined) return isTransientStatus(error.status);
  return TRANSIENT_CODES.includes(codeOf(error) ?? '');
}

/**
 * Reports whether a request failed before the server could receive it: the name was not resolved, nothing listened, TLS
 * was not established. A connection that ended or fell silent says nothing about that.
 */
export function isUnsent({ cause }: Error): boolean {
  if (cause instanceof ProxyFailure) return true;
  const code = codeOf(cause);
  return code !== undefined && !MAY_HAVE_ARRIVED.includes(code) && !code.startsWith('HPE_');
}

/** Reports whether a retry may help after this status. */
export function isTransientStatus(status: number): boolean {
  return TRANSIENT_STATUS.includes(status);
}

/**
 * Returns how long to wait before the next attempt, in milliseconds: what the server asks for (`Retry-After`: seconds or
 * a date, RFC 9110, 10.2.3), or an exponential backoff with jitter, so that clients do not all retry at the same time.
 * @returns `undefined` if the server asks for more than `MAX_WAIT`
 */
export function delayBefore(attempt: number, retryAfter: string | undefined): number | undefined {
  const asked = retryAfter === undefined ? undefined : parseRetryAfter(retryAfter);
  if (asked !== undefined) return asked <= MAX_WAIT ? asked : undefined;
  return 250 * 2 ** (attempt - 1) * (0.5 + Math.random());
}

function parseRetryAfter(value: string): number | undefined {
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** Waits before the given retry, with exponential backoff. @throws UserError `SPACECTL_INTERRUPTED` */
export async function pauseBefore(attempt: number, signal: AbortSignal): Promise<void> {
  await pause(delayBefore(attempt, undefined) ?? 0, signal);
}
