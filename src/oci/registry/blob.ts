import { abortReason, UserError } from '../../core/errors.ts';
import { type HttpResponse, pauseBefore } from '../../http/index.ts';
import { badImage } from '../bad-image.ts';
import type { ReadMode } from '../image.ts';
import type { Repository } from './repository.ts';

/** How often a transfer may break without a byte of progress between. */
const MOST_BREAKS = 5;
/** The first piece that is asked for where only the beginning may be needed; each one after it is twice as long. */
const FIRST_PIECE = 64 * 1024;

/**
 * The bytes of a blob. A transfer that breaks goes on where it broke, as far as the registry can (RFC 9110, 14.2; single,
 * closed ranges, which all of them answer); asked for at the registry again, because signed addresses expire.
 *
 * @throws UserError `SPACECTL_UNREACHABLE`, `SPACECTL_BAD_IMAGE` if the registry does not have it
 */
export async function* readBlob(
  repository: Repository,
  { digest, size }: { readonly digest: string; readonly size: number },
  signal: AbortSignal,
  mode: ReadMode = 'whole',
): AsyncGenerator<Buffer> {
  let piece = mode === 'beginning' ? FIRST_PIECE : size;
  let breaks = 0;
  let at = 0;
  do {
    const end = Math.min(size, at + piece);
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
      // Complete answers that fall short: there is no more, and the digest will say that this is not what was promised.
      if (at < end && (response.status === 200 || at === before)) return;
      piece *= 2;
      breaks = 0;
    } catch (error) {
      if (signal.aborted) throw abortReason(signal);
      if (!(error instanceof UserError) || error.code !== 'SPACECTL_UNREACHABLE') throw error;
      breaks = at > before ? 1 : breaks + 1;
      if (breaks > MOST_BREAKS) throw error;
      await pauseBefore(breaks, signal);
    } finally {
      if (response && !response.body.readableEnded) response.body.destroy();
    }
  } while (at < size);
}

function rangeOf(start: number, end: number, size: number): Record<string, string> {
  return start === 0 && end === size ? {} : { range: `bytes=${start}-${end - 1}` };
}

/** Where in the blob an answer begins: whoever knows no ranges sends everything. */
function startOf({ status, headers }: HttpResponse): number {
  if (status === 200) return 0;
  const [, start] = /^bytes (\d+)-/.exec(headers['content-range'] ?? '') ?? [];
  return Number(start ?? 0);
}

function missing(digest: string): UserError {
  return badImage(`The registry does not have the layer ${digest} of its own image`);
}
