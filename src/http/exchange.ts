import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { type SecureContext, TLSSocket } from 'node:tls';
import { urlToHttpOptions } from 'node:url';
import { abortReason } from '../core/errors.ts';
import { slownessError, timeoutError } from './failure.ts';
import { keepPace, type Pace } from './pace.ts';
import { freeOnceParsed } from './parsed.ts';
import { requestToProxy } from './proxy.ts';
import { ProxyFailure } from './proxy-failure.ts';
import type { HttpResponse } from './response.ts';
import { failOnUnexpected } from './unexpected.ts';

/** How a request reaches its server. */
export interface Route {
  readonly agent: http.Agent;
  /** The proxy for plain HTTP, which receives the whole URL (RFC 9112, 3.2.2). */
  readonly proxy?: URL | undefined;
  /** The CA certificates to trust, for the proxy too. A tunnel's agent reads them from the request. */
  readonly secureContext?: SecureContext | undefined;
  /** How long connecting may take and how long the connection may be silent, in milliseconds. */
  readonly connectTimeout: number;
  readonly idleTimeout: number;
  /** How long the answer may take to begin after the request was started, in milliseconds. */
  readonly headTimeout: number;
  /** How long the request may take in all, until the end of the body, in milliseconds. */
  readonly totalTimeout: number;
  /** What a body that is being read must bring in each period. */
  readonly pace: Pace;
}

/** A request as it is sent. */
export interface Message {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly content?: string | Uint8Array | undefined;
  readonly signal: AbortSignal;
}

/**
 * Sends a request and waits for the head of the response.
 *
 * @param failure converts errors that occur later, while the body is read, into errors for the user
 * @throws Node's own Error; ProxyFailure
 */
export function exchange(message: Message, route: Route, failure: (error: unknown) => Error): Promise<HttpResponse> {
  const { url, signal } = message;
  const { proxy } = route;
  // The signal may have been aborted while the CA certificates were read.
  if (signal.aborted) return Promise.reject(abortReason(signal));
  return new Promise((resolve, reject) => {
    const request = send(message, route);
    let answer: IncomingMessage | undefined;
    const fail = (error: Error) => reject(proxy ? new ProxyFailure(proxy, url.host, { cause: error }) : error);
    // After the response has arrived, errors of the request have no listener.
    const abort = (error: Error) => (answer ?? request).destroy(error);
    const stop = () => {
      abort(abortReason(signal));
      // While a tunnel is being opened, the request has no socket, and destroying it emits no error.
      reject(abortReason(signal));
    };
    signal.addEventListener('abort', stop, { once: true });
    request.once('close', () => signal.removeEventListener('abort', stop));
    const { totalTimeout } = route;
    const total = setTimeout(() => abort(slownessError(totalTimeout)), totalTimeout);
    // Headers that arrive byte by byte are no silence, and neither are interim responses.
    const head = setTimeout(() => abort(timeoutError()), route.headTimeout);
    request.once('close', () => {
      clearTimeout(total);
      clearTimeout(head);
    });
    request.once('socket', (socket) => {
      // The request's own timeout fires only once. While the body is paused, silence does not mean that the connection
      // is dead, so the timer starts again.
      const onSilence = () => (answer?.isPaused() ? socket.setTimeout(route.idleTimeout) : abort(timeoutError()));
      socket.setTimeout(route.idleTimeout).on('timeout', onSilence);
      request.once('close', () => socket.removeListener('timeout', onSilence));
      if (request.reusedSocket) return;
      const timer = setTimeout(() => abort(timeoutError()), route.connectTimeout);
      const stopTimer = () => clearTimeout(timer);
      socket.once(isTls(url, route) ? 'secureConnect' : 'connect', stopTimer);
      request.once('close', stopTimer);
    });
    request.on('error', fail);
    failOnUnexpected(request, fail);
    request.once('response', (incoming) => {
      answer = incoming;
      clearTimeout(head);
      keepPace(incoming, route.pace, abort);
      const { statusCode: status = 0, headers } = incoming;
      if (proxy && status === 407) {
        reject(new ProxyFailure(proxy, url.host, { status }));
        return incoming.destroy();
      }
      resolve({ status, headers, url, body: bodyOf(incoming, failure), ...certificateOf(incoming, url) });
    });
    request.end(message.content);
  });
}

function send({ method, url, headers, content }: Message, route: Route): http.ClientRequest {
  const { agent, proxy, secureContext } = route;
  const length = content === undefined ? {} : { 'content-length': String(Buffer.byteLength(content)) };
  if (proxy) {
    const own = { ...headers, ...length, host: url.host };
    const { auth } = urlToHttpOptions(url);
    const options = { method, path: `${url.origin}${url.pathname}${url.search}`, headers: own, agent };
    return requestToProxy(proxy, { ...options, ...(auth && { auth }) }, secureContext);
  }
  const options = { method, headers: { ...headers, ...length }, agent, ...(secureContext && { secureContext }) };
  return url.protocol === 'https:' ? https.request(url, options) : http.request(url, options);
}

/** Wraps the raw body so that its errors are errors for the user. Destroying it closes the connection. */
function bodyOf(incoming: IncomingMessage, failure: (error: unknown) => Error): Readable {
  const body = new Readable({
    // In object mode, waiting chunks are not copied into one.
    objectMode: true,
    highWaterMark: 4,
    read: () => incoming.resume(),
    destroy(error, done) {
      // A complete response only has to be resumed for its connection to be reused.
      if (incoming.complete) incoming.resume();
      else incoming.destroy();
      done(error);
    },
  });
  incoming.on('data', (chunk) => body.destroyed || body.push(chunk) || incoming.pause());
  incoming.once('end', () => body.push(null));
  incoming.once('error', (error) => body.destroy(failure(error)));
  // The reader receives the error. One that occurs before the body is read must not end the process.
  body.on('error', () => {});
  freeOnceParsed(incoming);
  return body;
}

function certificateOf({ socket }: IncomingMessage, url: URL): Pick<HttpResponse, 'certificate'> {
  const isFromServer = socket instanceof TLSSocket && url.protocol === 'https:';
  const certificate = isFromServer ? socket.getPeerX509Certificate() : undefined;
  if (!certificate) return {};
  const { issuer, validTo } = certificate;
  return { certificate: { issuer: issuer.replaceAll('\n', ', '), notAfter: new Date(validTo) } };
}

function isTls(url: URL, route: Route): boolean {
  return (route.proxy ?? url).protocol === 'https:';
}
