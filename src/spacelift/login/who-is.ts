import { readClaims } from '../api/claims.ts';
import { createApi } from '../api/client.ts';
import type { Credentials, Method } from '../api/credentials.ts';

/** Who the credentials make one, as the token they are exchanged for says. */
export interface WhoIs {
  readonly endpoint: string;
  readonly method: Method;
  readonly source: string;
  readonly subject?: string;
  readonly expiresAt?: string;
  /** A secret. */
  readonly token: string;
}

/** The smallest question there is: it needs no permission, but it needs to be logged in. */
const ANYTHING = { document: 'query { __typename }', act: 'ask anything', isRepeatable: true };

/** Logs in, and asks whether the token is accepted. @throws UserError `SPACECTL_NOT_ALLOWED` */
export async function whoIs(credentials: Credentials, signal: AbortSignal): Promise<WhoIs> {
  const api = createApi(credentials);
  try {
    await api.send(ANYTHING, {}, signal);
    const token = api.session.present ?? '';
    const { endpoint, method, source } = credentials;
    return { endpoint, method, source, ...identityOf(token), token };
  } finally {
    api.close();
  }
}

/** What is known of a token that need not be readable: what matters is that it was accepted. */
function identityOf(token: string): Pick<WhoIs, 'subject' | 'expiresAt'> {
  try {
    const { subject, expiresAt } = readClaims(token, 'The token');
    return { ...(subject && { subject }), ...(expiresAt && { expiresAt: expiresAt.toISOString() }) };
  } catch {
    return {};
  }
}
