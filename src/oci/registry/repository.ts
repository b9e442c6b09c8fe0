import { UserError } from '../../core/errors.ts';
import { describeFailure, discard, type HttpClient, type HttpResponse } from '../../http/index.ts';
import { answerChallenge } from './authorization.ts';
import { type Credentials, RejectedLogin } from './login.ts';

/** Requests to one repository of a registry. It logs in when the registry requires it. */
export interface Repository {
  /** Requests `manifests/latest`, `blobs/sha256:…` and so on. Resolves for the status codes 200, 206, 404 and 416. */
  get(what: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpResponse>;
  /** Requests only the headers. */
  head(what: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpResponse>;
}

/** How to log in to a registry. */
export interface Login {
  readonly credentials: Credentials | undefined;
  /** Whether they were stored earlier, and may have expired. */
  readonly isStored: boolean;
}

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
    const first = await request();
    // Only the registry may ask for its credentials, not a host that it redirects to.
    if (first.status !== 401 || first.url.origin !== origin) return first;
    const answer = await answerChallenge(first, credentials, client, signal, report).catch((error: unknown) => {
      discard(first);
      throw error;
    });
    if (answer === undefined) return first;
    discard(first);
    authorization = answer;
    return request();
  }

  /** Repeats a request without credentials: expired ones make public images fail too (ECR Public answers 403). */
  async function askAgainWithout(...request: Parameters<typeof ask>): Promise<HttpResponse> {
    report(`${host} rejected the stored login. Trying without it`);
    [credentials, authorization] = [undefined, undefined];
    return ask(...request);
  }

  async function sendWithRetries(...request: Parameters<typeof ask>): Promise<HttpResponse> {
    const mayBeStale = () => login.isStored && credentials !== undefined;
    let response: HttpResponse;
    try {
      response = await ask(...request);
      if ([401, 403].includes(response.status) && response.url.origin === origin && mayBeStale()) {
        discard(response);
        response = await askAgainWithout(...request);
      }
    } catch (error) {
      if (!(error instanceof RejectedLogin) || !mayBeStale()) throw error;
      response = await askAgainWithout(...request);
    }
    if ([200, 206, 404, 416].includes(response.status)) return response;
    const failure = await describeFailure(response, `${base.slice(origin.length + '/v2/'.length)}/${request[1]}`);
    // A login for the registry does not help where its blob store refuses: that one is asked without it.
    const isOwn = response.url.origin === origin;
    throw isOwn && failure.code === 'SPACECTL_NOT_ALLOWED' ? notAllowed(failure, host) : failure;
  }

  return {
    get: (...request) => sendWithRetries('GET', ...request),
    head: (...request) => sendWithRetries('HEAD', ...request),
  };
}

function notAllowed({ message }: UserError, host: string): UserError {
  return new UserError('SPACECTL_NOT_ALLOWED', message, {
    suggestions: [
      `docker login ${host}`,
      'Check the name: many registries answer like this for an image that does not exist',
    ],
  });
}
