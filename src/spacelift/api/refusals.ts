import { UserError } from '../../core/errors.ts';
import { toSafeLine } from '../../core/safe-line.ts';
import { quoteIfNeeded } from '../../core/text.ts';
import { failedStatus, type HttpResponse, isLoopback, proxyFor } from '../../http/index.ts';
import { type GraphQlError, messageOf, unknownNames } from './answer.ts';
import type { Api } from './api.ts';
import type { Variables, Viewer } from './operation.ts';

/** Characters of a server's message that are repeated. */
const MAX_MESSAGE = 500;

type Requester = Pick<Api, 'credentials' | 'session'>;

/** Returns the error for credentials that Spacelift does not accept, or no longer accepts. */
export function unauthorized({ credentials, session }: Requester): UserError {
  const { source, endpoint, method, profile } = credentials;
  const end = method === 'token' ? session.expiresAt : undefined;
  const why = end && end.getTime() < Date.now() ? `: they expired on ${end.toISOString()}` : '';
  return new UserError('SPACECTL_NOT_ALLOWED', `${endpoint} rejected the credentials from ${source}${why}`, {
    suggestions: [
      profile
        ? { command: `spacectl profile login ${quoteIfNeeded(profile)}` }
        : `Check ${source}, or use a profile: --profile ALIAS`,
    ],
  });
}

/**
 * Returns the error for a missing permission. Spacelift also says so for a space that does not exist, such as the name of
 * one (spacelift-io/terraform-provider-spacelift@85652615, spacelift/internal/error.go).
 *
 * @param viewer who is logged in, if that is known
 * @param detail what the server said
 */
export function forbidden(
  { credentials }: Requester,
  act: string,
  { viewer, variables = {}, detail }: { viewer?: Viewer | undefined; variables?: Variables; detail?: string },
): UserError {
  const who = viewer ? `${viewer.name || viewer.id} (${viewer.id})` : 'The user';
  const message = `${who}, logged in with the credentials from ${credentials.source}, does not have permission to ${act} at ${credentials.endpoint}${detail ? ` (${detail})` : ''}`;
  const { space } = variables;
  return new UserError('SPACECTL_NOT_ALLOWED', message, {
    suggestions: [
      'Use an API key with admin access to the space: --profile ALIAS',
      ...(typeof space === 'string'
        ? [`Check that "${space}" is the ID of a space, as in its URL in Spacelift, not its name`]
        : []),
    ],
  });
}

/** Returns the error for a request that Spacelift rejected, with Spacelift's own message. */
export function rejection(errors: readonly GraphQlError[], act: string, api: Requester): UserError {
  const messages = errors.map((error) => toSafeLine(messageOf(error), MAX_MESSAGE)).join('; ');
  const isForbidden = errors.some(
    ({ message, extensions }) =>
      /^(?:FORBIDDEN|PERMISSION_DENIED)$/i.test(textOf((extensions as { code?: unknown } | null | undefined)?.code)) ||
      /\b(?:access denied|forbidden|permission|not allowed)\b/i.test(textOf(message)),
  );
  if (isForbidden) return forbidden(api, act, { detail: messages });
  const unknown = unknownNames(errors);
  return new UserError('SPACECTL_REQUEST_REFUSED', `Spacelift refused to ${act}: ${messages}`, {
    suggestions:
      unknown.length > 0
        ? [
            `This release of Spacelift does not know ${unknown.join(', ')}: leave it out, or update Spacelift Self-Hosted`,
          ]
        : [],
  });
}

/** Returns the error for an answer that lacks what was asked for, or has it as another type. @param problem why */
export function unusable(
  { credentials }: Requester,
  act: string,
  problem: string,
  errors: readonly GraphQlError[] = [],
): UserError {
  const said = errors.map((error) => toSafeLine(messageOf(error), MAX_MESSAGE)).join('; ');
  const message = `${credentials.endpoint}/graphql was asked to ${act}, and its answer cannot be used: ${problem}`;
  return new UserError('SPACECTL_UNREACHABLE', said ? `${message}. Spacelift says: ${said}` : message);
}

/** Returns the error for a response that is not GraphQL. @param problem why not */
export function notGraphQl(
  response: HttpResponse,
  body: Buffer,
  act: string,
  problem: string,
  api: Requester,
): UserError {
  const { status, url, headers } = response;
  const isPage =
    /\bhtml\b/i.test(headers['content-type'] ?? '') ||
    /^\s*(?:<!doctype html|<html)\b/i.test(body.toString('latin1', 0, 200));
  if (isPage) return page(response, body, act);
  if (status === 403) return forbidden(api, act, { detail: 'HTTP 403' });
  if (status === 429 || status >= 500) return failedStatus(response, act);
  const detail = headers.location ? `it redirects to ${headers.location}` : status === 200 ? problem : `HTTP ${status}`;
  return new UserError('SPACECTL_UNREACHABLE', `${url.href} is not a GraphQL API: ${detail}`, {
    suggestions: [addressAdvice(api)],
  });
}

/** Returns the error for an HTML page: of a proxy, a login portal, or of another server than Spacelift's. */
function page({ status, url }: HttpResponse, body: Buffer, act: string): UserError {
  const [, found = ''] = /<title[^<>]*>([^<]{1,200})/i.exec(body.toString('utf8', 0, 64 * 1024)) ?? [];
  const title = toSafeLine(found, 80);
  const proxy = isLoopback(url.hostname) ? undefined : proxyFor(url);
  const what = `an HTML page${title ? ` ("${title}")` : ''} instead of an answer (HTTP ${status})`;
  const code = status === 403 ? 'SPACECTL_NOT_ALLOWED' : 'SPACECTL_UNREACHABLE';
  return new UserError(code, `${url.href} was asked to ${act}, and sent ${what}`, {
    suggestions: [
      proxy
        ? `The page may come from the proxy ${proxy.host}: ask its administrator to allow ${url.host}`
        : 'The page may come from a proxy or a login portal of this network, or the address may be wrong',
      `Check the address of your account, ${url.origin}: it looks like https://ACCOUNT.app.spacelift.io`,
    ],
  });
}

function addressAdvice({ credentials }: Requester): string {
  return `Check the address of your account, ${credentials.endpoint}: it looks like https://ACCOUNT.app.spacelift.io`;
}

/** Returns a text as it is, and an empty one for anything else: not every value can be converted. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
