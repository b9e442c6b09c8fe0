import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished } from 'vitest';
import { ask, GNUTLS, PROGRAMS } from '../../services/certificate-readers/programs.ts';
import { writeQuestions } from '../../services/certificate-readers/questions.ts';
import { oddAuthorities } from '../../services/certificate-shapes/shapes.ts';
import { testWith } from '../../services/programs.ts';
import { temporaryFolder } from '../../services/temporary.ts';

/** Shapes of which OpenSSL and GnuTLS think differently, and ordinary ones. */
const TITLES = [
  'a sound root',
  'key secp256k1',
  'key rsa1024',
  'for any purpose',
  'a TLS feature',
  'a duplicate unknown extension',
  'neither basicConstraints nor keyUsage',
];

/** Starts a server that answers 404, for git. @returns its port */
async function serve(key: Buffer, cert: Buffer): Promise<number> {
  const server = createServer({ key, cert }, (_, response) => response.writeHead(404).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

testWith(
  'go',
  'gcc',
  'git',
  'curl',
  GNUTLS,
)('curl and git themselves trust what the programs that ask OpenSSL and GnuTLS say that they trust', async () => {
  const folder = path.join(await temporaryFolder(), 'questions');
  const authorities = oddAuthorities().filter(({ title }) => TITLES.includes(title));
  expect(authorities).toHaveLength(TITLES.length);
  await writeQuestions(folder, authorities);
  const said = new Map<string, readonly boolean[]>();
  for (const program of PROGRAMS) {
    const { reader, verdicts } = await ask(program, folder);
    said.set(
      reader,
      verdicts.map(({ authority }) => authority === 'trusted'),
    );
  }
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  const run = (program: string, ...args: readonly string[]) =>
    execa(program, args, { env, extendEnv: false, reject: false });
  const seen: { openssl: boolean[]; gnutls: boolean[] } = { openssl: [], gnutls: [] };
  for (const index of authorities.keys()) {
    const file = (ending: string) => path.join(folder, `${String(index).padStart(5, '0')}.${ending}.pem`);
    const port = await serve(await readFile(path.join(folder, 'key.pem')), await readFile(file('leaf')));
    const url = `https://server.test:${port}/x`;
    const place = `server.test:${port}:127.0.0.1`;
    const curl = await run('curl', '-q', '-sS', '--cacert', file('bundle'), '--resolve', place, url);
    seen.openssl.push(curl.exitCode === 0);
    const settings = [`http.curloptResolve=${place}`, `http.sslCAInfo=${file('bundle')}`, 'http.sslCAPath='];
    const git = await run('git', ...settings.flatMap((each) => ['-c', each]), 'ls-remote', url);
    seen.gnutls.push(/not found/.test(git.stderr));
  }
  expect(seen).toEqual({ openssl: said.get('openssl'), gnutls: said.get('gnutls') });
});
