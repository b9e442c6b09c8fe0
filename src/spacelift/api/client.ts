import type { UserError } from '../../core/errors.ts';
import { createHttpClient, type HttpClient, readBody } from '../../http/index.ts';
import { isUnauthorized, readAnswer, refusalOf, statusFailure, unauthorized } from './answer.ts';
import type { Api, Operation } from './api.ts';
import type { Credentials } from './credentials.ts';
import { createSession, type LogIn } from './session.ts';

const LARGEST_ANSWER = 32 * 1024 * 1024;

/** Opens the API; nothing is sent until something is asked for. */
export function createApi(credentials: Credentials, http: HttpClient = createHttpClient()): Api {
  const session = createSession(credentials);
  const url = `${credentials.endpoint}/graphql`;

  /** One exchange: the field's value, or the refusal of whoever is not logged in. */
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
    const answer = readAnswer(await readBody(response, { limit: LARGEST_ANSWER }));
    if (isUnauthorized(response, answer)) return { unauthorized: unauthorized(api) };
    if (answer?.errors?.length) throw refusalOf(answer.errors, act, api);
    if (response.status !== 200 || !answer?.data) throw statusFailure(response, act, api);
    return { value: Object.values(answer.data)[0] };
  }

  const api: Api = {
    credentials,
    session,
    async send<T>(operation: Operation, variables: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<T> {
      // Logging in twice does no harm.
      const logIn: LogIn = async (document, login) => {
        const result = await post({ document, act: 'log in', isRepeatable: true }, login, undefined, signal);
        if ('unauthorized' in result) throw result.unauthorized;
        return result.value;
      };
      for (const isRenewed of [false, true]) {
        const bearer = await session.bearer({ isRenewed, logIn });
        const result = await post(operation, variables, bearer, signal);
        if ('value' in result) return result.value as T;
        // Refused before anything was done: once more with a new token, where there can be one.
        if (isRenewed || !session.isRenewable) throw result.unauthorized;
      }
      throw new Error('unreachable');
    },
    close: () => http.close(),
  };
  return api;
}

/** Runs some work with the API of the account that the user has credentials for, and closes its connections. */
export async function withApi<T>(credentials: Credentials, work: (api: Api) => Promise<T>): Promise<T> {
  const api = createApi(credentials);
  try {
    return await work(api);
  } finally {
    api.close();
  }
}
