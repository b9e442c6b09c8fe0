import { readClaims } from '../api/claims.ts';
import { createApi } from '../api/client.ts';
import type { Credentials, Method } from '../api/credentials.ts';

/** Whose credentials they are, according to the token they were exchanged for. */
export interface Identity {
  readonly endpoint: string;
  readonly method: Method;
  readonly source: string;
  readonly subject?: string;
  readonly expiresAt?: string;
  /** A secret. */
  readonly token: string;
}

/** The smallest query: it needs a login, but no permission. */
const SMALLEST_QUERY = { document: 'query { __typename }', act: 'use the API', isRepeatable: true };

/** Logs in, and checks that Spacelift accepts the token. @throws UserError `SPACECTL_NOT_ALLOWED` */
export async function fetchIdentity(credentials: Credentials, signal: AbortSignal): Promise<Identity> {
  const api = createApi(credentials);
  try {
    await api.send(SMALLEST_QUERY, {}, signal);
    const token = api.session.present ?? '';
    const { endpoint, method, source } = credentials;
    return { endpoint, method, source, ...claimsOf(token), token };
  } finally {
    api.close();
  }
}

/** Reads the claims of an accepted token. It need not be readable: what matters is that it was accepted. */
function claimsOf(token: string): Pick<Identity, 'subject' | 'expiresAt'> {
  try {
    const { subject, expiresAt } = readClaims(token, 'The token');
    return { ...(subject && { subject }), ...(expiresAt && { expiresAt: expiresAt.toISOString() }) };
  } catch {
    return {};
  }
}
