import type { ClientRequest } from 'node:http';

/** Interim responses (1xx) that a server may send before its answer. One is usual; a stream of them never goes silent. */
const MAX_INTERIM = 20;

/**
 * Fails a request on what it did not ask for. Node emits nothing that ends the request if a server switches protocols
 * (RFC 9110, 15.2.2) without a listener for it: a program would end as if all were done.
 */
export function failOnUnexpected(request: ClientRequest, fail: (error: Error) => void): void {
  const end = (code: string) => {
    const error = Object.assign(new Error(code), { code });
    fail(error);
    request.destroy(error);
  };
  request.once('upgrade', (_, socket) => {
    socket.destroy();
    end('SWITCHED_PROTOCOLS');
  });
  // Without an Upgrade header, Node takes it for the answer.
  request.once('response', ({ statusCode = 0 }) => {
    if (statusCode < 200) end('SWITCHED_PROTOCOLS');
  });
  let interim = 0;
  request.on('information', () => {
    interim += 1;
    if (interim > MAX_INTERIM) end('ENDLESS_INTERIM');
  });
  // The last resort: whatever else closes a request without an answer.
  request.once('close', () => fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
}
