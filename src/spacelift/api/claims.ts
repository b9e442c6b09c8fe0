import * as v from 'valibot';
import { dateFrom } from '../../core/date.ts';
import { UserError } from '../../core/errors.ts';
import { BadJson, readJson } from '../../core/json.ts';

/** What is used of a token's claims; one of another type is ignored, as the server decides. */
const claimsSchema = v.looseObject({
  aud: v.optional(v.unknown()),
  sub: v.optional(v.unknown()),
  exp: v.optional(v.unknown()),
});

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
  const { aud, sub, exp } = parseBody(rest.length === 1 ? body : '', what);
  const expiresAt = typeof exp === 'number' ? dateFrom(exp * 1000) : undefined;
  return {
    audience: [aud ?? []].flat().filter((each) => typeof each === 'string'),
    ...(typeof sub === 'string' && { subject: sub }),
    ...(expiresAt && { expiresAt }),
  };
}

function parseBody(body: string, what: string): v.InferOutput<typeof claimsSchema> {
  try {
    return readJson(claimsSchema, Buffer.from(body, 'base64url').toString('utf8'));
  } catch (error) {
    if (!(error instanceof BadJson)) throw error;
    throw new UserError('SPACECTL_BAD_INPUT', `${what} is not an API token (a JSON Web Token); it may be truncated`);
  }
}

/** Returns the address of the account that an API token is for: its only audience. @throws UserError `SPACECTL_BAD_INPUT` */
export function endpointOf({ audience }: Claims, what: string): string {
  const [endpoint] = audience;
  if (endpoint && audience.length === 1) return endpoint;
  const found = audience.length === 0 ? 'no account' : `${audience.length} accounts`;
  throw new UserError('SPACECTL_BAD_INPUT', `${what} is for ${found}; an API token is for exactly one account`);
}
