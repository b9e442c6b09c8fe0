import { once } from 'node:events';
import http, { type IncomingMessage, type RequestListener } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A small server of a test on a free port of loopback. */
export interface HttpServer {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  readonly url: string;
  /** What was asked for so far. */
  readonly requests: readonly {
    readonly method: string;
    readonly path: string;
    readonly headers: IncomingMessage['headers'];
  }[];
  readonly server: http.Server;
}

/** How a server speaks HTTPS. All PEM. */
export interface ServerTls {
  readonly certificate: string;
  readonly key: string;
  /** Whose certificate each client has to show. */
  readonly clientAuthority?: string;
}

/** Starts it; it goes away with the test. */
export async function startHttpServer(answer: RequestListener, tls?: ServerTls): Promise<HttpServer> {
  const requests: { method: string; path: string; headers: IncomingMessage['headers'] }[] = [];
  const listener: RequestListener = (request, response) => {
    requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers });
    return answer(request, response);
  };
  const server = tls
    ? https.createServer(
        {
          cert: tls.certificate,
          key: tls.key,
          ...(tls.clientAuthority && { ca: tls.clientAuthority, requestCert: true, rejectUnauthorized: true }),
        },
        listener,
      )
    : http.createServer(listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, url: `${tls ? 'https' : 'http'}://${host}`, requests, server };
}
