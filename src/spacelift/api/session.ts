import { readClaims } from './claims.ts';
import type { Credentials } from './credentials.ts';

/** Sends one operation without a token, as logging in does. */
export type LogIn = (document: string, variables: Readonly<Record<string, string>>) => Promise<unknown>;

/** Seconds before its end from which a token counts as old: one that ends on the way is refused. The vendor's number. */
const MARGIN = 30;

interface Bearer {
  readonly jwt: string;
  /** Milliseconds since 1970. */
  readonly validUntil: number;
}

/** A login that lasts: the token that requests carry, exchanged anew before it ends. */
export interface Session {
  /** A token that is valid for a while yet. `renewed`: not the present one, which was refused. */
  bearer(options: { readonly isRenewed: boolean; readonly logIn: LogIn }): Promise<string>;
  /** Whether there is anything to exchange for a new token. */
  readonly isRenewable: boolean;
  /** What must not be seen: the credentials themselves and the tokens they were exchanged for. */
  readonly secrets: ReadonlySet<string>;
  /** The token that was used last. A secret. */
  readonly present: string | undefined;
  /** When the present token ends; only a token given as it is says so before it is used. */
  readonly expiresAt: Date | undefined;
}

const API_KEY =
  'mutation LogIn($id: ID!, $secret: String!) { apiKeyUser(id: $id, secret: $secret) { jwt validUntil } }';
const GITHUB = 'mutation LogIn($token: String!) { oauthUser(token: $token) { jwt validUntil } }';

/** Opens a session. No request is made until a token is needed. */
export function createSession(credentials: Credentials): Session {
  if (credentials.method === 'token') return fixedSession(credentials.token, credentials.source);
  const secrets = new Set([credentials.method === 'apikey' ? credentials.keySecret : credentials.token]);
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
      const isFresh = present !== undefined && Date.now() + MARGIN * 1000 < present.validUntil;
      if (!present || !isFresh || isRenewed) present = await exchange(logIn);
      return present.jwt;
    },
  };
}

/** A token given as it is cannot be renewed: it is used until the server says no. */
function fixedSession(jwt: string, source: string): Session {
  const { expiresAt } = readClaims(jwt, source);
  return { isRenewable: false, secrets: new Set([jwt]), present: jwt, expiresAt, bearer: async () => jwt };
}
