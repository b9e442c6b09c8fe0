import * as v from 'valibot';
import { UserError } from '../../core/errors.ts';
import { readJson } from '../../core/json.ts';
import { rememberSecret } from '../../core/secrets.ts';
import { discard, explanationIn, type HttpClient, type HttpResponse, readBody } from '../../http/index.ts';
import { badImage } from '../bad-image.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { type Credentials, RejectedLogin } from './login.ts';
import { tokenServer } from './token-server.ts';

/** Bytes of an answer with a token. */
const MAX_TOKEN_BYTES = 64 * 1024;

/**
 * Answers a registry's challenge with the value of an `Authorization` header. `undefined` if the credentials fit none of
 * the challenges.
 *
 * @param report is told which token server is asked
 * @throws RejectedLogin if the token server rejects the login; UserError `SPACECTL_UNREACHABLE`
 */
export async function answerChallenge(
  response: HttpResponse,
  credentials: Credentials | undefined,
  client: HttpClient,
  signal: AbortSignal,
  report: (progress: string) => void = () => {},
): Promise<string | undefined> {
  const challenges = parseChallenges(response.headers['www-authenticate'] ?? '');
  const bearer = challenges.find(({ scheme, parameters }) => scheme === 'bearer' && parameters['realm']);
  if (bearer) return `Bearer ${await fetchToken(bearer, response.url, credentials, client, signal, report)}`;
  const isBasic = challenges.some(({ scheme }) => scheme === 'basic');
  return isBasic && credentials && 'username' in credentials ? formatBasic(credentials) : undefined;
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
  const refreshed =
    credentials && 'identityToken' in credentials && (await refresh(realm, query, credentials.identityToken));
  if (refreshed) return tokenIn(refreshed, realm);
  const url = new URL(realm);
  for (const [name, value] of query) url.searchParams.append(name, value);
  const login: Record<string, string> = {};
  if (credentials && 'username' in credentials) login['authorization'] = formatBasic(credentials);
  return tokenIn(await client.request({ url, headers: login, signal }), realm);

  /** Uses OAuth 2, which some token servers support; the others answer 404, or 405 to every POST. */
  async function refresh(url: URL, about: URLSearchParams, token: string): Promise<HttpResponse | undefined> {
    const form = new URLSearchParams(about);
    for (const [name, value] of [
      ['grant_type', 'refresh_token'],
      ['client_id', 'spacectl'],
      ['refresh_token', rememberSecret(token)],
    ] as const) {
      form.set(name, value);
    }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await client.request({ method: 'POST', url, headers, content: form.toString(), signal });
    if (response.status !== 404 && response.status !== 405) return response;
    discard(response);
    return undefined;
  }
}

async function tokenIn(response: HttpResponse, { host }: URL): Promise<string> {
  const { status } = response;
  if (status !== 200) {
    const said = await explanationIn(response);
    const message = `${host} returned no token for the registry (HTTP ${status})${said === undefined ? '' : `: ${said}`}`;
    throw [400, 401, 403].includes(status)
      ? new RejectedLogin(message)
      : new UserError('SPACECTL_UNREACHABLE', message);
  }
  const body = await readBody(response, { limit: MAX_TOKEN_BYTES });
  const token = readToken(body.toString('utf8'));
  if (token === undefined) throw badImage(`${host} answered without a token`);
  return token;
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
