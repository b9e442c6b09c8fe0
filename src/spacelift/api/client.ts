import { UserError } from '../../core/errors.ts';
import { BadJson } from '../../core/json.ts';
import { type HttpClient, isUnsent, requestWhole } from '../../http/index.ts';
import { areBelowField, isUnauthorized, readAnswer, readField, unknownNames } from './answer.ts';
import type { Api } from './api.ts';
import type { Credentials } from './credentials.ts';
import { createApiHttp } from './http.ts';
import { VIEWER } from './login.ts';
import type { Operation, Variables, Viewer } from './operation.ts';
import { forbidden, notGraphQl, rejection, unauthorized, unusable } from './refusals.ts';
import { createSession, type LogIn } from './session.ts';
import { unconfirmed } from './unconfirmed.ts';

const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;

/** Milliseconds for one request and its answer. Spacelift's own clients give up after a minute. */
const TOTAL_TIMEOUT = 120_000;

/** What became of one request: a value; fields that the server does not know; `undefined` if a token or a permission is missing. */
type Outcome<T> = { readonly value: T } | { readonly unknown: readonly string[] } | undefined;

/** Creates a client of the API. Sends nothing until the first operation. */
export function createApi(
  credentials: Credentials,
  http: HttpClient = createApiHttp({ totalTimeout: TOTAL_TIMEOUT }),
): Api {
  const session = createSession(credentials);
  const url = `${credentials.endpoint}/graphql`;
  /** Fields that this server does not know. */
  const missing = new Set<string>();

  /** Sends one request. @throws UserError; UnconfirmedError about a mutation whose answer is lost or cannot be used */
  async function post<T>(
    operation: Operation<T>,
    variables: Variables,
    bearer: string | undefined,
    signal: AbortSignal,
  ): Promise<Outcome<T>> {
    const { act, field, isRepeatable, optional = [] } = operation;
    const request = {
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      },
      content: JSON.stringify({ query: operation.document((name) => !missing.has(name)), variables }),
      isRepeatable,
      signal,
    };
    const lost = (error: UserError) => (isRepeatable ? error : unconfirmed(act, error));
    const { response, body } = await requestWhole(http, request, { limit: MAX_RESPONSE_BYTES }).catch(
      (error: unknown) => {
        throw isAnswerLost(error) ? lost(error) : error;
      },
    );
    const answer = readAnswer(body);
    if (response.status === 401) return undefined;
    if (answer instanceof BadJson) {
      const error = notGraphQl(response, body, act, answer.message, api);
      // Any other status says that the request was not carried out.
      throw response.status === 200 || response.status >= 500 ? lost(error) : error;
    }
    const errors = answer.errors ?? [];
    const unknown = unknownNames(errors);
    if (unknown.length > 0 && unknown.every((name) => optional.includes(name) && !missing.has(name)))
      return { unknown };
    const result = readField(answer, field, operation.schema);
    // An error further down leaves the rest of the answer usable. Null together with an error is no value.
    const isMissing = errors.length > 0 && answer.data?.[field] == null;
    if (!(result instanceof BadJson) && !isMissing) return result;
    if (!isRepeatable && (errors.length === 0 || areBelowField(errors) || response.status >= 500)) {
      const problem = result instanceof BadJson ? result.message : 'it is empty';
      throw lost(unusable(api, act, problem, errors));
    }
    if (isUnauthorized(errors)) return undefined;
    if (errors.length > 0 && (isMissing || !answer.data)) throw rejection(errors, act, api);
    throw unusable(api, act, result instanceof BadJson ? result.message : 'it is empty', errors);
  }

  const logInWith =
    (signal: AbortSignal): LogIn =>
    async (operation, variables) => {
      const outcome = await post(operation, variables, undefined, signal);
      if (outcome && 'value' in outcome && outcome.value) return outcome.value;
      throw unauthorized(api);
    };

  /** Asks whose token it is. @returns `undefined` if it is not valid */
  async function askViewer(bearer: string, signal: AbortSignal): Promise<Viewer | undefined> {
    const outcome = await post(VIEWER, {}, bearer, signal);
    return (outcome && 'value' in outcome && outcome.value) || undefined;
  }

  const api: Api = {
    credentials,
    session,
    async send<T>(operation: Operation<T>, variables: Variables, signal: AbortSignal): Promise<T> {
      const logIn = logInWith(signal);
      let bearer = await session.bearer({ isRenewed: false, logIn });
      for (;;) {
        const outcome = await post(operation, variables, bearer.jwt, signal);
        if (outcome && 'value' in outcome) return outcome.value;
        if (outcome) {
          for (const name of outcome.unknown) missing.add(name);
          continue;
        }
        const viewer = await askViewer(bearer.jwt, signal);
        if (viewer) throw forbidden(api, operation.act, { viewer, variables });
        // A token that was just obtained will not become valid by another login.
        if (bearer.isNew) throw unauthorized(api);
        // The token is no longer valid, so the request had no effect and can be sent again.
        bearer = await session.bearer({ isRenewed: true, logIn });
      }
    },
    async viewer(signal) {
      const logIn = logInWith(signal);
      const { jwt } = await session.bearer({ isRenewed: false, logIn });
      const viewer = await askViewer(jwt, signal);
      if (viewer) return viewer;
      throw unauthorized(api);
    },
    close: () => http.close(),
  };
  return api;
}

/** Reports whether a request that failed may have reached the server. */
function isAnswerLost(error: unknown): error is UserError {
  if (!(error instanceof UserError) || isUnsent(error)) return false;
  return error.code === 'SPACECTL_UNREACHABLE' || error.code === 'SPACECTL_BAD_DATA';
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
