import * as v from 'valibot';
import { UserError } from '../../core/errors.ts';
import { BadJson, readJson } from '../../core/json.ts';
import { quoteIfNeeded } from '../../core/text.ts';
import { failedStatus, type HttpResponse } from '../../http/index.ts';
import type { Api } from './api.ts';

const graphQlError = v.looseObject({
  message: v.optional(v.unknown()),
  extensions: v.nullish(v.looseObject({ code: v.optional(v.unknown()) })),
});

/** A response of a GraphQL server (GraphQL specification, section 7.1). */
const answerSchema = v.looseObject({
  data: v.nullish(v.record(v.string(), v.unknown())),
  errors: v.nullish(v.array(graphQlError)),
});

export type Answer = v.InferOutput<typeof answerSchema>;
type GraphQlError = v.InferOutput<typeof graphQlError>;

/** Reads a response. @returns `undefined` if it is not GraphQL, such as a proxy's page */
export function readAnswer(body: Buffer): Answer | undefined {
  try {
    return readJson(answerSchema, body.toString('utf8'));
  } catch (error) {
    if (error instanceof BadJson) return undefined;
    throw error;
  }
}

/** Reports whether the token is missing or expired: HTTP 401, or HTTP 200 with an error known only by its message. */
export function isUnauthorized({ status }: HttpResponse, answer: Answer | undefined): boolean {
  return status === 401 || (answer?.errors ?? []).some(({ message }) => /^unauthori[sz]ed\b/i.test(String(message)));
}

/** Returns the error for credentials that Spacelift does not accept, or no longer accepts. */
export function unauthorized({ credentials, session }: Pick<Api, 'credentials' | 'session'>): UserError {
  const { source, endpoint, method, profile } = credentials;
  const end = method === 'token' ? session.expiresAt : undefined;
  const why = end && end.getTime() < Date.now() ? `: they expired on ${end.toISOString()}` : '';
  return new UserError('SPACECTL_NOT_ALLOWED', `${endpoint} rejected the credentials from ${source}${why}`, {
    suggestions: [
      profile
        ? `spacectl profile login ${quoteIfNeeded(profile)}`
        : `Check ${source}, or use a profile: --profile ALIAS`,
    ],
  });
}

/** Returns the error for a request that Spacelift rejected, with Spacelift's own message. */
export function rejection(errors: readonly GraphQlError[], act: string, api: Api): UserError {
  const messages = errors.map(({ message }) => redact(String(message), api.session.secrets)).join('; ');
  const isForbidden = errors.some(
    ({ message, extensions }) =>
      /^(?:FORBIDDEN|PERMISSION_DENIED)$/i.test(String(extensions?.code)) ||
      /\b(?:access denied|forbidden|permission|not allowed)\b/i.test(String(message)),
  );
  if (isForbidden) return forbidden(act, api, messages);
  return new UserError('SPACECTL_REQUEST_REFUSED', `Spacelift refused to ${act}: ${messages}`);
}

/** Returns the error for a request that these credentials may not make. */
export function forbidden(act: string, { credentials }: Api, messages: string): UserError {
  const message = `The credentials from ${credentials.source} do not have permission to ${act} at ${credentials.endpoint} (${messages})`;
  return new UserError('SPACECTL_NOT_ALLOWED', message, {
    suggestions: ['Use an API key with admin access to the space: --profile ALIAS'],
  });
}

/** Returns the error for a response that is not GraphQL. */
export function statusFailure(response: HttpResponse, act: string, api: Api): UserError {
  const { status, url, headers } = response;
  if (status === 403) return forbidden(act, api, 'HTTP 403');
  if (status === 429 || status >= 500) return failedStatus(response, act);
  // What follows the path may be a secret: the request's own, or the state of a login.
  const target = redact(headers.location?.replace(/[?#].*$/s, '') ?? '', api.session.secrets);
  const detail = headers.location ? `it redirects to ${target}` : `HTTP ${status}`;
  return new UserError('SPACECTL_UNREACHABLE', `${url.href} is not a GraphQL API (${detail})`, {
    suggestions: [
      `Check the address of your account, ${api.credentials.endpoint}: it looks like https://ACCOUNT.app.spacelift.io`,
    ],
  });
}

/** Removes secrets from a server's message, which may quote the request. */
function redact(text: string, secrets: ReadonlySet<string>): string {
  let redacted = text;
  for (const secret of secrets) if (secret) redacted = redacted.replaceAll(secret, '…');
  return redacted.length > 500 ? `${redacted.slice(0, 500)}…` : redacted;
}
