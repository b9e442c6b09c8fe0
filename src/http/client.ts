import { abortReason, UserError } from '../core/errors.ts';
import { pause } from '../core/pause.ts';
import { discard } from './body.ts';
import { createConnections } from './connections.ts';
import { exchange, type Message, type Route } from './exchange.ts';
import { AUTHORITY_ADVICE, connectionFailure } from './failure.ts';
import { proxyFor } from './proxy.ts';
import type { HttpResponse } from './response.ts';
import { ATTEMPTS, delayBefore, isTransientError, isTransientStatus, mayRepeat, type Wait } from './retry.ts';
import { type ClientCertificate, trustedAuthorities } from './trust.ts';

export interface HttpClientOptions {
  /** PEM of authorities to trust beside the usual ones. */
  readonly certificateAuthority?: string | undefined;
  /** PEM of the certificate and key that this side shows servers who ask for one. */
  readonly clientCertificate?: ClientCertificate | undefined;
  /** Where `SSL_CERT_FILE` is looked up. Proxies are always those of the process. */
  readonly environment?: NodeJS.ProcessEnv | undefined;
  /** What a user can do about a certificate of an unknown authority. */
  readonly authorityAdvice?: string;
  /** Milliseconds until a connection must stand. */
  readonly connectTimeout?: number;
  /** Milliseconds of silence after which a connection counts as dead. */
  readonly idleTimeout?: number;
  /** How often a request is tried in all, where trying again may help. */
  readonly attempts?: number;
  /** How waiting between attempts is done. */
  readonly wait?: Wait;
}

export interface HttpRequest {
  /** `GET` if left out. */
  readonly method?: string;
  readonly url: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content?: string | Uint8Array;
  /** Whether it may be sent twice; what the method promises if left out. A `POST` that only asks may be. */
  readonly isRepeatable?: boolean;
  readonly signal: AbortSignal;
}

/** Connections that are shared by the requests of one piece of work. */
export interface HttpClient {
  /**
   * Sends a request, follows redirects (never from https to http; credentials stay with their origin), and tries again
   * where that is safe and may help. Resolves for every status: what to make of it is the caller's business.
   *
   * @throws UserError `SPACECTL_UNREACHABLE`, and the user's interruption
   */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Closes idle connections, so that the process can end. */
  close(): void;
}

const MOST_REDIRECTS = 5;

export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const { connectTimeout = 15_000, idleTimeout = 60_000, environment = process.env, wait = pause } = options;
  const { attempts = ATTEMPTS, authorityAdvice = AUTHORITY_ADVICE } = options;
  const kept = createConnections(true);
  // One that was kept may have been closed by the server meanwhile: only what can be sent again may find that out.
  const fresh = createConnections(false);
  let authorities: ReturnType<typeof trustedAuthorities> | undefined;
  let proxyAuthorities: typeof authorities;
  const failure = (url: URL) => (error: unknown) => connectionFailure(error, url, authorityAdvice);

  /** Which connections a URL is asked for through. */
  async function route(url: URL, isRepeatable: boolean): Promise<Route> {
    const proxy = proxyFor(url);
    // Our own certificate is for the server, not for the proxy.
    if (proxy?.protocol === 'https:')
      proxyAuthorities ??= trustedAuthorities(options.certificateAuthority, environment);
    const forProxy = { secureContext: await proxyAuthorities, timeout: connectTimeout };
    const agent = (isRepeatable ? kept : fresh).to(url, proxy, forProxy);
    const common = { connectTimeout, idleTimeout, agent };
    if (url.protocol === 'http:') return { ...common, proxy, secureContext: forProxy.secureContext };
    authorities ??= trustedAuthorities(options.certificateAuthority, environment, options.clientCertificate);
    return { ...common, secureContext: await authorities };
  }

  /** Sends one message, again and again while that may help. */
  async function sendWithRetries(message: Message, isRepeatable: boolean): Promise<HttpResponse> {
    for (let attempt = 1; ; attempt++) {
      if (message.signal.aborted) throw abortReason(message.signal);
      const isLast = attempt === attempts || !isRepeatable;
      let retryAfter: string | undefined;
      try {
        const response = await exchange(message, await route(message.url, isRepeatable), failure(message.url));
        if (isLast || !isTransientStatus(response.status)) return response;
        retryAfter = response.headers['retry-after'];
        if (delayBefore(attempt, retryAfter) === undefined) return response;
        discard(response);
      } catch (error) {
        if (message.signal.aborted) throw abortReason(message.signal);
        if (isLast || !isTransientError(error)) throw failure(message.url)(error);
      }
      await wait(delayBefore(attempt, retryAfter) ?? 0, message.signal);
    }
  }

  return {
    async request({ method = 'GET', url, headers = {}, content, isRepeatable = mayRepeat(method), signal }) {
      let message: Message = { method, url: new URL(url), headers: asIs(headers), content, signal };
      for (let redirects = 0; ; redirects++) {
        const response = await sendWithRetries(message, isRepeatable);
        const target = redirectOf(response, method);
        if (!target) return response;
        discard(response);
        if (redirects === MOST_REDIRECTS) throw badRedirect(message.url, `redirects more than ${MOST_REDIRECTS} times`);
        message = { ...message, url: target, headers: headersFor(message, target) };
      }
    },
    close() {
      kept.close();
      fresh.close();
    },
  };
}

/** Lower-case names, and no compression: what comes over the wire is what is hashed. */
function asIs(headers: Readonly<Record<string, string>>): Record<string, string> {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { 'user-agent': 'spacectl', 'accept-encoding': 'identity', ...Object.fromEntries(lower) };
}

/** Where a redirect of a safe request leads. @throws UserError if it may not be followed */
function redirectOf({ status, headers, url }: HttpResponse, method: string): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || !headers.location) return undefined;
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  if (!URL.canParse(headers.location, url.href)) throw badRedirect(url, 'redirects to something that is not a URL');
  const target = new URL(headers.location, url);
  if (target.protocol === 'https:' || target.protocol === url.protocol) return target;
  throw badRedirect(url, `redirects to ${target.protocol}//${target.host}, which is not secure`);
}

/** Credentials are for the origin they were meant for: blob stores answer 400 to them, and others keep them. */
function headersFor({ headers, url }: Message, target: URL): Readonly<Record<string, string>> {
  if (target.origin === url.origin) return headers;
  const secrets = ['authorization', 'cookie', 'proxy-authorization'];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !secrets.includes(name)));
}

function badRedirect(url: URL, what: string): UserError {
  return new UserError('SPACECTL_UNREACHABLE', `${url.host} ${what}`);
}
