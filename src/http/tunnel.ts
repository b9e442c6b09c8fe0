import type { ClientRequest } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { timedOut } from './failure.ts';
import { requestToProxy } from './proxy.ts';
import { ProxyFailure } from './proxy-failure.ts';

/** How a proxy is reached: whom to trust if it speaks TLS, and the milliseconds until a tunnel must stand. */
export interface TunnelOptions {
  readonly secureContext: SecureContext | undefined;
  readonly timeout: number;
}

/** Connections to https hosts through tunnels of a proxy, kept for the next request as any other. */
export class TunnelAgent extends https.Agent {
  readonly #proxy: URL;
  readonly #tunnel: TunnelOptions;
  /** Ends tunnels that are not there yet. */
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
      // TLS is with the server, inside the tunnel.
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
 * A connection to a host through a proxy (CONNECT: RFC 9110, 9.3.6). What the proxy answers is plain text on most networks,
 * and not the server's: short of a tunnel it is an error, never an answer.
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
  const stop = () => request?.destroy(timedOut());
  try {
    signal.throwIfAborted();
    return await new Promise((resolve, reject) => {
      const options = { method: 'CONNECT', path: target, headers: { host: target }, agent: false };
      request = requestToProxy(proxy, options, secureContext);
      request.once('error', (cause) => reject(new ProxyFailure(proxy, target, { cause })));
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
