import { abortReason, UserError } from '../../core/errors.ts';
import { type HttpResponse, isTooSlow, LONGEST_TRANSFER, pauseBefore } from '../../http/index.ts';
import { badImage } from '../bad-image.ts';
import type { ReadMode } from '../image.ts';
import type { Repository } from './repository.ts';

/** How often in a row a transfer may fail without progress, and what counts as progress. */
const MAX_FAILURES = 5;
const PROGRESS_BYTES = 16 * 1024;
/** The first range requested where only the beginning may be needed; each one after it is twice as long. */
const FIRST_RANGE_BYTES = 64 * 1024;

/**
 * Reads the bytes of a blob. A transfer that fails is resumed with a range request, where the registry supports them
 * (RFC 9110, 14.2; single, closed ranges, which all of them answer). The request goes to the registry again, because the
 * signed URLs that it redirects to expire.
 *
 * @throws UserError `SPACECTL_UNREACHABLE`, `SPACECTL_BAD_IMAGE` if the registry does not have it
 */
export async function* readBlob(
  repository: Repository,
  { digest, size }: { readonly digest: string; readonly size: number },
  signal: AbortSignal,
  mode: ReadMode = 'whole',
): AsyncGenerator<Buffer> {
  let length = mode === 'beginning' ? FIRST_RANGE_BYTES : size;
  const deadline = Date.now() + LONGEST_TRANSFER;
  let failures = 0;
  let at = 0;
  do {
    const end = Math.min(size, at + length);
    let response: HttpResponse | undefined;
    const before = at;
    try {
      response = await repository.get(`blobs/${digest}`, rangeOf(at, end, size), signal);
      if (response.status === 404) throw missing(digest);
      if (response.status === 416) return;
      let surplus = at - startOf(response);
      for await (const chunk of response.body as AsyncIterable<Buffer>) {
        const wanted = surplus > 0 ? chunk.subarray(Math.min(surplus, chunk.length)) : chunk;
        surplus -= chunk.length - wanted.length;
        at += wanted.length;
        if (wanted.length > 0) yield wanted;
      }
      // A complete response that is too short: there are no more bytes, and the digest check fails.
      if (at < end && (response.status === 200 || at === before)) return;
      length *= 2;
      failures = 0;
    } catch (error) {
      if (signal.aborted) throw abortReason(signal);
      if (!(error instanceof UserError) || error.code !== 'SPACECTL_UNREACHABLE') throw error;
      // A registry that sends a few bytes a connection would be asked for ever.
      if (isTooSlow(error) || Date.now() > deadline) throw error;
      failures = at - before >= PROGRESS_BYTES ? 1 : failures + 1;
      if (failures > MAX_FAILURES) throw error;
      await pauseBefore(failures, signal);
    } finally {
      if (response && !response.body.readableEnded) response.body.destroy();
    }
  } while (at < size);
}

function rangeOf(start: number, end: number, size: number): Record<string, string> {
  return start === 0 && end === size ? {} : { range: `bytes=${start}-${end - 1}` };
}

/** Returns where in the blob a response begins. A server without ranges sends the whole blob. */
function startOf({ status, headers }: HttpResponse): number {
  if (status === 200) return 0;
  const [, start] = /^bytes (\d+)-/.exec(headers['content-range'] ?? '') ?? [];
  return Number(start ?? 0);
}

function missing(digest: string): UserError {
  return badImage(`The registry does not have the blob ${digest} that its manifest lists`);
}
