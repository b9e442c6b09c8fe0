import { UserError } from '../core/errors.ts';
import { sha256 } from '../core/sha256.ts';
import { openPartial, type PartialFile } from '../files/partial.ts';
import {
  describeFailure,
  discard,
  type HttpClient,
  type HttpResponse,
  isTooSlow,
  LONGEST_TRANSFER,
} from '../http/index.ts';
import type { Report } from '../step/content.ts';

/** Larger than any launcher. It keeps a faulty server from filling the disk. */
const MAX_BYTES = 512 * 1024 * 1024;

/** How often in a row a download may fail without progress, and what counts as progress. */
const MAX_STALLS = 3;
const PROGRESS_BYTES = 16 * 1024;

/** Milliseconds between two reports of progress. */
const PROGRESS_MS = 100;

/** A file to download. */
export interface DownloadRequest {
  readonly url: string;
  /** The name for messages, since a presigned URL is a secret. */
  readonly name: string;
  /** The expected SHA-256, hexadecimal. */
  readonly digest: string;
  /** The path of the finished file. The partial file is next to it. */
  readonly target: string;
  readonly client: HttpClient;
  readonly signal: AbortSignal;
  readonly report?: Report | undefined;
}

/**
 * Downloads a file with a known digest. It resumes after a broken connection (RFC 9110, 14.2), also in a later run. The
 * returned bytes are the ones that were hashed.
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
      // The part from an earlier run may be damaged, so the whole file is downloaded before the server is blamed.
      await partial.clear();
      await receive(request, partial);
      bytes = await partial.read();
    }
    verifyDigest(bytes, request.digest, request.name);
    await partial.remove();
    return bytes;
  } catch (error) {
    // After a network failure, the partial file is kept for the next run.
    const isKept = error instanceof UserError && error.code === 'SPACECTL_UNREACHABLE' && partial.size > 0;
    await (isKept ? partial.close() : partial.remove());
    throw error;
  }
}

/** Checks that bytes have a digest. @throws UserError `SPACECTL_DIGEST_MISMATCH` */
export function verifyDigest(bytes: Uint8Array, digest: string, origin: string): void {
  if (hasDigest(bytes, digest)) return;
  const isPage = /^\s*</.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1'));
  const what = isPage ? 'is a web page, not the launcher' : `does not match its SHA-256 checksum (${digest})`;
  throw new UserError('SPACECTL_DIGEST_MISMATCH', `${origin} ${what}`, {
    suggestions: isPage
      ? ['Check for a proxy or a login page that answers instead of the server']
      : ['Try again. If it still does not match, do not use the file'],
  });
}

/** Reports whether bytes have a SHA-256 digest. */
export function hasDigest(bytes: Uint8Array, digest: string): boolean {
  return sha256(bytes) === digest;
}

/** Downloads the missing part. It retries after broken connections as long as there is progress. */
async function receive(request: DownloadRequest, partial: PartialFile): Promise<void> {
  const deadline = Date.now() + LONGEST_TRANSFER;
  for (let stalls = 0; ; ) {
    const before = partial.size;
    const response = await requestMissing(request, partial);
    if (!response) return;
    const progress = createProgress(partial.size + Number(response.headers['content-length']), request.report);
    try {
      for await (const chunk of response.body as AsyncIterable<Buffer>) {
        if (partial.size + chunk.length > MAX_BYTES) throw tooLarge(request.name);
        await partial.append(chunk);
        progress(partial.size);
      }
      return;
    } catch (error) {
      const isBroken = error instanceof UserError && error.code === 'SPACECTL_UNREACHABLE';
      if (!isBroken || request.signal.aborted || isTooSlow(error) || Date.now() > deadline) throw error;
      stalls = partial.size - before >= PROGRESS_BYTES ? 0 : stalls + 1;
      if (stalls >= MAX_STALLS) throw error;
    }
  }
}

/** Creates a function that reports how much has arrived. @param total bytes; NaN if the server does not say */
function createProgress(total: number, report: Report = () => {}): (received: number) => void {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  const of = Number.isNaN(total) ? '' : ` of ${megabytes(total)}`;
  let last = Date.now();
  return (received) => {
    if (Date.now() - last < PROGRESS_MS) return;
    last = Date.now();
    report(`Received ${megabytes(received)}${of} MB`, 'passing');
  };
}

/**
 * Requests the missing part, or the whole file if the server does not support ranges or now has a different file.
 * @returns `undefined` if nothing is missing
 */
async function requestMissing(request: DownloadRequest, partial: PartialFile): Promise<HttpResponse | undefined> {
  const { url, name, client, signal } = request;
  const headers: Record<string, string> = partial.size > 0 ? { range: `bytes=${partial.size}-` } : {};
  const response = await client.request({ url, headers, signal });
  const [, start, total] = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(response.headers['content-range'] ?? '') ?? [];
  if (response.status === 206 && Number(start) === partial.size) return response;
  if (response.status === 200) {
    if (partial.size > 0) await partial.clear();
    return response;
  }
  if (response.status === 206 || response.status === 416) {
    discard(response);
    if (response.status === 416 && Number(total) === partial.size) return undefined;
    await partial.clear();
    return requestMissing(request, partial);
  }
  throw await describeFailure(response, name);
}

function tooLarge(name: string): UserError {
  return new UserError(
    'SPACECTL_BAD_DATA',
    `${name} is larger than ${MAX_BYTES / 1024 / 1024} MiB, so it is not a launcher`,
  );
}
