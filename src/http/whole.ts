import { UserError } from '../core/errors.ts';
import { readBody } from './body.ts';
import type { HttpClient, HttpRequest } from './client.ts';
import type { HttpResponse } from './response.ts';
import { ATTEMPTS, isTransientError, pauseBefore } from './retry.ts';

/**
 * Sends a request and reads the whole response. If the connection breaks in the middle of the body, asks again, provided
 * that the request may be sent twice.
 *
 * @param limit the maximum size of the body in bytes
 * @throws UserError as `HttpClient.request` and `readBody`
 */
export async function requestWhole(
  http: HttpClient,
  request: HttpRequest & { readonly isRepeatable: boolean },
  { limit, wait = pauseBefore }: { readonly limit: number; readonly wait?: typeof pauseBefore },
): Promise<{ readonly response: HttpResponse; readonly body: Buffer }> {
  for (let attempt = 1; ; attempt++) {
    const response = await http.request(request);
    try {
      return { response, body: await readBody(response, { limit }) };
    } catch (error) {
      const isCut = error instanceof UserError && isTransientError(error.cause);
      if (!isCut || !request.isRepeatable || attempt === ATTEMPTS) throw error;
    }
    await wait(attempt, request.signal);
  }
}
