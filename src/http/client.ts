import packageJson from '../../package.json' with { type: 'json' };
import { abortReason, UserError } from '../core/errors.ts';
import { pause } from '../core/pause.ts';
import { rememberAuthorization } from '../core/secrets.ts';
import { traceRequest } from '../core/trace.ts';
import { parseUrl } from '../core/url.ts';
import { discard } from './body.ts';
import { createConnections } from './connections.ts';
import { exchange, type Message, type Route } from './exchange.ts';
import { AUTHORITY_ADVICE, connectionFailure } from './failure.ts';
import { type Pace, USUAL_PACE } from './pace.ts';
import { proxyFor } from './proxy.ts';
import type { HttpResponse } from './response.ts';
import { ATTEMPTS, delayBefore, isIdempotent, isTransientError, isTransientStatus, type Wait } from './retry.ts';
import { type ClientCertificate, type TrustMode, trustedAuthorities } from './trust.ts';

export interface HttpClientOptions {
  /** CA certificates to trust. PEM. */
  readonly certificateAuthority?: string | undefined;
  /** Whether they are trusted in addition to the usual ones (`also`, the default), or instead of them. */
  readonly trust?: TrustMode | undefined;
  /** The client certificate for servers that request one. */
  readonly clientCertificate?: ClientCertificate | undefined;
  /** The environment that `SSL_CERT_FILE` and `SSL_CERT_DIR` are read from. Proxies are always read from the process's own. */
  readonly environment?: NodeJS.ProcessEnv | undefined;
  /** What to suggest for a certificate signed by an unknown authority. */
  readonly authorityAdvice?: string;
  /** How long connecting may take, in milliseconds. */
  readonly connectTimeout?: number;
  /** How long a connection may be silent before it counts as dead, in milliseconds. */
  readonly idleTimeout?: number;
  /** How long an answer may take to begin, in milliseconds. */
  readonly headTimeout?: number;
  /** How long a request may take from its first byte to the last one of the response, in milliseconds. */
  readonly totalTimeout?: number;
  /** What a body must bring at least while it is read. */
  readonly pace?: Pace;
  /** The maximum number of attempts for a request that can be retried. */
  readonly attempts?: number;
  /** Waits between attempts. */
  readonly wait?: Wait;
}

export interface HttpRequest {
  /** `GET` if left out. */
  readonly method?: string;
  readonly url: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content?: string | Uint8Array;
  /** Whether it may be sent twice; by default, if the method is idempotent. A `POST` that only queries may be. */
  readonly isRepeatable?: boolean;
  readonly signal: AbortSignal;
}

/** Sends requests over shared connections. */
export interface HttpClient {
  /**
   * Sends a request, follows redirects (never from https to http; credentials stay with their origin), and retries if
   * that is safe and may help: queries after any temporary failure, everything after 429. Resolves for every status; the
   * caller handles it.
   *
   * @throws UserError `SPACECTL_UNREACHABLE`, `SPACECTL_INTERRUPTED`
   */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Closes all connections, so that the process can end. */
  close(): void;
}

const MAX_REDIRECTS = 5;

/** The longest that any transfer may take, in milliseconds: 4 GB at 300 KB a second. */
export const LONGEST_TRANSFER = 4 * 60 * 60 * 1000;

const USER_AGENT = `spacectl/${packageJson.version}`;

/** Creates a client with its own connections. */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const { connectTimeout = 15_000, idleTimeout = 60_000, environment = process.env, wait = pause } = options;
  const { attempts = ATTEMPTS, authorityAdvice = AUTHORITY_ADVICE, pace = USUAL_PACE } = options;
  const { headTimeout = 2 * idleTimeout, totalTimeout = LONGEST_TRANSFER } = options;
  const kept = createConnections(true);
  // The server may have closed a kept connection meanwhile, so requests that must not be repeated use new ones.
  const fresh = createConnections(false);
  let authorities: ReturnType<typeof trustedAuthorities> | undefined;
  let proxyAuthorities: typeof authorities;
  const failure = (url: URL) => (error: unknown) => connectionFailure(error, url, authorityAdvice);

  /** Chooses the connections for a URL. */
  async function route(url: URL, isRepeatable: boolean): Promise<Route> {
    const proxy = proxyFor(url);
    // The client certificate is for the server, not for the proxy.
    if (proxy?.protocol === 'https:')
      proxyAuthorities ??= trustedAuthorities(options.certificateAuthority, environment, undefined, options.trust);
    const forProxy = { secureContext: await proxyAuthorities, timeout: connectTimeout };
    const agent = (isRepeatable ? kept : fresh).to(url, proxy, forProxy);
    const common = { connectTimeout, idleTimeout, headTimeout, totalTimeout, pace, agent };
    if (url.protocol === 'http:') return { ...common, proxy, secureContext: forProxy.secureContext };
    authorities ??= trustedAuthorities(
      options.certificateAuthority,
      environment,
      options.clientCertificate,
      options.trust,
    );
    return { ...common, secureContext: await authorities };
  }

  /** Sends a message, and retries while that may help. */
  async function sendWithRetries(message: Message, isRepeatable: boolean): Promise<HttpResponse> {
    for (let attempt = 1; ; attempt++) {
      if (message.signal.aborted) throw abortReason(message.signal);
      let isLast = attempt === attempts || !isRepeatable;
      let retryAfter: string | undefined;
      try {
        const way = await route(message.url, isRepeatable);
        traceRequest(message.method, message.url);
        const response = await exchange(message, way, failure(message.url));
        traceRequest(message.method, message.url, response.status);
        // 429: the server did nothing (RFC 6585, 4), so any request may be sent again.
        if (response.status === 429) isLast = attempt === attempts;
        if (isLast || !isTransientStatus(response.status)) return response;
        retryAfter = response.headers['retry-after'];
        if (delayBefore(attempt, retryAfter) === undefined) return response;
        discard(response);
      } catch (error) {
        if (message.signal.aborted) throw abortReason(message.signal);
        traceRequest(message.method, message.url, 'failed');
        if (isLast || !isTransientError(error)) throw failure(message.url)(error);
      }
      await wait(delayBefore(attempt, retryAfter) ?? 0, message.signal);
    }
  }

  return {
    async request({ method = 'GET', url, headers = {}, content, isRepeatable = isIdempotent(method), signal }) {
      let message: Message = { method, url: new URL(url), headers: prepareHeaders(headers), content, signal };
      for (let redirects = 0; ; redirects++) {
        const response = await sendWithRetries(message, isRepeatable);
        const target = redirectOf(response, method);
        if (!target) return response;
        discard(response);
        if (redirects === MAX_REDIRECTS) throw badRedirect(message.url, `redirects more than ${MAX_REDIRECTS} times`);
        message = { ...message, url: target, headers: headersFor(message, target) };
      }
    },
    close() {
      kept.close();
      fresh.close();
    },
  };
}

/** Lower-cases the names and asks for no compression: digests are computed over the bytes on the wire. */
function prepareHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  for (const [name, value] of lower) if (name === 'authorization') rememberAuthorization(value);
  return { 'user-agent': USER_AGENT, 'accept-encoding': 'identity', ...Object.fromEntries(lower) };
}

/** Returns the target of a redirected GET or HEAD request. @throws UserError if it must not be followed */
function redirectOf({ status, headers, url }: HttpResponse, method: string): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || !headers.location) return undefined;
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  const target = parseUrl(headers.location, url.href);
  if (!target) throw badRedirect(url, 'redirects to a location that is not a valid URL');
  if (target.protocol === 'https:' || target.protocol === url.protocol) return target;
  throw badRedirect(url, `redirects to ${target.protocol}//${target.host}, which is not secure`);
}

/** Removes credentials if a redirect leads to another origin. Blob stores answer 400 to them; others might store them. */
function headersFor({ headers, url }: Message, target: URL): Readonly<Record<string, string>> {
  if (target.origin === url.origin) return headers;
  const secrets = ['authorization', 'cookie', 'proxy-authorization'];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !secrets.includes(name)));
}

function badRedirect(url: URL, what: string): UserError {
  return new UserError('SPACECTL_UNREACHABLE', `${url.host} ${what}`);
}
