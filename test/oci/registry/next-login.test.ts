import { expect, test } from 'vitest';
import { startHttpServer } from '../../services/http-server.ts';
import { authOf } from '../../services/login-files.ts';
import { openRepository, sentTo } from '../../services/repository.ts';

const LOGIN = { username: 'me', password: 'secret' };
const LOGINS = ['one', 'two', 'three'].map((username) => ({ username, password: 'p' }));
const basicOf = ({ username, password }: { username: string; password: string }) =>
  `Basic ${authOf(username, password)}`;

test.each([401, 403])('after a login is rejected with %i, the next is tried, and then kept', async (status) => {
  const registry = await startHttpServer(({ headers }, response) => {
    const isRight = headers.authorization === basicOf(LOGINS[2] as (typeof LOGINS)[0]);
    const refusal = headers.authorization ? status : 401;
    response.writeHead(isRight ? 200 : refusal, { 'www-authenticate': 'Basic realm="x"' }).end();
  });
  const { ask, reports } = openRepository(registry, LOGINS[0], true, LOGINS.slice(1));
  expect([await ask(), await ask('blobs/sha256:0')]).toEqual([200, 200]);
  const [one, two, three] = LOGINS.map(basicOf);
  expect(sentTo(registry)).toEqual([undefined, one, undefined, two, undefined, three, three]);
  expect(reports).toEqual(
    Array.from({ length: 2 }, () => `${registry.host} rejected the stored login. Trying the next one`),
  );
});

test('requests at the same time pass over no login', async () => {
  const registry = await startHttpServer(({ headers }, response) => {
    const isRight = headers.authorization === basicOf(LOGINS[1] as (typeof LOGINS)[0]);
    response.writeHead(isRight ? 200 : 401, { 'www-authenticate': 'Basic realm="x"' }).end();
  });
  const { ask } = openRepository(registry, LOGINS[0], true, LOGINS.slice(1));
  expect(await Promise.all([ask(), ask('blobs/sha256:0'), ask('blobs/sha256:1')])).toEqual([200, 200, 200]);
  expect(sentTo(registry)).not.toContain(basicOf(LOGINS[2] as (typeof LOGINS)[0]));
});

test('a registry that makes another challenge each time is not answered for ever', async () => {
  const issuer = await startHttpServer((_, response) => response.end('{"token":"t"}'));
  const registry = await startHttpServer((_, response) => {
    const challenge = `Bearer realm="${issuer.url}/${registry.requests.length}"`;
    response.writeHead(401, { 'www-authenticate': challenge }).end();
  });
  await expect(openRepository(registry, LOGIN).ask()).rejects.toMatchObject({ code: 'SPACECTL_NOT_ALLOWED' });
  expect(registry.requests.length).toBeLessThan(10);
});
