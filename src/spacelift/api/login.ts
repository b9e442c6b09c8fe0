import * as v from 'valibot';
import type { Operation, Viewer } from './operation.ts';

/** A login: a token, and when it expires in seconds since 1970. The server may leave out the latter. */
export interface Login {
  readonly jwt: string;
  readonly validUntil?: number | undefined;
}

const seconds = v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.finite(), v.minValue(1));

const schema = v.nullable(
  v.object({
    jwt: v.pipe(v.string(), v.minLength(1)),
    validUntil: v.fallback(v.optional(seconds), undefined),
  }),
);

const login = (field: string, document: string): Operation<Login | null> => ({
  kind: 'mutation',
  field,
  document: () => document,
  act: 'log in',
  // Doing it twice is harmless.
  isRepeatable: true,
  schema,
});

export const API_KEY_LOGIN = login(
  'apiKeyUser',
  'mutation LogIn($id: ID!, $secret: String!) { apiKeyUser(id: $id, secret: $secret) { jwt validUntil } }',
);
export const GITHUB_LOGIN = login(
  'oauthUser',
  'mutation LogIn($token: String!) { oauthUser(token: $token) { jwt validUntil } }',
);

/**
 * Asks who is logged in; null if the token is not valid. Distinguishes a bad token from a missing permission, since
 * Spacelift answers `unauthorized` to both (spacelift-io/spacectl@490d0dd, client/client.go).
 */
export const VIEWER: Operation<Viewer | null> = {
  kind: 'query',
  field: 'viewer',
  document: () => 'query { viewer { id name } }',
  act: 'use the API',
  isRepeatable: true,
  schema: v.nullable(v.object({ id: v.string(), name: v.fallback(v.string(), '') })),
};
