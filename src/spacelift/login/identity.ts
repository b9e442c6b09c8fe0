import { readClaims } from '../api/claims.ts';
import { createApi } from '../api/client.ts';
import type { Credentials, Method } from '../api/credentials.ts';

/** Whose credentials they are, according to Spacelift and to the token they were exchanged for. */
export interface Identity {
  readonly endpoint: string;
  readonly method: Method;
  readonly source: string;
  readonly id: string;
  /** Empty if Spacelift has none. */
  readonly name: string;
  readonly subject?: string;
  readonly expiresAt?: string;
  /** A secret. */
  readonly token: string;
}

/** Logs in, and asks Spacelift who is logged in, which it answers only for a valid token. @throws UserError `SPACECTL_NOT_ALLOWED` */
export async function fetchIdentity(credentials: Credentials, signal: AbortSignal): Promise<Identity> {
  const api = createApi(credentials);
  try {
    const { id, name } = await api.viewer(signal);
    const token = api.session.present ?? '';
    const { endpoint, method, source } = credentials;
    return { endpoint, method, source, id, name, ...claimsOf(token), token };
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
