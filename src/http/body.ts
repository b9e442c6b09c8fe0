import { UserError } from '../core/errors.ts';
import type { HttpResponse } from './response.ts';

/**
 * Reads a small body into memory.
 *
 * @param limit the maximum size in bytes
 * @throws UserError `SPACECTL_BAD_DATA` if it is larger; `SPACECTL_UNREACHABLE` if the connection breaks
 */
export async function readBody(response: HttpResponse, { limit }: { limit: number }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      throw new UserError('SPACECTL_BAD_DATA', `The response from ${response.url.host} is larger than ${limit} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** Discards the body of a response. The connection is kept for the next request if the body is small. */
export function discard({ body, headers }: HttpResponse): void {
  if (Number(headers['content-length'] ?? Number.POSITIVE_INFINITY) <= 64 * 1024) body.resume();
  else body.destroy();
}
