import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createAuthority } from '../services/authority.ts';
import { makeCertificate } from '../services/certificate.ts';
import { client, textOf } from '../services/http-client.ts';
import { startHttpServer } from '../services/http-server.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const { signal } = new AbortController();

testWith('openssl')('trusts a private CA given by option or SSL_CERT_FILE, and no other', async () => {
  const { authority, ...tls } = await createAuthority();
  const server = await startHttpServer((_, response) => response.end('secure'), tls);
  const unknown = client({ authorityAdvice: 'Name it' }).request({ url: server.url, signal });
  await expect(unknown).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: expect.stringContaining('signed by an unknown authority'),
    suggestions: [{ text: 'Name it' }],
  });
  const given = client({ certificateAuthority: authority });
  expect(await textOf(await given.request({ url: server.url, signal }))).toBe('secure');
  const file = path.join(await temporaryFolder(), 'ca.pem');
  await writeFile(file, authority);
  const named = client({ environment: { SSL_CERT_FILE: file } });
  expect(await textOf(await named.request({ url: server.url, signal }))).toBe('secure');
  const wrong = client({ certificateAuthority: 'not a certificate' }).request({ url: server.url, signal });
  await expect(wrong).rejects.toMatchObject({ code: 'SPACECTL_BAD_CERTIFICATE' });
});

test('a client certificate that does not match its key is an error that says so and holds nothing of the key', async () => {
  const [one, other] = [makeCertificate({ subject: { CN: 'a' } }), makeCertificate({ subject: { CN: 'b' } })];
  const key = other.keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const clientCertificate = { certificate: one.pem, key };
  const request = client({ clientCertificate }).request({ url: 'https://127.0.0.1:1/', signal });
  const error: unknown = await request.catch((each: unknown) => each);
  expect(error).toMatchObject({
    code: 'SPACECTL_BAD_CERTIFICATE',
    message: 'The client certificate and its key cannot be used together (key values mismatch)',
  });
  expect(error).not.toHaveProperty('cause');
});

test('an error says so when a server does not speak TLS', async () => {
  const server = await startHttpServer((_, response) => response.end());
  const request = client().request({ url: server.url.replace('http:', 'https:'), signal });
  await expect(request).rejects.toThrow('it does not use TLS');
});
