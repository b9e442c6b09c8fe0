import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { probeServer } from '../../../src/ca-bundle/probe/server.ts';
import { readTrust } from '../../../src/ca-bundle/probe/trust.ts';
import { performHandshake } from '../../../src/http/index.ts';
import { testWith } from '../../services/programs.ts';
import { SHAPES, type Shape } from '../../services/server-chains/shapes.ts';
import { startServer } from '../../services/server-chains/start.ts';
import { sliceOf } from '../../services/slice.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const { signal } = new AbortController();

/** Starts the server of a shape, and writes its bundle. */
async function startShape({ sent, bundle, host }: Shape, folder: string) {
  const file = path.join(folder, 'bundle.pem');
  await writeFile(file, bundle.map(({ pem }) => pem).join(''));
  const target = { host: '127.0.0.1', port: await startServer(sent), servername: host, timeout: 10_000, signal };
  return { file, target };
}

test('every server of the table is judged as Go and OpenSSL judge it, with a reason', async () => {
  const folder = await temporaryFolder();
  const judged: string[] = [];
  const reasons: string[] = [];
  for (const shape of SHAPES) {
    const { file, target } = await startShape(shape, folder);
    const { isTrusted, go, openssl } = await probeServer(target, await readTrust(file));
    judged.push(`${shape.title}: Go ${go?.isTrusted}, OpenSSL ${openssl?.isTrusted}`);
    reasons.push(`${shape.title}\n  Go: ${go?.reason}\n  OpenSSL: ${openssl?.reason}`);
    expect(isTrusted).toBe(go?.isTrusted && openssl?.isTrusted);
  }
  const isTrusted = (verdict: string) => verdict === 'trusted';
  expect(judged).toEqual(
    SHAPES.map(({ title, go, openssl }) => `${title}: Go ${isTrusted(go)}, OpenSSL ${isTrusted(openssl)}`),
  );
  const text = reasons.join('\n').replace(/(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/g, 'FINGERPRINT');
  expect(text.replace(/\d{4}-\d\d-\d\d/g, 'DATE')).toMatchSnapshot();
});

test('OpenSSL rejects the servers of the table for the reasons in it', async () => {
  const folder = await temporaryFolder();
  const shapes = sliceOf(SHAPES, 5);
  const codes: string[] = [];
  for (const shape of shapes) {
    const { file, target } = await startShape(shape, folder);
    const { code = 'trusted', words = code } = await performHandshake(target, (await readTrust(file)).authorities);
    codes.push(`${shape.title}: ${words}`);
  }
  expect(codes).toEqual(shapes.map(({ title, openssl }) => `${title}: ${openssl}`));
});

testWith('openssl')('the openssl program agrees', async () => {
  const folder = await temporaryFolder();
  const answers: string[] = [];
  const shapes = sliceOf(SHAPES, 5);
  for (const shape of shapes) {
    const { file, target } = await startShape(shape, folder);
    const check = /^[\d.:]+$/.test(shape.host) ? '-verify_ip' : '-verify_hostname';
    const server = ['s_client', '-connect', `127.0.0.1:${target.port}`, '-servername', shape.host];
    const trust = ['-verify_return_error', '-no-CApath', '-no-CAstore', '-CAfile', file, check, shape.host];
    const env = { PATH: process.env['PATH'] ?? '' };
    const { exitCode } = await execa('openssl', [...server, ...trust], {
      input: '',
      reject: false,
      extendEnv: false,
      env,
    });
    answers.push(`${shape.title}: ${exitCode === 0}`);
  }
  expect(answers).toEqual(shapes.map(({ title, openssl }) => `${title}: ${openssl === 'trusted'}`));
});
