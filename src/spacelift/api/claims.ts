import { UserError } from '../../core/errors.ts';

/** Claims of an API token. They are not verified here: the server does that. */
export interface Claims {
  readonly audience: readonly string[];
  readonly subject?: string;
  readonly expiresAt?: Date;
}

/**
 * Reads the claims of an API token (a JSON Web Token, RFC 7519, section 4.1).
 * @param what where the token came from, for the message
 * @throws UserError `SPACECTL_BAD_INPUT`, which shows nothing of the token
 */
export function readClaims(jwt: string, what: string): Claims {
  const [, body = '', ...rest] = jwt.trim().split('.');
  let claims: Record<string, unknown> | undefined;
  try {
    if (rest.length === 1) claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  } catch {
    // The parser's message is dropped because it quotes the token.
  }
  if (typeof claims !== 'object' || claims === null) {
    throw new UserError('SPACECTL_BAD_INPUT', `${what} is not an API token (a JSON Web Token); it may be truncated`);
  }
  const { aud, sub, exp } = claims;
  return {
    audience: [aud ?? []].flat().filter((each) => typeof each === 'string'),
    ...(typeof sub === 'string' && { subject: sub }),
    ...(typeof exp === 'number' && { expiresAt: new Date(exp * 1000) }),
  };
}

/** Returns the address of the account that an API token is for: its only audience. @throws UserError `SPACECTL_BAD_INPUT` */
export function endpointOf({ audience }: Claims, what: string): string {
  const [endpoint] = audience;
  if (endpoint && audience.length === 1) return endpoint;
  const found = audience.length === 0 ? 'no account' : `${audience.length} accounts`;
  throw new UserError('SPACECTL_BAD_INPUT', `${what} is for ${found}; an API token is for exactly one account`);
}
