import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { trustedAuthorities } from '../../src/http/trust.ts';
import { makeCertificate } from '../services/certificate.ts';
import { client, textOf } from '../services/http-client.ts';
import { startHttpServer } from '../services/http-server.ts';
import { temporaryFolder } from '../services/temporary.ts';

const { signal } = new AbortController();
const [own, other] = ['own', 'other'].map((CN) => makeCertificate({ subject: { CN } })) as [Made, Made];
type Made = ReturnType<typeof makeCertificate>;

/** A server with a certificate of this CA. */
async function serverOf(issuer: Made) {
  const made = makeCertificate({ subject: { CN: 'x' }, issuer, isCa: false, names: ['127.0.0.1'] });
  const key = made.keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  return startHttpServer((_, response) => response.end('secure'), { certificate: made.pem, key });
}

async function fileWith(text: string): Promise<string> {
  const file = path.join(await temporaryFolder(), 'ca.pem');
  await writeFile(file, text);
  return file;
}

test('the CAs of SSL_CERT_FILE, of NODE_EXTRA_CA_CERTS and the given one are all trusted', async () => {
  const [server, second] = [await serverOf(own), await serverOf(other)];
  const [ownFile, otherFile] = [await fileWith(own.pem), await fileWith(other.pem)];
  for (const options of [
    { environment: { SSL_CERT_FILE: ownFile, NODE_EXTRA_CA_CERTS: otherFile } },
    { environment: { SSL_CERT_FILE: ownFile }, certificateAuthority: other.pem },
    { environment: { NODE_EXTRA_CA_CERTS: ownFile }, certificateAuthority: other.pem },
    { environment: { SSL_CERT_FILE: await fileWith(own.pem + other.pem) } },
    { certificateAuthority: own.pem + other.pem },
  ]) {
    const { request } = client(options);
    for (const { url } of [server, second]) expect(await textOf(await request({ url, signal }))).toBe('secure');
  }
});

// golang/go, src/crypto/x509/root_unix.go (loadSystemRoots, readUniqueDirectoryEntries), 0345ede; `man c_rehash`.
test('the CAs of all folders in SSL_CERT_DIR are trusted, whatever their files are called', async () => {
  const [server, second] = [await serverOf(own), await serverOf(other)];
  const [folder, further] = [await temporaryFolder(), await temporaryFolder()];
  await writeFile(path.join(folder, 'own.crt'), `# a comment\n${own.pem}`);
  await symlink('own.crt', path.join(folder, '0123abcd.0'));
  await writeFile(path.join(folder, 'README'), 'none');
  await symlink('/nonexistent/x.pem', path.join(folder, 'dangling.pem'));
  await mkdir(path.join(folder, 'private'));
  execFileSync('mkfifo', [path.join(folder, 'pipe')]);
  const elsewhere = await fileWith(other.pem);
  await symlink(elsewhere, path.join(further, 'cafe0123.0'));
  for (const environment of [
    { SSL_CERT_DIR: `${folder}:${further}` },
    { SSL_CERT_DIR: `/nonexistent::${further}:`, SSL_CERT_FILE: path.join(folder, 'own.crt') },
  ]) {
    const { request } = client({ environment });
    for (const { url } of [server, second]) expect(await textOf(await request({ url, signal }))).toBe('secure');
  }
  const { request } = client({ environment: { SSL_CERT_DIR: folder } });
  await expect(request({ url: second.url, signal })).rejects.toThrow('signed by an unknown authority');
});

test('a CA that is not given is not trusted beside one that is', async () => {
  const { url } = await serverOf(other);
  for (const options of [
    { certificateAuthority: own.pem },
    { environment: { SSL_CERT_FILE: await fileWith(own.pem) } },
  ]) {
    await expect(client(options).request({ url, signal })).rejects.toThrow('signed by an unknown authority');
  }
});

test.each(['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'])(
  '%s that holds no certificate is an error that names it',
  async (name) => {
    const file = await fileWith('hunter2');
    const environment = { SSL_CERT_FILE: await fileWith(own.pem), [name]: file };
    await expect(trustedAuthorities(undefined, environment)).rejects.toMatchObject({
      code: 'SPACECTL_BAD_CERTIFICATE',
      message: `${name} (${file}) does not contain a PEM certificate`,
    });
    const missing = { ...environment, [name]: `${file}.missing` };
    await expect(trustedAuthorities(undefined, missing)).rejects.toMatchObject({ code: 'SPACECTL_CANNOT_READ' });
  },
);

test('a given CA that is none is an error', async () => {
  await expect(trustedAuthorities('hunter2', {})).rejects.toMatchObject({
    code: 'SPACECTL_BAD_CERTIFICATE',
    message: 'The given CA certificate does not contain a PEM certificate',
  });
});

test("with nothing to add, Node's own settings apply", async () => {
  expect(await trustedAuthorities(undefined, {})).toBeUndefined();
  expect(await trustedAuthorities('', { SSL_CERT_FILE: '' })).toBeUndefined();
});

test('a client certificate with a key that has a passphrase is an error, without the key', async () => {
  const key = own.keys.privateKey.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'x',
  }) as string;
  const error = await trustedAuthorities(undefined, {}, { certificate: own.pem, key }).catch((each) => each);
  expect(error).toMatchObject({
    code: 'SPACECTL_BAD_CERTIFICATE',
    message: expect.stringMatching(/^The client certificate and its key cannot be used together/),
    suggestions: [{ text: 'Use a PEM certificate and its own PEM key, without a passphrase' }],
  });
  expect(JSON.stringify([error.message, error.cause])).not.toContain('BEGIN');
});
