import { pause } from '../core/pause.ts';
import { ProxyFailure } from './proxy-failure.ts';
import { codeOf } from './reasons.ts';

/** Waits; tests put another one in its place. */
export type Wait = typeof pause;

/** How often a request is tried in all. */
export const ATTEMPTS = 5;

/** The longest wait a server may ask for, in milliseconds; if it wants more, its answer stands. */
const LONGEST_WAIT = 60_000;

/** RFC 9110, 9.2.2: methods that may be sent twice. */
const IDEMPOTENT: readonly string[] = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'];

const TRANSIENT_STATUS: readonly number[] = [408, 429, 500, 502, 503, 504];
const TRANSIENT_CODES: readonly string[] = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'];

export function mayRepeat(method: string): boolean {
  return IDEMPOTENT.includes(method);
}

/** Whether trying again may help after this error. */
export function isTransientError(error: unknown): boolean {
  if (error instanceof ProxyFailure && error.status !== undefined) return isTransientStatus(error.status);
  return TRANSIENT_CODES.includes(codeOf(error) ?? '');
}

/** Whether trying again may help after this status. */
export function isTransientStatus(status: number): boolean {
  return TRANSIENT_STATUS.includes(status);
}

/**
 * How long to wait before the next attempt, in milliseconds: what the server asks for (`Retry-After`: seconds or a date,
 * RFC 9110, 10.2.3), else twice as long each time, with jitter so that many clients do not come back together.
 * `undefined` if the server asks for longer than anyone would wait.
 */
export function delayBefore(attempt: number, retryAfter: string | undefined): number | undefined {
  const asked = retryAfter === undefined ? undefined : parseRetryAfter(retryAfter);
  if (asked !== undefined) return asked <= LONGEST_WAIT ? asked : undefined;
  return 250 * 2 ** (attempt - 1) * (0.5 + Math.random());
}

function parseRetryAfter(value: string): number | undefined {
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** Waits as long as is polite before trying something again for the given time. @throws the user's interruption */
export async function pauseBefore(attempt: number, signal: AbortSignal): Promise<void> {
  await pause(delayBefore(attempt, undefined) ?? 0, signal);
}
