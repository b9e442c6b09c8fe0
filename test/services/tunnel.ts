import type http from 'node:http';
import net from 'node:net';
import { type HttpServer, startHttpServer } from './http-server.ts';

/** A proxy of a test that makes tunnels. */
export interface Tunnel {
  readonly proxy: string;
  /** What it was asked for so far, `HOST:PORT`, and what with. */
  readonly tunnels: readonly string[];
  readonly headers: readonly http.IncomingHttpHeaders[];
}

/**
 * Starts a proxy that makes tunnels (CONNECT, RFC 9110, 9.3.6).
 *
 * @param target the server of every tunnel, whatever is asked for; or servers by what is asked for, `HOST:PORT`
 * @param answer what it answers in place of a tunnel: the head and what follows; `''`: nothing at all
 */
export async function startTunnel(
  target: string | Readonly<Record<string, string>>,
  { tls, answer }: { readonly tls?: Parameters<typeof startHttpServer>[1]; readonly answer?: string } = {},
): Promise<Tunnel> {
  const tunnels: string[] = [];
  const headers: http.IncomingHttpHeaders[] = [];
  const proxy: HttpServer = await startHttpServer((_, response) => response.writeHead(500).end(), tls);
  proxy.server.on('connect', (request: http.IncomingMessage, socket: net.Socket) => {
    tunnels.push(request.url ?? '');
    headers.push(request.headers);
    if (answer !== undefined) return socket.write(answer);
    const own = typeof target === 'string' ? target : target[request.url ?? ''];
    if (own === undefined) return socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
    const server = net.connect(Number(own.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(server).pipe(socket);
    });
    server.on('error', () => socket.destroy());
    socket.on('error', () => server.destroy());
    return socket;
  });
  return { proxy: proxy.url.replace('127.0.0.1', 'localhost'), tunnels, headers };
}
