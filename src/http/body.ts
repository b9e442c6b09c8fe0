import { UserError } from '../core/errors.ts';
import type { HttpResponse } from './response.ts';

/**
 * Reads a body that is small by nature into memory.
 *
 * @param limit the most bytes it may have
 * @throws UserError `SPACECTL_BAD_DATA` if it has more; `SPACECTL_UNREACHABLE` if the connection breaks
 */
export async function readBody(response: HttpResponse, { limit }: { limit: number }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      throw new UserError('SPACECTL_BAD_DATA', `The answer from ${response.url.host} is larger than ${limit} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** Lets go of an answer whose body does not matter. The connection is kept for the next request if that costs little. */
export function discard({ body, headers }: HttpResponse): void {
  if (Number(headers['content-length'] ?? Number.POSITIVE_INFINITY) <= 64 * 1024) body.resume();
  else body.destroy();
}
