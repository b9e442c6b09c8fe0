import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { client, textOf } from '../services/http-client.ts';

const { signal } = new AbortController();

afterEach(() => vi.unstubAllEnvs());

/** A server that answers each request with these bytes, and then as `goOn` says. */
async function startServer(answer: string, goOn: (socket: Socket) => void = () => {}): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(answer);
      goOn(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
const HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n';
const DONE = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok';

/** Sends interim responses for as long as the connection lasts. */
function hintForever(socket: Socket): void {
  const timer = setInterval(() => socket.write(HINTS), 5);
  socket.once('close', () => clearInterval(timer));
}

test.each([
  ['switches to another protocol', SWITCH, undefined, 'HTTP 101'],
  ['switches without naming a protocol', 'HTTP/1.1 101 OK\r\n\r\n', undefined, 'HTTP 101'],
  ['sends interim responses without end', HINTS, hintForever, 'HTTP 1xx'],
  ['closes the connection', '', (socket: Socket) => socket.end(), 'closed before the response'],
  ['closes after an interim response', HINTS, (socket: Socket) => socket.end(), 'closed before the response'],
  ['resets the connection', '', (socket: Socket) => socket.resetAndDestroy(), 'closed before the response'],
] as const)('A server that %s is an error', async (_, answer, goOn, message) => {
  const url = await startServer(answer, goOn);
  await expect(client({ attempts: 1 }).request({ url, signal })).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: expect.stringContaining(message),
  });
});

test('A proxy that switches to another protocol is an error', async () => {
  const proxy = await startServer(SWITCH);
  vi.stubEnv('HTTPS_PROXY', proxy);
  await expect(client({ attempts: 1 }).request({ url: 'https://far.invalid/', signal })).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: expect.stringContaining('HTTP 101'),
  });
});

test('A few interim responses may come before the answer', async () => {
  const url = await startServer(`HTTP/1.1 100 Continue\r\n\r\n${HINTS}${HINTS}${DONE}`);
  expect(await textOf(await client().request({ url, signal }))).toBe('ok');
});
