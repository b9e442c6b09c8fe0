import * as v from 'valibot';
import { UserError } from '../../core/errors.ts';
import { isJson, readJson } from '../../core/json.ts';
import { rememberSecret } from '../../core/secrets.ts';
import {
  discard,
  explanationIn,
  fetchWhole,
  type HttpClient,
  type HttpResponse,
  type WholeResponse,
} from '../../http/index.ts';
import { badImage } from '../bad-image.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { type Credentials, RejectedLogin } from './login.ts';
import { tokenServer } from './token-server.ts';

/** Bytes of an answer with a token. */
const MAX_TOKEN_BYTES = 64 * 1024;

/**
 * Lists the challenges of a registry that can be answered, the better first: a token from a token server, then the login
 * itself. A registry may make several, in one `WWW-Authenticate` header or more (RFC 9110, 11.6.1).
 */
export function challengesIn({ headers }: HttpResponse): readonly Challenge[] {
  const challenges = parseChallenges(headers['www-authenticate'] ?? '');
  return [
    ...challenges.filter(({ scheme, parameters }) => scheme === 'bearer' && parameters['realm']),
    ...challenges.filter(({ scheme }) => scheme === 'basic'),
  ];
}

/**
 * Answers a registry's challenge with the value of an `Authorization` header. `undefined` if the credentials do not fit.
 *
 * @param registry the URL that made the challenge
 * @param report is told which token server is asked
 * @throws RejectedLogin if the token server rejects the login; UserError `SPACECTL_UNREACHABLE`, `SPACECTL_BAD_IMAGE`
 */
export async function answerChallenge(
  challenge: Challenge,
  registry: URL,
  credentials: Credentials | undefined,
  client: HttpClient,
  signal: AbortSignal,
  report: (progress: string) => void = () => {},
): Promise<string | undefined> {
  if (challenge.scheme === 'bearer')
    return `Bearer ${await fetchToken(challenge, registry, credentials, client, signal, report)}`;
  return credentials && 'username' in credentials ? formatBasic(credentials) : undefined;
}

/**
 * Requests a token with the challenge's own service and scope (ECR Public's scope is `aws`, not the repository's):
 * distribution-spec, token authentication.
 */
async function fetchToken(
  { parameters }: Challenge,
  registry: URL,
  credentials: Credentials | undefined,
  client: HttpClient,
  signal: AbortSignal,
  report: (progress: string) => void,
): Promise<string> {
  const realm = await tokenServer(parameters['realm'] ?? '', registry);
  const who = credentials ? 'with the login' : 'without a login';
  report(`Requesting a token for ${registry.host} from ${realm.origin}${realm.pathname}, ${who}`);
  const query = new URLSearchParams();
  for (const name of ['service', 'scope']) if (parameters[name]) query.set(name, parameters[name]);
  const url = new URL(realm);
  for (const [name, value] of query) url.searchParams.append(name, value);
  const headers: Record<string, string> = {};
  if (credentials && 'username' in credentials) headers['authorization'] = formatBasic(credentials);
  const identityToken = credentials && 'identityToken' in credentials ? credentials.identityToken : undefined;
  const ask = async () => {
    const refreshed = identityToken === undefined ? undefined : await refresh(realm, query, identityToken);
    const response = refreshed ?? (await client.request({ url, headers, signal }));
    if (response.status !== 200) throw await refusal(response, realm);
    return response;
  };
  const { body } = await fetchWhole(ask, { limit: MAX_TOKEN_BYTES, signal, isComplete: isNotCut });
  const token = readToken(body.toString('utf8'));
  if (token === undefined) throw badImage(`${realm.host} answered without a token`);
  return token;

  /**
   * Uses OAuth 2 (distribution/distribution, docs/content/spec/auth/oauth.md), which not all token servers support. Those
   * answer 404, says that page; Harbor answers 405 (goharbor/harbor, src/core/middlewares/middlewares.go, c50c7dd), others
   * 501 (RFC 9110, 15.6.2). A refresh token stays the same, so it may be sent twice.
   */
  async function refresh(server: URL, about: URLSearchParams, token: string): Promise<HttpResponse | undefined> {
    const form = new URLSearchParams(about);
    for (const [name, value] of [
      ['grant_type', 'refresh_token'],
      ['client_id', 'spacectl'],
      ['refresh_token', rememberSecret(token)],
    ] as const) {
      form.set(name, value);
    }
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const request = {
      method: 'POST',
      url: server,
      headers: type,
      content: form.toString(),
      isRepeatable: true,
      signal,
    };
    const response = await client.request(request);
    if (![404, 405, 501].includes(response.status)) return response;
    discard(response);
    return undefined;
  }
}

/** Reports whether an answer is not the beginning of a longer one. */
function isNotCut({ body }: WholeResponse): boolean {
  const text = body.toString('utf8');
  return !text.startsWith('{') || isJson(text);
}

async function refusal(response: HttpResponse, { host }: URL): Promise<UserError> {
  const { status } = response;
  const said = await explanationIn(response);
  const message = `${host} returned no token for the registry (HTTP ${status})${said === undefined ? '' : `: ${said}`}`;
  return [400, 401, 403].includes(status) ? new RejectedLogin(message) : new UserError('SPACECTL_UNREACHABLE', message);
}

const tokenText = v.fallback(v.optional(v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/))), undefined);
const answer = v.object({ token: tokenText, access_token: tokenText });

function readToken(text: string): string | undefined {
  try {
    const { token, access_token } = readJson(answer, text);
    return token ?? access_token;
  } catch {
    // The answer may hold a secret: not even its shape is shown.
    return undefined;
  }
}

function formatBasic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
