import { UserError } from '../../core/errors.ts';
import { describeFailure, discard, type HttpClient, type HttpResponse } from '../../http/index.ts';
import { answerChallenge, challengesIn } from './authorization.ts';
import type { Challenge } from './challenge.ts';
import { type Credentials, RejectedLogin } from './login.ts';

/** Requests to one repository of a registry. It logs in when the registry requires it. */
export interface Repository {
  /**
   * Requests `manifests/latest`, `blobs/sha256:…` and so on. Resolves for the status codes 200, 206 and 404, and for those
   * with which a range is refused if one was asked for.
   */
  get(what: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpResponse>;
  /**
   * Requests only the headers. Where the registry does not answer that, requests the whole: Nexus answers 404
   * (andrey-pohilko/registry-cli#14), Distribution 2.2 answered 405 with tokens (distribution/distribution#1485),
   * registry.centos.org 403 (containerd/containerd#6684). Docker asks again after any error
   * (distribution/distribution, internal/client/repository.go, Tags.Get, 0d6b721).
   */
  head(what: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpResponse>;
}

/** How to log in to a registry. */
export interface Login {
  readonly credentials: Credentials | undefined;
  /** Returns further credentials, to be tried once the previous are rejected. In the end, there are none. */
  readonly next?: () => Promise<Credentials | undefined>;
}

/** How many challenges of one request are answered. A registry may make a different one each time. */
const MAX_ANSWERS = 4;

/**
 * Creates a repository.
 * @param base URL of the repository: `https://host/v2/name`
 * @throws UserError from `get`: `SPACECTL_NOT_ALLOWED`, `SPACECTL_UNREACHABLE`
 */
export function createRepository(
  base: string,
  client: HttpClient,
  login: Login,
  report: (progress: string) => void,
): Repository {
  const { host, origin } = new URL(base);
  let { credentials } = login;
  let authorization: string | undefined;
  let taking: Promise<void> | undefined;

  async function ask(
    method: 'GET' | 'HEAD',
    what: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    const request = () => {
      const own = authorization ? { ...headers, authorization } : headers;
      return client.request({ method, url: `${base}/${what}`, headers: own, signal });
    };
    let first = await request();
    // Harbor asks for Basic once a token has expired (goharbor/harbor, src/server/middleware/v2auth/auth.go, c50c7dd).
    if (isRefusal(first) && authorization?.startsWith('Bearer ') && challengesIn(first)[0]?.scheme !== 'bearer') {
      discard(first);
      authorization = undefined;
      first = await request();
    }
    return isRefusal(first) ? logIn(first, request, signal) : first;
  }

  /** Reports whether the registry asks for a login. Only itself may, not a host that it redirects to. */
  function isRefusal({ status, url }: HttpResponse): boolean {
    return status === 401 && url.origin === origin;
  }

  /** Answers the registry's challenges, one after the other, until it accepts an answer. */
  async function logIn(
    first: HttpResponse,
    request: () => Promise<HttpResponse>,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    let response = first;
    let failure: UserError | undefined;
    const tried = new Set<string>();
    for (;;) {
      const challenge = challengesIn(response).find((each) => !tried.has(keyOf(each)));
      if (!challenge || tried.size === MAX_ANSWERS) break;
      tried.add(keyOf(challenge));
      try {
        const answer = await answerChallenge(challenge, response.url, credentials, client, signal, report);
        if (answer === undefined) continue;
        if (failure) report(`${failure.message}. Trying the other way to log in that ${host} offers`);
        authorization = answer;
      } catch (error) {
        if (signal.aborted || !(error instanceof UserError)) throw error;
        failure ??= error;
        continue;
      }
      discard(response);
      failure = undefined;
      response = await request();
      if (!isRefusal(response)) return response;
    }
    if (!failure) return response;
    discard(response);
    throw failure;
  }

  /** Takes the next credentials in place of rejected ones: expired ones make public images fail too (ECR Public: 403). */
  async function takeNext(rejected: Credentials | undefined): Promise<boolean> {
    const { next } = login;
    if (!next || rejected === undefined) return false;
    const take = async () => {
      credentials = await next();
      authorization = undefined;
      taking = undefined;
      report(`${host} rejected the stored login. Trying ${credentials ? 'the next one' : 'without it'}`);
    };
    // Requests at the same time take the same ones.
    if (rejected === credentials) {
      taking ??= take();
      await taking;
    }
    return true;
  }

  async function get(...request: Parameters<Repository['get']>): Promise<HttpResponse> {
    for (;;) {
      const used = credentials;
      try {
        const response = await ask('GET', ...request);
        if (isAnswer(response.status, 'range' in request[1])) return response;
        const isRejection = [401, 403].includes(response.status) && response.url.origin === origin;
        if (!isRejection || !(await takeNext(used))) throw await failureOf(response, request[0]);
        discard(response);
      } catch (error) {
        if (!(error instanceof RejectedLogin) || !(await takeNext(used))) throw error;
      }
    }
  }

  async function failureOf(response: HttpResponse, what: string): Promise<UserError> {
    const failure = await describeFailure(response, `${base.slice(origin.length + '/v2/'.length)}/${what}`);
    // A login for the registry does not help where its blob store refuses: that one is asked without it.
    const isOwn = response.url.origin === origin;
    return isOwn && failure.code === 'SPACECTL_NOT_ALLOWED' ? notAllowed(failure, host) : failure;
  }

  return {
    get,
    async head(...request) {
      const response = await ask('HEAD', ...request).catch((error: unknown) => {
        if (error instanceof RejectedLogin) return undefined;
        throw error;
      });
      if (response?.status === 200) return response;
      // The registry asks for fewer requests, not for others.
      if (response?.status === 429) throw await failureOf(response, request[0]);
      if (response) discard(response);
      return get(...request);
    },
  };
}

/** What makes a challenge another one. */
function keyOf({ scheme, parameters }: Challenge): string {
  if (scheme === 'basic') return scheme;
  return JSON.stringify([scheme, ...['realm', 'service', 'scope'].map((name) => parameters[name])]);
}

/**
 * Reports whether a status answers a request. With a range, so does whatever says neither that the login (401, 403), nor
 * that the moment (408, 429, 5xx) is wrong: 416, but also 400, 405, 501 of gateways that know no ranges.
 */
function isAnswer(status: number, hasRange: boolean): boolean {
  if ([200, 206, 404].includes(status)) return true;
  return hasRange && status >= 400 && ![401, 403, 408, 429, 500, 502, 503, 504].includes(status);
}

function notAllowed({ message }: UserError, host: string): UserError {
  return new UserError('SPACECTL_NOT_ALLOWED', message, {
    suggestions: [
      { command: `docker login ${host}` },
      'Check the name: many registries answer like this for an image that does not exist',
    ],
  });
}
