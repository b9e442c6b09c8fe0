import { UserError } from '../core/errors.ts';

/** What is publicly known of a worker pool token: base64 of a JSON document. */
export interface Token {
  /** Where the launcher connects: the field `.broker.endpoint`. */
  readonly endpoint?: string;
  /** Whether it belongs to the FedRAMP environment, which has a launcher of its own. */
  readonly isFedRamp: boolean;
  /** PEM certificates found in any string of the document. */
  readonly certificates: readonly string[];
}

/** Reads a token. @throws UserError `SPACECTL_BAD_TOKEN`, which shows nothing of it */
export function readToken(bytes: Uint8Array): Token {
  const document = parse(Buffer.from(bytes).toString('latin1').trim());
  const endpoint = endpointOf(document);
  return {
    ...(endpoint && { endpoint }),
    isFedRamp: endpoint !== undefined && /\.fedramp\.spacelift\.(?:io|dev)$/i.test(hostOf(endpoint)),
    certificates: [...strings(document)].flatMap((text) => text.match(CERTIFICATE) ?? []),
  };
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

function parse(text: string): object {
  if (text === '') throw bad('it is empty');
  if (!/^[A-Za-z0-9+/\s]+={0,2}$/.test(text)) throw bad('it is not base64');
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  } catch {
    // The parser's own message quotes the text: it is not passed on.
    throw bad('what it encodes is not JSON; it may be cut off');
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw bad('what it encodes is no object');
  return document;
}

function endpointOf(document: object): string | undefined {
  const broker = 'broker' in document ? document.broker : undefined;
  const endpoint = typeof broker === 'object' && broker && 'endpoint' in broker ? broker.endpoint : undefined;
  return typeof endpoint === 'string' ? endpoint : undefined;
}

/** The host of `host`, `host:port` or a URL. */
function hostOf(endpoint: string): string {
  return endpoint.replace(/^[a-z+]+:\/\//i, '').replace(/[:/].*$/s, '');
}

/** Every string at any depth. */
function* strings(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value) for (const inner of Object.values(value)) yield* strings(inner);
}

function bad(what: string): UserError {
  return new UserError('SPACECTL_BAD_TOKEN', `This is not a worker pool token: ${what}`, {
    suggestions: ['Give the file worker-pool-<id>.config that Spacelift offers when the pool is created or reset'],
  });
}
