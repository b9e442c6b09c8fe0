import { UserError } from '../core/errors.ts';
import { sha256 } from '../core/sha256.ts';
import { openPartial, type PartialFile } from '../files/partial.ts';
import { discard, failedStatus, type HttpClient, type HttpResponse } from '../http/index.ts';

/** No launcher is as large: a server that goes on and on does not fill the disk. */
const LIMIT = 512 * 1024 * 1024;

/** How often in a row a download may break off without a byte of progress. */
const STALLS = 3;

export interface DownloadRequest {
  readonly url: string;
  /** What it is called in messages: a presigned URL is a secret. */
  readonly name: string;
  /** Hexadecimal SHA-256 that the bytes must have. */
  readonly digest: string;
  /** Where the file will go: it grows beside it. */
  readonly target: string;
  readonly client: HttpClient;
  readonly signal: AbortSignal;
}

/**
 * Downloads a file of known digest. A broken connection is taken up where it broke (RFC 9110, 14.2), within one run and
 * over several. The bytes returned are those that were hashed.
 *
 * @throws UserError `SPACECTL_DIGEST_MISMATCH`, `SPACECTL_UNREACHABLE`, `SPACECTL_CANNOT_WRITE`
 */
export async function download(request: DownloadRequest): Promise<Buffer> {
  const partial = await openPartial(request.target, request.digest);
  try {
    const wasResumed = partial.size > 0;
    await receive(request, partial);
    let bytes = await partial.read();
    if (wasResumed && !hasDigest(bytes, request.digest)) {
      // What an earlier run left may be damaged: that is no verdict on the server.
      await partial.clear();
      await receive(request, partial);
      bytes = await partial.read();
    }
    refuseOtherDigest(bytes, request.digest, request.name);
    await partial.remove();
    return bytes;
  } catch (error) {
    // What came so far is kept for the next run, unless there is no room for it.
    const isKept = error instanceof UserError && error.code === 'SPACECTL_UNREACHABLE' && partial.size > 0;
    await (isKept ? partial.close() : partial.remove());
    throw error;
  }
}

/** @throws UserError `SPACECTL_DIGEST_MISMATCH` */
export function refuseOtherDigest(bytes: Uint8Array, digest: string, origin: string): void {
  if (hasDigest(bytes, digest)) return;
  const isPage = /^\s*</.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1'));
  const what = isPage ? 'a web page, not the launcher' : `not what its checksum says (${digest})`;
  throw new UserError('SPACECTL_DIGEST_MISMATCH', `${origin} is ${what}`, {
    suggestions: isPage
      ? ['Does a proxy or a login page answer in its place?']
      : ['Try again; if it stays so, do not use the file'],
  });
}

export function hasDigest(bytes: Uint8Array, digest: string): boolean {
  return sha256(bytes) === digest;
}

/** Receives what is missing, however often the connection breaks, as long as it gets on. */
async function receive(request: DownloadRequest, partial: PartialFile): Promise<void> {
  for (let stalls = 0; ; ) {
    const before = partial.size;
    const response = await ask(request, partial);
    if (!response) return;
    try {
      for await (const chunk of response.body as AsyncIterable<Buffer>) {
        if (partial.size + chunk.length > LIMIT) throw tooLarge(request.name);
        await partial.append(chunk);
      }
      return;
    } catch (error) {
      const isBroken = error instanceof UserError && error.code === 'SPACECTL_UNREACHABLE';
      if (!isBroken || request.signal.aborted) throw error;
      stalls = partial.size > before ? 0 : stalls + 1;
      if (stalls >= STALLS) throw error;
    }
  }
}

/** Asks for what is missing; where the server does not know ranges, or has another file by now, for all of it. */
async function ask(request: DownloadRequest, partial: PartialFile): Promise<HttpResponse | undefined> {
  const { url, name, client, signal } = request;
  const headers: Record<string, string> = partial.size > 0 ? { range: `bytes=${partial.size}-` } : {};
  const response = await client.request({ url, headers, signal });
  const [, start, total] = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(response.headers['content-range'] ?? '') ?? [];
  if (response.status === 206 && Number(start) === partial.size) return response;
  if (response.status === 200) {
    if (partial.size > 0) await partial.clear();
    return response;
  }
  discard(response);
  if (response.status === 416 && Number(total) === partial.size) return undefined;
  if (response.status === 206 || response.status === 416) {
    await partial.clear();
    return ask(request, partial);
  }
  throw failedStatus(response, name);
}

function tooLarge(name: string): UserError {
  return new UserError('SPACECTL_BAD_DATA', `${name} is larger than ${LIMIT / 1024 / 1024} MB: that is no launcher`);
}
