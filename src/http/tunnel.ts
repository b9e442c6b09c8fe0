import type { ClientRequest } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { timeoutError } from './failure.ts';
import { requestToProxy } from './proxy.ts';
import { ProxyFailure } from './proxy-failure.ts';
import { failOnUnexpected } from './unexpected.ts';

/** How to open tunnels through a proxy. */
export interface TunnelOptions {
  /** The CA certificates to trust if the proxy uses TLS. */
  readonly secureContext: SecureContext | undefined;
  /** How long opening a tunnel may take, in milliseconds. */
  readonly timeout: number;
}

/** Connects to https hosts through a proxy's tunnels. Connections are kept like any others. */
export class TunnelAgent extends https.Agent {
  readonly #proxy: URL;
  readonly #tunnel: TunnelOptions;
  /** Aborts tunnels that are being opened. */
  #closing = new AbortController();

  constructor(proxy: URL, tunnel: TunnelOptions, keepAlive: boolean) {
    super({ keepAlive });
    this.#proxy = proxy;
    this.#tunnel = tunnel;
  }

  override createConnection(
    options: https.RequestOptions,
    callback: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const { host, port } = options;
    const target = `${host?.includes(':') ? `[${host}]` : host}:${port}`;
    openTunnel(this.#proxy, target, { ...this.#tunnel, signal: this.#closing.signal }).then(
      // Inside the tunnel, TLS is with the server.
      (socket) => callback(null, super.createConnection({ ...options, socket } as https.RequestOptions) as Duplex),
      (error: Error) => callback(error, undefined as unknown as Duplex),
    );
  }

  override destroy(): void {
    this.#closing.abort();
    this.#closing = new AbortController();
    super.destroy();
  }
}

/**
 * Opens a connection to a host through a proxy (CONNECT: RFC 9110, 9.3.6). A refusal is an error, never a response: it
 * comes from the proxy, over plain text on most networks, and not from the server.
 *
 * @param target `HOST:PORT`
 * @throws ProxyFailure
 */
export async function openTunnel(
  proxy: URL,
  target: string,
  { secureContext, timeout, signal }: TunnelOptions & { readonly signal: AbortSignal },
): Promise<Socket> {
  let request: ClientRequest | undefined;
  let timer: NodeJS.Timeout | undefined;
  const stop = () => request?.destroy(timeoutError());
  try {
    signal.throwIfAborted();
    return await new Promise((resolve, reject) => {
      const options = { method: 'CONNECT', path: target, headers: { host: target }, agent: false };
      request = requestToProxy(proxy, options, secureContext);
      const fail = (cause: Error) => reject(new ProxyFailure(proxy, target, { cause }));
      request.once('error', fail);
      failOnUnexpected(request, fail);
      request.once('connect', ({ statusCode: status = 0 }, socket) => {
        if (status >= 200 && status < 300) return resolve(socket as Socket);
        socket.destroy();
        reject(new ProxyFailure(proxy, target, { status }));
      });
      signal.addEventListener('abort', stop, { once: true });
      timer = setTimeout(stop, timeout);
      request.end();
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
