import { UserError } from '../../core/errors.ts';
import { wordFor } from '../../core/words.ts';
import { failedStatus, type HttpResponse } from '../../http/index.ts';
import type { Api } from './api.ts';

interface GraphQlError {
  readonly message?: unknown;
  readonly extensions?: { readonly code?: unknown } | null;
}

/** What a GraphQL server answers (GraphQL specification, section 7.1). */
export interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphQlError[];
}

/** Reads an answer. @returns `undefined` where it is none: a proxy's page, the wrong address */
export function readAnswer(body: Buffer): Answer | undefined {
  try {
    const answer: unknown = JSON.parse(body.toString('utf8'));
    return typeof answer === 'object' && answer !== null ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** An expired or missing token: HTTP 401, or HTTP 200 with an error that has no other mark than its message. */
export function isUnauthorized({ status }: HttpResponse, answer: Answer | undefined): boolean {
  return status === 401 || (answer?.errors ?? []).some(({ message }) => /^unauthori[sz]ed\b/i.test(String(message)));
}

/** The user's error for credentials that are not, or no longer, accepted. */
export function unauthorized({ credentials, session }: Pick<Api, 'credentials' | 'session'>): UserError {
  const { source, endpoint, method, profile } = credentials;
  const end = method === 'token' ? session.expiresAt : undefined;
  const why = end && end.getTime() < Date.now() ? `: they expired on ${end.toISOString()}` : '';
  return new UserError('SPACECTL_NOT_ALLOWED', `${endpoint} does not accept the credentials of ${source}${why}`, {
    suggestions: [
      profile ? `spacectl profile login ${wordFor(profile)}` : `Check ${source}, or use a profile: --profile ALIAS`,
    ],
  });
}

/** The user's error for a request that was understood and refused: without permission, or in Spacelift's own words. */
export function refusalOf(errors: readonly GraphQlError[], act: string, api: Api): UserError {
  const messages = errors.map(({ message }) => redact(String(message), api.session.secrets)).join('; ');
  const isForbidden = errors.some(
    ({ message, extensions }) =>
      /^(?:FORBIDDEN|PERMISSION_DENIED)$/i.test(String(extensions?.code)) ||
      /\b(?:access denied|forbidden|permission|not allowed)\b/i.test(String(message)),
  );
  if (isForbidden) return forbidden(act, api, messages);
  return new UserError('SPACECTL_REQUEST_REFUSED', `Spacelift refused to ${act}: ${messages}`);
}

function forbidden(act: string, { credentials }: Api, messages: string): UserError {
  const message = `The credentials of ${credentials.source} may not ${act} at ${credentials.endpoint} (${messages})`;
  return new UserError('SPACECTL_NOT_ALLOWED', message, {
    suggestions: ['Use an API key that is an administrator of the space: --profile ALIAS'],
  });
}

/** The user's error for an answer that is no GraphQL. */
export function statusFailure(response: HttpResponse, act: string, api: Api): UserError {
  const { status, url, headers } = response;
  if (status === 403) return forbidden(act, api, 'HTTP 403');
  if (status === 429 || status >= 500) return failedStatus(response, act);
  const place = headers.location ? `, but a redirect to ${headers.location}` : ` (HTTP ${status})`;
  return new UserError('SPACECTL_UNREACHABLE', `There is no GraphQL API at ${url.href}${place}`, {
    suggestions: [`Is ${api.credentials.endpoint} the address of your account? https://ACCOUNT.app.spacelift.io`],
  });
}

/** A server may quote what it was sent: secrets are taken out before anyone sees it. */
function redact(text: string, secrets: ReadonlySet<string>): string {
  let redacted = text;
  for (const secret of secrets) if (secret) redacted = redacted.replaceAll(secret, '…');
  return redacted.length > 500 ? `${redacted.slice(0, 500)}…` : redacted;
}
