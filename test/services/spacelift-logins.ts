import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import { ulid } from './spacelift-authority.ts';
import type { Caller } from './spacelift-pools.ts';

/** An API key of the account. */
export interface ApiKey {
  readonly id: string;
  readonly secret: string;
}

const newKey = (): ApiKey => ({ id: ulid(), secret: randomBytes(24).toString('hex') });
const encode = (text: string) => Buffer.from(text).toString('base64url');

/** The credentials of one account, and the tokens they are exchanged for: JSON Web Tokens whose only audience is the account. */
export function createLogins() {
  const [key, reader] = [newKey(), newKey()];
  const gitHubToken = `ghp_${randomBytes(18).toString('hex')}`;
  let signingKey = randomBytes(32);
  const signature = (text: string) => createHmac('sha256', signingKey).update(text).digest('base64url');

  return {
    key,
    reader,
    gitHubToken,
    /** The account's address, which tokens are issued for. */
    url: '',
    /** Seconds for which new tokens are valid. */
    lifetime: 3600,
    /** Makes all tokens issued so far invalid, long before they expire. */
    revokeTokens() {
      signingKey = randomBytes(32);
    },
    issue(caller: Caller, seconds: number) {
      const exp = Math.floor(Date.now() / 1000) + seconds;
      const claims = { aud: [this.url], sub: caller.id, name: caller.name, exp, isAdmin: caller.isAdmin };
      const [head, body] = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) => encode(JSON.stringify(part)));
      return { ...caller, jwt: `${head}.${body}.${signature(`${head}.${body}`)}`, validUntil: exp };
    },
    /** Returns who calls: a token that was issued here and is still valid. */
    callerOf({ headers }: IncomingMessage): Caller | undefined {
      const [, text = ''] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
      const [head, body, proof] = text.split('.');
      if (!head || !body || proof !== signature(`${head}.${body}`)) return undefined;
      const { sub, name, exp, isAdmin } = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
      return exp * 1000 > Date.now() ? { id: sub, name, isAdmin } : undefined;
    },
    resolvers() {
      return {
        apiKeyUser: ({ id, secret }: ApiKey) => {
          const known = [key, reader].find((each) => each.id === id && each.secret === secret);
          if (!known) throw new GraphQLError('unauthorized');
          const name = known === key ? 'deploy' : 'reader';
          return this.issue({ id: `api::${id}`, name, isAdmin: known === key }, this.lifetime);
        },
        oauthUser: ({ token }: { token: string }) => {
          if (token !== gitHubToken) throw new GraphQLError('unauthorized');
          return this.issue({ id: 'github::somebody', name: 'Somebody', isAdmin: true }, this.lifetime);
        },
      };
    },
  };
}
