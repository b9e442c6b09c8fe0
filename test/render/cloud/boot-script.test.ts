import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { renderBootScript } from '../../../src/render/cloud/boot-script.ts';
import { startHttpServer } from '../../services/http-server.ts';
import { testWith } from '../../services/programs.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const BUNDLE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const digest = createHash('sha256').update(BUNDLE).digest('hex');

/** A bucket with the bundle in it, for whoever signs as S3 wants it (AWS Signature Version 4). */
function startBucket() {
  const signed =
    /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/eu-west-1\/s3\/aws4_request, SignedHeaders=[^,]*host/;
  return startHttpServer((request, response) => {
    const isSigned = signed.test(request.headers.authorization ?? '');
    const isThere = isSigned && request.url === '/my-ca/custom-ca-bundle.crt';
    const object = { 'content-length': BUNDLE.length, etag: '"x"', 'last-modified': new Date(0).toUTCString() };
    response.writeHead(isThere ? 200 : 403, isThere ? object : {});
    response.end(isThere && request.method === 'GET' ? BUNDLE : '');
  });
}

testWith('aws', 'bash')("aws: AWS's own program brings the bundle from the bucket", async () => {
  const folder = await temporaryFolder();
  const { url, requests } = await startBucket();
  const script = await renderBootScript({
    cloud: 'aws',
    settings: {},
    delivery: { by: 'store', digest },
    secrets: 'none',
    stop: 'exit 1',
  });
  const local = script.replaceAll('/etc/spacelift', path.join(folder, 'etc'));
  await writeFile(path.join(folder, 'boot.sh'), `set -e\nspacectl_ca_source=s3://my-ca/custom-ca-bundle.crt\n${local}`);
  const credentials = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'x', AWS_DEFAULT_REGION: 'eu-west-1' };
  const run = await execa('bash', ['boot.sh'], {
    cwd: folder,
    reject: false,
    extendEnv: false,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, AWS_ENDPOINT_URL_S3: url, ...credentials },
  });
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  expect(requests.map(({ method }) => method)).toEqual(['HEAD', 'GET']);
  expect(await readFile(path.join(folder, 'etc/custom-ca-bundle.crt'), 'utf8')).toBe(BUNDLE);
});
