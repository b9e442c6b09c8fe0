import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { type SecureContext, TLSSocket } from 'node:tls';
import { urlToHttpOptions } from 'node:url';
import { abortReason } from '../core/errors.ts';
import { timedOut } from './failure.ts';
import { freeOnceParsed } from './parsed.ts';
import { requestToProxy } from './proxy.ts';
import { ProxyFailure } from './proxy-failure.ts';
import type { HttpResponse } from './response.ts';

/** Where a request goes out. */
export interface Route {
  readonly agent: http.Agent;
  /** For plain HTTP through a proxy: the proxy is asked for the whole URL (RFC 9112, 3.2.2). */
  readonly proxy?: URL | undefined;
  /** The authorities to trust, the proxy's too; a tunnel's agent takes them from the request only. */
  readonly secureContext?: SecureContext | undefined;
  /** Milliseconds until the connection must stand, and between two signs of life on it. */
  readonly connectTimeout: number;
  readonly idleTimeout: number;
}

/** One request as it is sent. */
export interface Message {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly content?: string | Uint8Array | undefined;
  readonly signal: AbortSignal;
}

/**
 * Sends one request and waits for the head of its answer.
 *
 * @param failure turns what breaks the connection later, while the body is read, into an error for the user
 * @throws Error as Node gives it; ProxyFailure
 */
export function exchange(message: Message, route: Route, failure: (error: unknown) => Error): Promise<HttpResponse> {
  const { url, signal } = message;
  const { proxy } = route;
  // It may have come while the authorities were read.
  if (signal.aborted) return Promise.reject(abortReason(signal));
  return new Promise((resolve, reject) => {
    const request = send(message, route);
    let answer: IncomingMessage | undefined;
    const fail = (error: Error) => reject(proxy ? new ProxyFailure(proxy, url.host, { cause: error }) : error);
    // Once there is an answer, it is the one to tell: nobody listens to the request any more.
    const giveUp = (error: Error) => (answer ?? request).destroy(error);
    const stop = () => {
      giveUp(abortReason(signal));
      // Without a socket, as long as a tunnel is made, a request that is destroyed says nothing.
      reject(abortReason(signal));
    };
    signal.addEventListener('abort', stop, { once: true });
    request.once('close', () => signal.removeEventListener('abort', stop));
    request.once('socket', (socket) => {
      // The request's own time-out comes once: a body that nobody reads at the moment is no sign of a dead connection, but
      // it may be one when it is read again.
      const silent = () => (answer?.isPaused() ? socket.setTimeout(route.idleTimeout) : giveUp(timedOut()));
      socket.setTimeout(route.idleTimeout).on('timeout', silent);
      request.once('close', () => socket.removeListener('timeout', silent));
      if (request.reusedSocket) return;
      const connecting = setTimeout(() => giveUp(timedOut()), route.connectTimeout);
      const connected = () => clearTimeout(connecting);
      socket.once(isTls(url, route) ? 'secureConnect' : 'connect', connected);
      request.once('close', connected);
    });
    request.on('error', fail);
    request.once('response', (incoming) => {
      answer = incoming;
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

/** The raw body, its errors translated. Whoever destroys it gives up the connection. */
function bodyOf(incoming: IncomingMessage, failure: (error: unknown) => Error): Readable {
  const body = new Readable({
    // Of objects, or pieces that wait would be copied into one.
    objectMode: true,
    highWaterMark: 4,
    read: () => incoming.resume(),
    destroy(error, done) {
      // What has come to its end only has to be let go, for the connection to be used again.
      if (incoming.complete) incoming.resume();
      else incoming.destroy();
      done(error);
    },
  });
  incoming.on('data', (piece) => body.destroyed || body.push(piece) || incoming.pause());
  incoming.once('end', () => body.push(null));
  incoming.once('error', (error) => body.destroy(failure(error)));
  // Whoever reads it gets the error then; one that comes before must not end the process.
  body.on('error', () => {});
  freeOnceParsed(incoming);
  return body;
}

function certificateOf({ socket }: IncomingMessage, url: URL): Pick<HttpResponse, 'certificate'> {
  const isItsOwn = socket instanceof TLSSocket && url.protocol === 'https:';
  const certificate = isItsOwn ? socket.getPeerX509Certificate() : undefined;
  if (!certificate) return {};
  const { issuer, validTo } = certificate;
  return { certificate: { issuer: issuer.replaceAll('\n', ', '), notAfter: new Date(validTo) } };
}

function isTls(url: URL, route: Route): boolean {
  return (route.proxy ?? url).protocol === 'https:';
}
