import { UserError } from '../../core/errors.ts';
import { discard, failedStatus, type HttpClient, type HttpResponse } from '../../http/index.ts';
import { answerChallenge } from './authorization.ts';
import type { Credentials } from './login.ts';

/** One repository of a registry, as it is talked to: logs in when it is told to. */
export interface Repository {
  /** Asks for something of the repository: `manifests/latest`, `blobs/sha256:…`. Resolves for 200, 206, 404 and 416. */
  get(what: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpResponse>;
  /** The same without the body. */
  head(what: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpResponse>;
}

export interface Login {
  readonly credentials: Credentials | undefined;
  /** Whether they were stored some time ago, and may have gone stale since. */
  readonly isStored: boolean;
}

/**
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
    // Where a redirect leads, nobody may ask for the registry's credentials.
    if (first.status !== 401 || first.url.origin !== origin) return first;
    discard(first);
    const answer = await answerChallenge(first, credentials, client, signal);
    if (answer === undefined) return first;
    authorization = answer;
    return request();
  }

  /** Stored credentials that have expired are worse than none: public images can be read without (ECR Public says 403). */
  async function askAgainWithout(...request: Parameters<typeof ask>): Promise<HttpResponse> {
    report(`The stored login for ${host} is not accepted: trying without`);
    [credentials, authorization] = [undefined, undefined];
    return ask(...request);
  }

  async function sendWithRetries(...request: Parameters<typeof ask>): Promise<HttpResponse> {
    const mayBeStale = () => login.isStored && credentials !== undefined;
    let response: HttpResponse;
    try {
      response = await ask(...request);
      if ([401, 403].includes(response.status) && mayBeStale()) {
        discard(response);
        response = await askAgainWithout(...request);
      }
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'SPACECTL_NOT_ALLOWED' || !mayBeStale()) throw error;
      response = await askAgainWithout(...request);
    }
    if ([200, 206, 404, 416].includes(response.status)) return response;
    discard(response);
    const failure = failedStatus(response, `${base.slice(origin.length + '/v2/'.length)}/${request[1]}`);
    throw failure.code === 'SPACECTL_NOT_ALLOWED' ? notAllowed(failure, host) : failure;
  }

  return {
    get: (...request) => sendWithRetries('GET', ...request),
    head: (...request) => sendWithRetries('HEAD', ...request),
  };
}

function notAllowed({ message }: UserError, host: string): UserError {
  return new UserError('SPACECTL_NOT_ALLOWED', message, {
    suggestions: [`docker login ${host}`, 'Check the name: many registries answer so for what is not there'],
  });
}
