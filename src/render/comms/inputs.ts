import { readFileSync } from 'node:fs';
import { UserError } from '../../core/errors.ts';
import { parseUrl } from '../../core/url.ts';
import { readToken, type Token } from '../../pki/index.ts';
import { tokenFilesIn } from '../../pool-folder/index.ts';
import { choice, onlyWhen, optionalText } from '../../step/input.ts';
import { type CommsAnswers, commsUrlOf, missingUrl, protocolOf } from './variables.ts';

/** What tells, while questions are asked, whether a URL has to be given. */
type UrlSigns = Omit<CommsAnswers, 'worker-comms-url'> & { readonly dir: string; readonly token?: string | undefined };

const url = optionalText({
  section: 'hosts',
  summary: 'URL of Spacelift that workers poll; required for FedRAMP and self-hosted installations',
  question: 'URL of Spacelift that workers poll (the one you open in a browser)',
  placeholder: 'URL',
  asked: needsUrl,
  parse: parseCommsUrl,
});

/** How workers talk to Spacelift. The wizard asks for the URL only if it cannot know it. */
export const commsInputs = {
  'worker-comms': choice({
    section: 'hosts',
    summary:
      'How workers talk to Spacelift: poll (HTTPS), mqtt (Spacelift retires it at the end of 2026), or unset for a self-hosted server that predates polling',
    asked: false,
    choices: [{ value: 'poll' }, { value: 'mqtt' }, { value: 'unset' }],
    default: 'poll',
  }),
  'worker-comms-url': onlyWhen(({ 'worker-comms': comms }: UrlSigns) => comms === 'poll', {
    ...url,
    parse(texts: readonly string[], values: UrlSigns) {
      // A prompt for an optional value accepts an empty one, which would fail only after the last question.
      if (texts[0] === undefined && needsUrl(values)) throw missingUrl();
      return url.parse(texts, values);
    },
  }),
} as const;

/**
 * Parses the URL of a Spacelift server, and drops a trailing slash.
 * @throws UserError `SPACECTL_BAD_INPUT` for anything but `https://HOST[:PORT]`
 */
export function parseCommsUrl(text: string): string {
  const parsed = parseUrl(text);
  const isBare = /^https:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d+)?\/?$/i.test(text);
  if (parsed && isBare) return parsed.origin;
  // A login or a query can be a secret, so only scheme, host and path are shown.
  const shown = parsed?.host ? `${parsed.protocol}//${parsed.host}${parsed.pathname}` : text.replace(/[?#].*$/s, '');
  throw new UserError('SPACECTL_BAD_INPUT', `"${shown}" is not https://HOST or https://HOST:PORT`, {
    suggestions: [
      parsed?.host
        ? `Pass only the scheme and the host: https://${parsed.host}`
        : 'Pass a URL such as https://spacelift.example.com',
    ],
  });
}

function needsUrl(values: UrlSigns): boolean {
  const given = { ...values, 'worker-comms-url': undefined };
  return protocolOf(given) === 'poll' && commsUrlOf(given, tokenIn(values)) === undefined;
}

/** Returns the token that was just answered, else the folder's. A damaged token is reported where it is used. */
function tokenIn({ dir, token }: UrlSigns): Token | undefined {
  try {
    const [file] = tokenFilesIn(dir);
    if (token !== undefined) return readToken(Buffer.from(token));
    return file === undefined ? undefined : readToken(readFileSync(file), file);
  } catch {
    return undefined;
  }
}
