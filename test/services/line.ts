import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A line to a server of loopback that can be listened to, and cut. */
export interface Line {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** Bytes that have come from the server. */
  readonly received: number;
  /** Cuts the connection once, as soon as it has brought this many bytes. */
  cutAfter(bytes: number): void;
}

/** Puts a line in front of a server; it ends with the test. */
export async function lineTo(host: string): Promise<Line> {
  let received = 0;
  let cut = Number.POSITIVE_INFINITY;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const [name, port] = host.split(':') as [string, string];
    const upstream = connect(Number(port), name);
    let own = 0;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (chunk) => {
      received += chunk.length;
      own += chunk.length;
      if (own >= cut) {
        cut = Number.POSITIVE_INFINITY;
        client.end(chunk.subarray(0, 10), () => client.destroy());
      } else if (!client.write(chunk)) {
        upstream.pause();
        client.once('drain', () => upstream.resume());
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get received() {
      return received;
    },
    cutAfter(bytes) {
      cut = bytes;
    },
  };
}
