import * as v from 'valibot';
import { UserError } from '../core/errors.ts';
import { BadJson, readJson } from '../core/json.ts';

/** What is publicly known of a worker pool token, which is base64 of a JSON document. */
export interface Token {
  /** Where the launcher connects: the field `.broker.endpoint`. */
  readonly endpoint?: string;
  /** Whether it belongs to the FedRAMP environment, which has its own launcher. */
  readonly isFedRamp: boolean;
  /** PEM certificates found in any string of the document. */
  readonly certificates: readonly string[];
}

/** Spacelift does not document the format, so a missing or different field is not an error. */
const TOKEN = v.looseObject({
  broker: v.fallback(v.looseObject({ endpoint: v.fallback(v.optional(v.string()), undefined) }), {}),
});

/**
 * Reads a token.
 * @param file how errors name it, if it is a file
 * @throws UserError `SPACECTL_BAD_TOKEN` that quotes nothing of it
 */
export function readToken(bytes: Uint8Array, file?: string): Token {
  const document = parse(Buffer.from(bytes).toString('latin1').trim(), file);
  const { endpoint } = document.broker;
  return {
    ...(endpoint && { endpoint }),
    isFedRamp: endpoint !== undefined && /\.fedramp\.spacelift\.(?:io|dev)$/i.test(hostOf(endpoint)),
    certificates: stringsIn(document).flatMap((text) => text.match(CERTIFICATE) ?? []),
  };
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

function parse(text: string, file: string | undefined): v.InferOutput<typeof TOKEN> {
  if (text === '') throw bad('it is empty', file);
  const encoding = encodingOf(text);
  if (encoding !== undefined) throw wrongEncoding(encoding, file);
  if (!/^[A-Za-z0-9+/\s]+={0,2}$/.test(text)) throw bad('it is not base64', file);
  try {
    return readJson(TOKEN, Buffer.from(text, 'base64').toString('utf8'));
  } catch (error) {
    if (error instanceof BadJson) throw bad(`after base64 decoding, ${error.message}`, file);
    throw error;
  }
}

/**
 * Names the encoding of a file that Windows wrote: PowerShell 5.1 writes UTF-16 with `>`, and UTF-8 with a byte order mark
 * (about_Character_Encoding). Base64 has no NUL character.
 */
function encodingOf(text: string): string | undefined {
  if (text.includes('\0')) return 'UTF-16';
  return /^(?:\u00ef\u00bb\u00bf|\ufeff)/.test(text) ? 'UTF-8 with a byte order mark' : undefined;
}

function wrongEncoding(encoding: string, file = 'The worker pool token'): UserError {
  const message = `${file} is saved as ${encoding}; spacectl reads it as ASCII`;
  return new UserError('SPACECTL_BAD_TOKEN', message, {
    suggestions: [
      {
        text: 'Save it again in PowerShell, then pass worker-pool.config',
        command: 'Get-Content FILE | Set-Content -Encoding ascii worker-pool.config',
      },
    ],
  });
}

/** Returns the host of `host`, `host:port` or a URL. */
function hostOf(endpoint: string): string {
  return endpoint.replace(/^[a-z+]+:\/\//i, '').replace(/[:/].*$/s, '');
}

/** Returns all strings in a document, at any depth. It does not recurse: a damaged token may be nested deeply. */
function stringsIn(document: unknown): readonly string[] {
  const strings: string[] = [];
  const pending = [document];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value === 'string') strings.push(value);
    else if (typeof value === 'object' && value)
      for (const inner of Object.values(value).reverse()) pending.push(inner);
  }
  return strings;
}

function bad(what: string, file = 'This'): UserError {
  return new UserError('SPACECTL_BAD_TOKEN', `${file} is not a worker pool token: ${what}`, {
    suggestions: ['Pass the file worker-pool-<id>.config that Spacelift offers when you create or reset the pool'],
  });
}
