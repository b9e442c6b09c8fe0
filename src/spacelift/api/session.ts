import { rememberSecret } from '../../core/secrets.ts';
import { readClaims } from './claims.ts';
import type { Credentials } from './credentials.ts';
import { API_KEY_LOGIN, GITHUB_LOGIN, type Login } from './login.ts';

/** Sends a login request, which needs no token. @throws UserError `SPACECTL_NOT_ALLOWED` */
export type LogIn = (operation: typeof API_KEY_LOGIN, variables: Readonly<Record<string, string>>) => Promise<Login>;

/** Seconds before its expiry in which a token is not used: it could expire in transit. Spacelift's CLI uses the same. */
const EXPIRY_MARGIN_SECONDS = 30;

/** A token for a request. */
export interface Bearer {
  readonly jwt: string;
  /** Whether it was obtained for this request: a new login would not help. */
  readonly isNew: boolean;
}

/** A login: the token that requests carry, renewed before it expires. */
export interface Session {
  /** Returns a token that is still valid. `isRenewed`: a new one, because the present one was rejected. */
  bearer(options: { readonly isRenewed: boolean; readonly logIn: LogIn }): Promise<Bearer>;
  /** The token that was used last. A secret. */
  readonly present: string | undefined;
  /** When the present token expires; known before the first request only if the token itself was given. */
  readonly expiresAt: Date | undefined;
}

/** Creates a session. Sends nothing until a token is needed. */
export function createSession(credentials: Credentials): Session {
  if (credentials.method === 'token') return fixedSession(credentials.token, credentials.source);
  rememberSecret(credentials.method === 'apikey' ? credentials.keySecret : credentials.token);
  let jwt: string | undefined;
  let validUntil: Date | undefined;
  const exchange = async (logIn: LogIn): Promise<string> => {
    const login =
      credentials.method === 'apikey'
        ? await logIn(API_KEY_LOGIN, { id: credentials.keyId, secret: credentials.keySecret })
        : await logIn(GITHUB_LOGIN, { token: credentials.token });
    jwt = rememberSecret(login.jwt);
    // Without the time, or if the clock here is ahead of it, the token is used until the server rejects it.
    const end = new Date((login.validUntil ?? 0) * 1000);
    validUntil = end.getTime() > Date.now() ? end : undefined;
    return jwt;
  };
  return {
    get present() {
      return jwt;
    },
    get expiresAt() {
      return validUntil;
    },
    async bearer({ isRenewed, logIn }) {
      const isFresh = !validUntil || Date.now() + EXPIRY_MARGIN_SECONDS * 1000 < validUntil.getTime();
      if (jwt !== undefined && isFresh && !isRenewed) return { jwt, isNew: false };
      return { jwt: await exchange(logIn), isNew: true };
    },
  };
}

/** Creates a session for a given token, which cannot be renewed: it is used until the server rejects it. */
function fixedSession(jwt: string, source: string): Session {
  rememberSecret(jwt);
  const { expiresAt } = readClaims(jwt, source);
  return {
    present: jwt,
    expiresAt,
    bearer: async () => ({ jwt, isNew: true }),
  };
}
