import type { UserError } from '../core/errors.ts';
import { toSafeLine } from '../core/safe-line.ts';
import { discard } from './body.ts';
import { failedStatus } from './failure.ts';
import type { HttpResponse } from './response.ts';

/** How much of an answer is read for an explanation, in bytes, and for how long, in milliseconds. */
const MAX_BYTES = 32 * 1024;
const MAX_TIME = 5_000;

/**
 * Creates the error for a response with a status that the caller cannot use, with what the server itself says: "use a
 * token", "you have reached your limit", the title of a maintenance page. It reads or discards the body.
 *
 * @param what what was requested
 */
export async function describeFailure(response: HttpResponse, what: string): Promise<UserError> {
  return failedStatus(response, what, await explanationIn(response));
}

/** Reads why a server refuses. @returns one short line without secrets; `undefined` if it does not say */
export async function explanationIn(response: HttpResponse): Promise<string | undefined> {
  if (response.status < 400) {
    discard(response);
    return undefined;
  }
  const text = (await readStart(response)).toString('utf8').trim();
  const said = fromJson(text) ?? fromMarkup(text) ?? (isPlainText(response) ? text : undefined);
  return said === undefined ? undefined : toSafeLine(said) || undefined;
}

/** Reads the beginning of a body. A body that breaks or is slow is no second failure: what came of it is returned. */
async function readStart({ body }: HttpResponse): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => body.destroy(), MAX_TIME);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MAX_BYTES) break;
    }
  } catch {
    // What came so far is enough.
  } finally {
    clearTimeout(timer);
    body.destroy();
  }
  return Buffer.concat(chunks).subarray(0, MAX_BYTES);
}

/**
 * Reads the shapes in which services explain errors in JSON: `errors[].message` of registries (distribution-spec, "Error
 * Codes"), `error_description` of OAuth 2 (RFC 6749, 5.2), `details` and `message` of token servers.
 */
function fromJson(text: string): string | undefined {
  if (!/^[{[]/.test(text)) return undefined;
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  const listed = at(document, 'errors');
  const messages = (Array.isArray(listed) ? listed : []).flatMap((each) => {
    const said = at(each, 'message') || at(each, 'code');
    return typeof said === 'string' ? said : [];
  });
  if (messages.length > 0) return [...new Set(messages)].slice(0, 3).join('; ');
  const names = ['error_description', 'message', 'Message', 'details', 'detail', 'error'];
  return names.map((name) => at(document, name)).find((said) => typeof said === 'string' && said !== '') as
    | string
    | undefined;
}

function at(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[name] : undefined;
}

/** Reads the title of a page, or the message of an object store (Amazon S3, REST error responses). */
function fromMarkup(text: string): string | undefined {
  if (!text.startsWith('<')) return undefined;
  const [, title] = /<title[^>]{0,200}>([^<]{1,1000})/i.exec(text) ?? /<Message>([^<]{1,1000})/.exec(text) ?? [];
  return title && decodeEntities(title);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,6})|([a-z]{2,5}));/g,
    (whole, number: string | undefined, name: string | undefined) =>
      number === undefined ? (ENTITIES[name ?? ''] ?? whole) : String.fromCodePoint(Math.min(Number(number), 0x10ffff)),
  );
}

function isPlainText({ headers }: HttpResponse): boolean {
  return /^text\/plain\b/i.test(headers['content-type'] ?? '');
}
