import type http from 'node:http';
import net from 'node:net';
import { startHttpServer } from './http-server.ts';

/** Starts a proxy that makes tunnels (CONNECT, RFC 9110, 9.3.6), every one to the same server, whatever is asked for. */
export async function startTunnel(
  target: string,
): Promise<{ readonly proxy: string; readonly tunnels: readonly string[] }> {
  const tunnels: string[] = [];
  const proxy = await startHttpServer((_, response) => response.writeHead(500).end());
  proxy.server.on('connect', (request: http.IncomingMessage, socket: net.Socket) => {
    tunnels.push(request.url ?? '');
    const server = net.connect(Number(target.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(server).pipe(socket);
    });
    server.on('error', () => socket.destroy());
    socket.on('error', () => server.destroy());
  });
  return { proxy: proxy.url, tunnels };
}
