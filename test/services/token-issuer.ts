import { randomUUID, sign, X509Certificate } from 'node:crypto';
import type { Authority } from './authority.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';

/** Who the issuer says it is, and for which service it issues: the registry is told the same. */
export const ISSUER = 'test-issuer';
export const SERVICE = 'test-registry';

/**
 * Issues registry tokens (Distribution, "Token Authentication Implementation"): signed with a key whose certificate the
 * registry trusts, for what was asked for, to whoever has the user name and password. Anyone else gets none.
 *
 * @param isTls whether it is reached over https, with the same certificate
 */
export async function startTokenIssuer(
  { certificate, key }: Authority,
  credentials: { username: string; password: string },
  { isTls = false }: { isTls?: boolean } = {},
): Promise<HttpServer> {
  const wanted = `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
  return startHttpServer(
    (request, response) => {
      if (request.headers.authorization !== wanted) {
        response
          .writeHead(401, { 'content-type': 'application/json' })
          .end('{"details":"incorrect username or password"}');
        return;
      }
      const asked = new URL(request.url ?? '/', 'http://issuer').searchParams;
      const access = asked.getAll('scope').map((scope) => {
        const [type, name, actions = ''] = scope.split(':');
        return { type, name, actions: actions.split(',').filter((action) => action === 'pull') };
      });
      const token = makeToken({ audience: asked.get('service') ?? '', access, certificate, key });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token, expires_in: 60 }));
    },
    isTls ? { certificate, key } : undefined,
  );
}

/** A JSON Web Token (RFC 7519) with the certificate of its key in the header. */
function makeToken({
  audience,
  access,
  certificate,
  key,
}: {
  audience: string;
  access: object;
  certificate: string;
  key: string;
}): string {
  const now = Math.floor(Date.now() / 1000);
  const header = { typ: 'JWT', alg: 'ES256', x5c: [new X509Certificate(certificate).raw.toString('base64')] };
  const claims = {
    iss: ISSUER,
    aud: audience,
    sub: 'someone',
    jti: randomUUID(),
    iat: now,
    nbf: now - 10,
    exp: now + 60,
    access,
  };
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode(header)}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}
