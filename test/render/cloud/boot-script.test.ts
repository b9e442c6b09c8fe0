import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { renderBootScript } from '../../../src/render/cloud/boot-script.ts';
import { testWith } from '../../services/programs.ts';
import { startBucket } from '../../services/s3.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const BUNDLE = Buffer.from('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
const digest = createHash('sha256').update(BUNDLE).digest('hex');

testWith(
  'aws',
  'bash',
  'openssl',
)('on AWS the boot script downloads the CA bundle from the bucket', async () => {
  const folder = await temporaryFolder();
  const { environment, requests } = await startBucket('my-ca', new Map([['custom-ca-bundle.crt', BUNDLE]]));
  const script = await renderBootScript({
    cloud: 'aws',
    settings: {},
    delivery: { by: 'store', digest },
    secrets: 'none',
    stop: 'exit 1',
  });
  const local = script.replaceAll('/etc/spacelift', path.join(folder, 'etc'));
  await writeFile(path.join(folder, 'boot.sh'), `set -e\nspacectl_ca_source=s3://my-ca/custom-ca-bundle.crt\n${local}`);
  const run = await execa('bash', ['boot.sh'], {
    cwd: folder,
    reject: false,
    extendEnv: false,
    // The script tries again for minutes: it must not outlive a test that has failed.
    timeout: 50_000,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...environment },
  });
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  expect(requests.map(({ method }) => method)).toEqual(['HEAD', 'GET']);
  expect(await readFile(path.join(folder, 'etc/custom-ca-bundle.crt'))).toEqual(BUNDLE);
});
