import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

/** What a server does once it has read the head of a request. */
export type Behaviour = (socket: Socket, host: string) => void;

/** Starts a server on loopback that treats every request the same; it goes away with the test. */
export async function startHostileServer(behave: Behaviour): Promise<{ host: string; requests: () => number }> {
  const sockets = new Set<Socket>();
  let requests = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      // A body that follows its head is part of the same request.
      if (!/^(?:GET|HEAD|POST) /.test(chunk.toString('latin1'))) return;
      requests++;
      behave(socket, host);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { host, requests: () => requests };
}

/** Sends bytes, and ends the connection. */
const says =
  (...parts: readonly (string | Uint8Array)[]): Behaviour =>
  (socket) =>
    socket.end(Buffer.concat(parts.map((part) => Buffer.from(part as string))));

/** Sends bytes, and keeps the connection open. */
const saysAndWaits =
  (text: string): Behaviour =>
  (socket) =>
    void socket.write(text, 'latin1');

/** Sends something again and again. */
const repeats =
  (start: string, each: string, milliseconds: number): Behaviour =>
  (socket) => {
    socket.write(start);
    const timer = setInterval(() => socket.write(each), milliseconds);
    socket.once('close', () => clearInterval(timer));
  };

const answer = (status: string, headers = '', body = '') =>
  says(`HTTP/1.1 ${status}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`);

const redirect =
  (location: (host: string) => string, status = 302): Behaviour =>
  (socket, host) =>
    answer(`${status} Elsewhere`, `Location: ${location(host)}\r\n`)(socket, host);

const OK = 'HTTP/1.1 200 OK\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;

/** Statuses of an error, with nothing else. */
const STATUSES = [
  ...[400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423],
  ...[424, 425, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511, 599, 600, 999],
];

/** What servers may do instead of answering; none of it is an answer. */
export const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  'closes before it answers': (socket) => socket.end(),
  'resets before it answers': (socket) => socket.resetAndDestroy(),
  'says nothing': () => {},
  'sends bytes that are not HTTP': says(Buffer.alloc(200, 0xfe)),
  'sends the greeting of another service': says('SSH-2.0-OpenSSH_9.2\r\n'),
  'sends a TLS alert': says(Buffer.from('15030300020228', 'hex')),
  'answers as before HTTP/1.0': says('<html>hello</html>'),
  'answers in HTTP/2': says(Buffer.from('000012040000000000000300000064', 'hex')),
  'sends only a status line': says(OK),
  'sends only a part of a status line': says('HTTP/1.1 2'),
  'sends a status of two digits': says('HTTP/1.1 99 Odd\r\n\r\n'),
  'sends a status that is not a number': says('HTTP/1.1 abc\r\n\r\n'),
  'sends a header without a colon': says(`${OK}broken\r\n\r\n`),
  'sends a NUL in a header': says(`${OK}X-A: a\0b\r\n\r\n`),
  'sends a header of a megabyte': says(`${OK}X-A: ${'a'.repeat(1 << 20)}\r\n\r\n`),
  'sends 20,000 headers': says(`${OK}${'X-A: 1\r\n'.repeat(20_000)}\r\n`),
  'sends two lengths': says(`${OK}Content-Length: 2\r\nContent-Length: 3\r\n\r\nokk`),
  'sends a length and chunks': says(`${OK}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`),
  'sends a negative length': says(`${OK}Content-Length: -1\r\n\r\n`),
  'sends a length that is not a number': says(`${OK}Content-Length: many\r\n\r\n`),
  'sends a length that no number holds': says(`${OK}Content-Length: ${'9'.repeat(30)}\r\n\r\n`),
  'sends less than its length': says(`${OK}Content-Length: 100\r\n\r\n{}`),
  'sends less than its length, and waits': saysAndWaits(`${OK}Content-Length: 100\r\n\r\n{}`),
  'breaks off in a chunk': says(`${CHUNKED}ff\r\n{}`),
  'sends a chunk whose size is not a number': says(`${CHUNKED}zz\r\n{}\r\n`),
  'sends a chunk whose size no number holds': says(`${CHUNKED}${'f'.repeat(20)}\r\n{}`),
  'sends a chunk that is longer than it says': says(`${CHUNKED}1\r\nabcdef\r\n0\r\n\r\n`),
  'sends an extension of a chunk without end': repeats(`${CHUNKED}1;`, 'a'.repeat(50_000), 1),
  'sends a header without end': repeats(`${OK}X-A: `, 'a'.repeat(5000), 1),
  'sends a body without end': repeats(`${CHUNKED}`, `10000\r\n${' '.repeat(65_536)}\r\n`, 1),
  'sends a byte at a time': repeats(`${OK}Content-Length: 100000\r\n\r\n`, ' ', 20),
  'switches protocols': says('HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
  'sends interim answers without end': repeats('', 'HTTP/1.1 103 Early Hints\r\n\r\n', 1),
  'redirects to itself': redirect((host) => `http://${host}/v2/a/manifests/latest`),
  'redirects to itself, for good': redirect(() => '', 308),
  'redirects to a file': redirect(() => 'file:///etc/passwd'),
  'redirects to another protocol': redirect(() => 'ftp://127.0.0.1/'),
  'redirects to what is not a URL': redirect(() => 'http://[::1'),
  'redirects to a closed port': redirect(() => 'http://127.0.0.1:1/'),
  'redirects nowhere': answer('302 Found'),
  'sends nothing': answer('200 OK', JSON_TYPE),
  'sends no content': says('HTTP/1.1 204 No Content\r\n\r\n'),
  'sends a page': answer('200 OK', 'Content-Type: text/html\r\n', '<html><title>Log in</title></html>'),
  'sends null': answer('200 OK', JSON_TYPE, 'null'),
  'sends a number': answer('200 OK', JSON_TYPE, '1e999'),
  'sends an empty object': answer('200 OK', JSON_TYPE, '{}'),
  'sends an empty list': answer('200 OK', JSON_TYPE, '[]'),
  'sends a document that is cut off': answer('200 OK', JSON_TYPE, '{"data":{"workerPools":['),
  'sends 50,000 lists in each other': answer('200 OK', JSON_TYPE, deep),
  'sends a prototype': answer('200 OK', JSON_TYPE, '{"__proto__":{"layers":[],"data":{}}}'),
  'sends other types': answer('200 OK', JSON_TYPE, '{"data":[],"errors":{},"layers":{},"manifests":"x"}'),
  'sends bytes that are not UTF-8': answer('200 OK', JSON_TYPE, '\u00ff\u00fe'),
  'sends compressed data': (socket) => {
    const body = gzipSync('{}');
    says(`${OK}Content-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`, body)(socket, '');
  },
  'sends a part that nothing asked for': answer('206 Partial Content', 'Content-Range: bytes 5-6/9\r\n', '{}'),
  'says that nothing changed': says('HTTP/1.1 304 Not Modified\r\n\r\n'),
  'asks for a login of an unknown kind': answer('401 No', 'WWW-Authenticate: Negotiate\r\n'),
  'asks for a login at a file': answer('401 No', 'WWW-Authenticate: Bearer realm="file:///etc/passwd"\r\n'),
  'asks to wait for a day': answer('429 Slow', 'Retry-After: 86400\r\n'),
  'asks to wait for a time that is none': answer('503 Slow', 'Retry-After: \u00ff\r\n'),
  ...Object.fromEntries(STATUSES.map((status) => [`answers ${status}`, answer(`${status} Odd`)])),
};
