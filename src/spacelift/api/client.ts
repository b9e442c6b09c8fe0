import type { UserError } from '../../core/errors.ts';
import { type HttpClient, readBody } from '../../http/index.ts';
import { forbidden, isUnauthorized, readAnswer, rejection, statusFailure, unauthorized } from './answer.ts';
import type { Api, Operation } from './api.ts';
import type { Credentials } from './credentials.ts';
import { createApiHttp } from './http.ts';
import { createSession, type LogIn } from './session.ts';

const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;

/**
 * Who is logged in; null if the token is not valid. Distinguishes a bad token from a missing permission, since Spacelift answers
 * `unauthorized` to both (spacelift-io/spacectl@490d0dd, client/client.go).
 */
const VIEWER: Operation = { document: 'query { viewer { id name } }', act: 'use the API', isRepeatable: true };

/** Creates a client of the API. Sends nothing until the first operation. */
export function createApi(credentials: Credentials, http: HttpClient = createApiHttp()): Api {
  const session = createSession(credentials);
  const url = `${credentials.endpoint}/graphql`;

  /** Sends one request. @returns the field's value, or the error if the token was not accepted */
  async function post(
    { document, act, isRepeatable }: Operation,
    variables: Readonly<Record<string, unknown>>,
    bearer: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly value: unknown } | { readonly unauthorized: UserError }> {
    const response = await http.request({
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      },
      content: JSON.stringify({ query: document, variables }),
      isRepeatable,
      signal,
    });
    const answer = readAnswer(await readBody(response, { limit: MAX_RESPONSE_BYTES }));
    if (isUnauthorized(response, answer)) return { unauthorized: unauthorized(api) };
    if (answer?.errors?.length) throw rejection(answer.errors, act, api);
    if (response.status !== 200 || !answer?.data) throw statusFailure(response, act, api);
    return { value: Object.values(answer.data)[0] };
  }

  const api: Api = {
    credentials,
    session,
    async send<T>(operation: Operation, variables: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<T> {
      // Logging in is repeatable: doing it twice is harmless.
      const logIn: LogIn = async (document, login) => {
        const result = await post({ document, act: 'log in', isRepeatable: true }, login, undefined, signal);
        if ('unauthorized' in result) throw result.unauthorized;
        return result.value;
      };
      for (const isRenewed of [false, true]) {
        const bearer = await session.bearer({ isRenewed, logIn });
        const result = await post(operation, variables, bearer, signal);
        if ('value' in result) return result.value as T;
        const viewer = await post(VIEWER, {}, bearer, signal);
        if ('value' in viewer && viewer.value) throw forbidden(operation.act, api, 'unauthorized');
        // The token is not valid, so the request had no effect: retry with a new token, if there can be one.
        if (isRenewed || !session.isRenewable) throw result.unauthorized;
      }
      throw new Error('unreachable');
    },
    close: () => http.close(),
  };
  return api;
}

/** Runs some work with the API, and closes its connections afterwards. */
export async function withApi<T>(credentials: Credentials, work: (api: Api) => Promise<T>): Promise<T> {
  const api = createApi(credentials);
  try {
    return await work(api);
  } finally {
    api.close();
  }
}
