// Hands connections to ports of this network's loopback on to Unix sockets, which are not in a network: FOLDER/PORT.
import net from 'node:net';
import path from 'node:path';

const [folder = '', ...ports] = process.argv.slice(2);
for (const port of ports) {
  const server = net.createServer((inside) => {
    const outside = net.connect(path.join(folder, port));
    inside.pipe(outside).pipe(inside);
    inside.on('error', () => outside.destroy());
    outside.on('error', () => inside.destroy());
  });
  server.listen(Number(port), '127.0.0.1');
}
