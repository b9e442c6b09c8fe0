import { UserError } from '../core/errors.ts';
import { readBody } from './body.ts';
import type { HttpClient, HttpRequest } from './client.ts';
import type { HttpResponse } from './response.ts';
import { ATTEMPTS, isTransientError, pauseBefore } from './retry.ts';

/** How often an answer that came in order, but is not complete, is asked for. It may be so at the server itself. */
const INCOMPLETE_ATTEMPTS = 3;

/** A response with its whole body. */
export interface WholeResponse {
  readonly response: HttpResponse;
  readonly body: Buffer;
}

interface WholeOptions {
  /** The maximum size of the body in bytes. */
  readonly limit: number;
  readonly wait?: typeof pauseBefore;
}

/**
 * Sends a request and reads the whole response. If the connection breaks in the middle of the body, asks again, provided
 * that the request may be sent twice.
 *
 * @throws UserError as `HttpClient.request` and `readBody`
 */
export async function requestWhole(
  http: HttpClient,
  request: HttpRequest & { readonly isRepeatable: boolean },
  options: WholeOptions,
): Promise<WholeResponse> {
  const { isRepeatable, signal } = request;
  return fetchWhole(() => http.request(request), { ...options, isRepeatable, signal });
}

/**
 * Reads the whole body of what `send` resolves to, and sends again if the connection breaks in its middle.
 *
 * @param isComplete whether a body is all that it should be, for those whose content shows it. One that is not is asked
 *   for again, and returned in the end: the caller says what it lacks
 * @throws UserError as `send` and `readBody`
 */
export async function fetchWhole(
  send: () => Promise<HttpResponse>,
  {
    limit,
    signal,
    isRepeatable = true,
    isComplete = () => true,
    wait = pauseBefore,
  }: WholeOptions & {
    readonly signal: AbortSignal;
    readonly isRepeatable?: boolean;
    readonly isComplete?: (whole: WholeResponse) => boolean;
  },
): Promise<WholeResponse> {
  for (let attempt = 1; ; attempt++) {
    const response = await send();
    try {
      const whole = { response, body: await readBody(response, { limit }) };
      if (!isRepeatable || attempt >= INCOMPLETE_ATTEMPTS || isComplete(whole)) return whole;
    } catch (error) {
      const isCut = error instanceof UserError && isTransientError(error.cause);
      if (!isCut || !isRepeatable || attempt === ATTEMPTS) throw error;
    }
    await wait(attempt, signal);
  }
}
