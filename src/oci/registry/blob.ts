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
 * Reads the bytes of a blob. A transfer that fails or ends early is resumed with a range request (RFC 9110, 14.2; single,
 * closed ranges: go-containerregistry's own registry refuses open ones). Where the registry refuses, or sends another
 * part, the whole blob is requested, and skipped up to there. The request goes to the registry again, because the signed
 * URLs that it redirects to expire.
 *
 * @throws UserError `SPACECTL_UNREACHABLE`, also for a blob that ends early each time; `SPACECTL_BAD_IMAGE` if the
 *   registry does not have it
 */
export async function* readBlob(
  repository: Repository,
  { digest, size }: { readonly digest: string; readonly size: number },
  signal: AbortSignal,
  mode: ReadMode = 'whole',
): AsyncGenerator<Buffer> {
  let length = mode === 'beginning' ? FIRST_RANGE_BYTES : size;
  const deadline = Date.now() + LONGEST_TRANSFER;
  let hasRanges = true;
  let failures = 0;
  let at = 0;
  do {
    const end: number = hasRanges ? Math.min(size, at + length) : size;
    const range: string | undefined = hasRanges ? rangeOf(at, end, size) : undefined;
    const before = at;
    let response: HttpResponse | undefined;
    let failure: UserError | undefined;
    let isWhole = false;
    try {
      response = await repository.get(`blobs/${digest}`, range ? { range } : {}, signal);
      if (response.status === 404)
        throw badImage(`The registry does not have the blob ${digest} that its manifest lists`);
      const start = startOf(response);
      isWhole = response.status === 200;
      if (start > at) {
        if (!range) throw otherPart(response, digest);
        hasRanges = false;
        continue;
      }
      hasRanges &&= response.status === 206 || !range;
      let surplus = at - start;
      for await (const chunk of response.body as AsyncIterable<Buffer>) {
        const wanted = surplus > 0 ? chunk.subarray(Math.min(surplus, chunk.length)) : chunk;
        surplus -= chunk.length - wanted.length;
        at += wanted.length;
        if (wanted.length > 0) yield wanted;
      }
    } catch (error) {
      if (signal.aborted) throw abortReason(signal);
      if (!(error instanceof UserError) || error.code !== 'SPACECTL_UNREACHABLE') throw error;
      // A registry that sends a few bytes a connection would be asked for ever.
      if (isTooSlow(error)) throw error;
      failure = error;
    } finally {
      if (response && !response.body.readableEnded) response.body.destroy();
    }
    if (!failure && at >= end) {
      length *= 2;
      failures = 0;
      continue;
    }
    failures = at - before >= PROGRESS_BYTES ? 1 : failures + 1;
    // The registry itself has no more than that: it has sent it three times.
    const isAll = !failure && isWhole && at === before && failures > 2;
    if (failures > MAX_FAILURES || isAll || Date.now() > deadline)
      throw endedEarly(response, { digest, size, at }, failure);
    if (failure) await pauseBefore(failures, signal);
  } while (at < size);
}

function rangeOf(start: number, end: number, size: number): string | undefined {
  return start === 0 && end === size ? undefined : `bytes=${start}-${end - 1}`;
}

/**
 * Returns where in the blob a response begins; infinity where it holds nothing of it, or does not say what it holds (a
 * refusal, several parts). A server without ranges sends the whole blob.
 */
function startOf({ status, headers }: HttpResponse): number {
  if (status === 200) return 0;
  const [, start] = (status === 206 && /^bytes (\d+)-/.exec(headers['content-range'] ?? '')) || [];
  return start === undefined ? Number.POSITIVE_INFINITY : Number(start);
}

function otherPart({ url }: HttpResponse, digest: string): UserError {
  return new UserError('SPACECTL_UNREACHABLE', `${url.host} sent only a part of the blob ${digest}, unasked`);
}

/** Creates the error for a blob of which no more can be had. It may be whole at the registry: nothing says it was altered. */
function endedEarly(
  response: HttpResponse | undefined,
  { digest, size, at }: { readonly digest: string; readonly size: number; readonly at: number },
  failure: UserError | undefined,
): UserError {
  if (failure && at === 0) return failure;
  const ended = `ended early, after ${at} of ${size} bytes`;
  if (failure) {
    const { code, message, suggestions, cause } = failure;
    return new UserError(code, `The blob ${digest} ${ended}. ${message}`, { suggestions, cause });
  }
  return new UserError('SPACECTL_UNREACHABLE', `The blob ${digest} from ${response?.url.host} ${ended}`, {
    suggestions: ['Try again. If it fails again, the registry or a proxy has only a part of the image'],
  });
}
