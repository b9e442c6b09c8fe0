import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect } from 'vitest';
import { type Authority, createAuthority } from '../services/authority.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';

const test = testWith('openssl');

/** The variables of Spacelift's CLI for TLS (spacelift-io/spacectl@490d0dd, internal/cmd/authenticated/client.go). */
const [CA, CERTIFICATE, KEY] = ['SPACELIFT_API_TLS_CA', 'SPACELIFT_API_TLS_CERT', 'SPACELIFT_API_TLS_KEY'];

let own: Authority;
let other: Authority;
let files: Readonly<Record<'ca' | 'certificate' | 'key' | 'otherCa' | 'otherCertificate' | 'otherKey', string>>;

beforeEach(async () => {
  [own, other] = await Promise.all([createAuthority(), createAuthority()]);
  const folder = await temporaryFolder();
  const save = async (name: string, pem: string) => {
    await writeFile(path.join(folder, name), pem);
    return path.join(folder, name);
  };
  files = {
    ca: await save('ca.pem', own.authority),
    certificate: await save('client.pem', own.certificate),
    key: await save('client.key', own.key),
    otherCa: await save('other-ca.pem', other.authority),
    otherCertificate: await save('other.pem', other.certificate),
    otherKey: await save('other.key', other.key),
  };
});

const whoami = async (env: Record<string, string>) => {
  const { exitCode, stdout, stderr } = await spacectl(['whoami'], { env });
  return { exitCode, stdout: String(stdout), stderr: String(stderr).replace(/\s+/g, ' ') };
};

test('the CA certificates of SPACELIFT_API_TLS_CA are trusted, and no others', async () => {
  const server = await startSpacelift(own);
  expect(await whoami({ ...server.environment, [CA]: files.ca })).toMatchObject({ exitCode: 0 });
  const replaced = await whoami({ ...server.environment, [CA]: files.otherCa, SSL_CERT_FILE: files.ca });
  expect(replaced).toMatchObject({ exitCode: 69, stdout: '' });
  expect(replaced.stderr).toContain('its certificate is signed by an unknown authority');
  expect(replaced.stderr).toContain(`Check ${CA} (${files.otherCa}): only its certificates are trusted`);
  expect(await whoami({ ...server.environment, SSL_CERT_FILE: files.ca })).toMatchObject({ exitCode: 0 });
});

test('a server that requires a client certificate gets that of SPACELIFT_API_TLS_CERT, or the error says what to set', async () => {
  const server = await startSpacelift({ ...own, clientAuthority: own.authority });
  const trusting = { ...server.environment, [CA]: files.ca };
  const shown = { [CERTIFICATE]: files.certificate, [KEY]: files.key };
  expect(await whoami({ ...trusting, ...shown })).toMatchObject({ exitCode: 0 });
  // It does not depend on how the server itself is trusted.
  const usual = { ...server.environment, SSL_CERT_FILE: files.ca, ...shown };
  expect(await whoami(usual)).toMatchObject({ exitCode: 0 });
  const without = await whoami(trusting);
  expect(without).toMatchObject({ exitCode: 69, stderr: expect.stringContaining('requires a client certificate') });
  expect(without.stderr).toContain(`Set ${CERTIFICATE} and ${KEY}`);
  const foreign = { [CERTIFICATE]: files.otherCertificate, [KEY]: files.otherKey };
  const refused = await whoami({ ...trusting, ...foreign });
  expect(refused).toMatchObject({ exitCode: 69, stderr: expect.stringContaining(files.otherCertificate) });
});

test('a login and a change of a pool use the same settings', async () => {
  const server = await startSpacelift({ ...own, clientAuthority: own.authority });
  const env = {
    SPACELIFT_CONFIG_DIR: await temporaryFolder(),
    [CA]: files.ca,
    [CERTIFICATE]: files.certificate,
    [KEY]: files.key,
  };
  const key = ['--api-endpoint', server.url, '--api-key-id', server.key.id, '--api-key-secret-file', '-'];
  const login = await spacectl(['profile', 'login', 'acme', ...key], { env, input: server.key.secret, stdin: 'pipe' });
  expect({ exitCode: login.exitCode, stderr: login.stderr }).toMatchObject({ exitCode: 0 });
  const { id } = server.addPool({ name: 'build' });
  const renamed = await spacectl(['workerpool', 'update', '--pool-id', id, '--description', 'new'], { env });
  expect({ exitCode: renamed.exitCode, stderr: renamed.stderr }).toMatchObject({ exitCode: 0 });
  expect(server.pools.get(id)?.description).toBe('new');
});

test('settings that cannot be used are named by their variable, and nothing is sent', async () => {
  const server = await startSpacelift(own);
  const missing = path.join(await temporaryFolder(), 'missing.pem');
  const cases: readonly (readonly [Record<string, string>, number, string])[] = [
    [{ [CA]: missing }, 74, `${CA}: Cannot read ${missing}`],
    [{ [CA]: files.key }, 65, `${CA} (${files.key}) does not contain a PEM certificate`],
    [{ [CA]: files.ca, [CERTIFICATE]: files.certificate }, 2, `${CERTIFICATE} is set, but not ${KEY}`],
    [{ [CA]: files.ca, [KEY]: files.key }, 2, `${KEY} is set, but not ${CERTIFICATE}`],
    [{ [CA]: files.ca, [CERTIFICATE]: files.certificate, [KEY]: files.otherKey }, 65, 'cannot be used together'],
  ];
  for (const [env, exitCode, message] of cases) {
    const run = await whoami({ ...server.environment, ...env });
    expect(run).toMatchObject({ exitCode, stdout: '', stderr: expect.stringContaining(message) });
    expect(run.stderr).not.toContain('PRIVATE KEY');
  }
  expect(server.operations).toEqual([]);
});
