import { rememberSecret } from '../../core/secrets.ts';
import { readClaims } from './claims.ts';
import type { Credentials } from './credentials.ts';

/** Sends a login request, which needs no token. */
export type LogIn = (document: string, variables: Readonly<Record<string, string>>) => Promise<unknown>;

/** Seconds before its expiry in which a token is not used: it could expire in transit. Spacelift's CLI uses the same. */
const EXPIRY_MARGIN_SECONDS = 30;

interface Bearer {
  readonly jwt: string;
  /** Milliseconds since 1970. */
  readonly validUntil: number;
}

/** A login: the token that requests carry, renewed before it expires. */
export interface Session {
  /** Returns a token that is still valid. `isRenewed`: a new one, because the present one was rejected. */
  bearer(options: { readonly isRenewed: boolean; readonly logIn: LogIn }): Promise<string>;
  /** Whether the credentials can be exchanged for a new token. */
  readonly isRenewable: boolean;
  /** Values that must not be shown: the credentials, and the tokens they were exchanged for. */
  readonly secrets: ReadonlySet<string>;
  /** The token that was used last. A secret. */
  readonly present: string | undefined;
  /** When the present token expires; known before the first request only if the token itself was given. */
  readonly expiresAt: Date | undefined;
}

const API_KEY =
  'mutation LogIn($id: ID!, $secret: String!) { apiKeyUser(id: $id, secret: $secret) { jwt validUntil } }';
const GITHUB = 'mutation LogIn($token: String!) { oauthUser(token: $token) { jwt validUntil } }';

/** Creates a session. Sends nothing until a token is needed. */
export function createSession(credentials: Credentials): Session {
  if (credentials.method === 'token') return fixedSession(credentials.token, credentials.source);
  const secrets = new Set([
    rememberSecret(credentials.method === 'apikey' ? credentials.keySecret : credentials.token),
  ]);
  let present: Bearer | undefined;
  const exchange = async (logIn: LogIn): Promise<Bearer> => {
    const user =
      credentials.method === 'apikey'
        ? await logIn(API_KEY, { id: credentials.keyId, secret: credentials.keySecret })
        : await logIn(GITHUB, { token: credentials.token });
    const { jwt, validUntil } = user as { jwt: string; validUntil: number };
    secrets.add(jwt);
    return { jwt, validUntil: Number(validUntil) * 1000 };
  };
  return {
    isRenewable: true,
    secrets,
    get present() {
      return present?.jwt;
    },
    get expiresAt() {
      return present && new Date(present.validUntil);
    },
    async bearer({ isRenewed, logIn }) {
      const isFresh = present !== undefined && Date.now() + EXPIRY_MARGIN_SECONDS * 1000 < present.validUntil;
      if (!present || !isFresh || isRenewed) present = await exchange(logIn);
      return present.jwt;
    },
  };
}

/** Creates a session for a given token, which cannot be renewed: it is used until the server rejects it. */
function fixedSession(jwt: string, source: string): Session {
  const { expiresAt } = readClaims(jwt, source);
  return { isRenewable: false, secrets: new Set([jwt]), present: jwt, expiresAt, bearer: async () => jwt };
}
