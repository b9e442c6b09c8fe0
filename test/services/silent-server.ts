import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Starts a server that accepts connections and never answers; it goes away with the test. @returns `127.0.0.1:PORT` */
export async function startSilentServer() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // A client that is killed resets its connection.
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    // Without reading, the end of a connection is not seen.
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  /** Waits for the next connection. */
  const connection = () => once(server, 'connection');
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, connection };
}
