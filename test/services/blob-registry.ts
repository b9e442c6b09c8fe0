import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { createHttpClient, type HttpClientOptions } from '../../src/http/index.ts';
import { readBlob } from '../../src/oci/registry/blob.ts';
import { createRepository } from '../../src/oci/registry/repository.ts';
import { startHttpServer } from './http-server.ts';

export const DIGEST = `sha256:${'0'.repeat(64)}`;
export const KIB = 1024;
export const bytes = randomBytes(300 * KIB);

export type Answer = (
  request: IncomingMessage,
  response: ServerResponse,
  range: { start: number; end: number },
) => void;

/** Answers a range as RFC 9110, 14.2 and 15.3.7 say, or the whole. @param length how much of it before the line breaks */
export const asAsked =
  (length?: number): Answer =>
  ({ headers }, response, { start, end }) => {
    const part = bytes.subarray(start, end);
    const range = { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` };
    response.writeHead(headers.range ? 206 : 200, { 'content-length': part.length, ...(headers.range && range) });
    send(response, part, length);
  };

/** Answers with the whole, as servers without ranges do. */
export const whole =
  (length?: number): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    send(response, bytes, length);
  };

export const status =
  (code: number): Answer =>
  (_, response) =>
    void response.writeHead(code).end('an error page '.repeat(200));

function send(response: ServerResponse, part: Buffer, length?: number): void {
  if (length === undefined) response.end(part);
  else response.write(part.subarray(0, length), () => response.destroy());
}

interface ReadOptions extends Pick<HttpClientOptions, 'pace'> {
  readonly mode?: 'whole' | 'beginning';
  readonly size?: number;
}

/** Reads a blob from a registry that gives these answers, the last again and again. */
export async function read(
  answers: readonly Answer[],
  { mode = 'whole', size = bytes.length, pace }: ReadOptions = {},
) {
  const left = [...answers];
  const registry = await startHttpServer((request, response) => {
    const [, start = '0', end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const range = { start: Number(start), end: end === undefined ? size : Number(end) + 1 };
    (left.length > 1 ? left.shift() : left[0])?.(request, response, range);
  });
  const client = createHttpClient({ environment: {}, attempts: 1, ...(pace && { pace }) });
  onTestFinished(() => client.close());
  const repository = createRepository(`${registry.url}/v2/x`, client, { credentials: undefined }, () => {});
  const chunks: Buffer[] = [];
  let code = 'read';
  let message = '';
  try {
    const { signal } = new AbortController();
    for await (const chunk of readBlob(repository, { digest: DIGEST, size }, signal, mode)) chunks.push(chunk);
  } catch (error) {
    ({ code, message } = error as { code: string; message: string });
  }
  const ranges = registry.requests.map(({ headers }) => headers.range ?? 'all');
  return { content: Buffer.concat(chunks), code, message, ranges, registry };
}

/** Ends the body early, and the connection in order: nothing but the size shows that something is missing. */
export const short =
  (length: number, isRange = true): Answer =>
  (_, response, { start, end }) => {
    const range = { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` };
    if (start > 0 && isRange) response.writeHead(206, { ...range, connection: 'close' });
    else response.writeHead(200, { connection: 'close' });
    response.end(bytes.subarray(isRange ? start : 0, Math.min(end, (isRange ? start : 0) + length)));
  };

/** Answers a range with another part of the blob. */
export const part =
  (first: number, range: string | undefined): Answer =>
  (_, response) =>
    void response.writeHead(206, range === undefined ? {} : { 'content-range': range }).end(bytes.subarray(first));
