import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { quoteForShell } from '../../../src/core/words.ts';
import { renderBootScript } from '../../../src/render/cloud/boot-script.ts';
import { startHttpServer } from '../../services/http-server.ts';
import { testWith } from '../../services/programs.ts';
import { temporaryFolder } from '../../services/temporary.ts';

/** A command of a cloud's own program: what it gives, how often it fails first, and what has to be said before it. */
type Known = Record<string, { text: string; failures?: number; mayReplace?: boolean; after?: string }>;

const BUNDLE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const digest = createHash('sha256').update(BUNDLE).digest('hex');

const LOGIN = 'az login --identity --output none';
const download = (name: string) =>
  `az keyvault secret download --vault-name my-vault --name ${name} --file FILE --output none`;

/** What Terraform puts in front of the script, and the commands that it then takes. */
const CLOUDS = {
  azure: {
    assigned: {
      spacectl_key_vault: 'my-vault',
      spacectl_token_secret: 'spacelift-pool-token',
      spacectl_private_key_secret: 'spacelift-pool-private-key',
      spacectl_ca_source: 'https://ca.blob.core.windows.net/ca/custom-ca-bundle.crt',
    },
    known: {
      // A role that was given a moment ago is not there yet.
      [LOGIN]: { text: '[]', failures: 2 },
      [download('spacelift-pool-token')]: { text: 'dG9rZW4=', failures: 3, after: LOGIN },
      [download('spacelift-pool-private-key')]: { text: 'a2V5', after: LOGIN },
      'az storage blob download --auth-mode login --blob-url https://ca.blob.core.windows.net/ca/custom-ca-bundle.crt --file FILE --output none':
        { text: BUNDLE, failures: 1, mayReplace: true, after: LOGIN },
    } as Known,
    pauses: 6,
  },
  gcp: {
    assigned: {
      spacectl_project: 'my-project',
      spacectl_token_secret: 'spacelift-pool-token',
      spacectl_private_key_secret: 'spacelift-pool-private-key',
      spacectl_ca_source: 'gs://my-ca/custom-ca-bundle.crt',
    },
    known: {
      'gcloud secrets versions access latest --project=my-project --secret=spacelift-pool-token': {
        text: 'dG9rZW4=\n',
        failures: 2,
      },
      'gcloud secrets versions access latest --project=my-project --secret=spacelift-pool-private-key': {
        text: 'a2V5\n',
      },
      'gcloud storage cp gs://my-ca/custom-ca-bundle.crt FILE': { text: BUNDLE, mayReplace: true },
    } as Known,
    pauses: 2,
  },
} as const;

type Cloud = keyof typeof CLOUDS;

/** A host on which a boot script can run: its folders in one of the test, its cloud's program a stand-in. */
async function createHost(cloud: Cloud, change: (known: Known) => Known = (known) => known) {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  await mkdir(at('bin'));
  await mkdir(at('tmp'));
  await writeFile(at('known.json'), JSON.stringify(change({ ...CLOUDS[cloud].known })));
  for (const name of ['az', 'gcloud']) {
    const words = [process.execPath, path.resolve('test/services/cloud-cli.mjs'), at('known.json'), at('calls'), name];
    await writeFile(at(`bin/${name}`), `#!/bin/sh\nexec ${words.map(quoteForShell).join(' ')} "$@"\n`, { mode: 0o755 });
  }
  await writeFile(at('bin/sleep'), `#!/bin/sh\necho "$1" >>'${at('pauses')}'\n`, { mode: 0o755 });
  const assigned = Object.entries(CLOUDS[cloud].assigned).map(([name, text]) => `${name}=${text}\n`);
  const script = await renderBootScript({
    cloud,
    settings: { SPACELIFT_DEBUG: 'true' },
    delivery: { by: 'store', digest },
    secrets: 'store',
    stop: 'exit 1',
  });
  const local = script.replaceAll('/etc/spacelift', at('etc'));
  const show = 'printf "%s %s %s" "$SPACELIFT_TOKEN" "$SPACELIFT_POOL_PRIVATE_KEY" "$SPACELIFT_DEBUG"';
  await writeFile(at('boot.sh'), `set -e\n${assigned.join('')}${local}\nsh -c '${show}'\n`);
  const lines = async (name: string) => (await readFile(at(name), 'utf8').catch(() => '')).split('\n').filter(Boolean);
  const run = async ([program = '', ...args]: readonly string[]) => {
    for (const name of ['calls', 'pauses']) await writeFile(at(name), '');
    const env = { PATH: `${at('bin')}:${process.env['PATH']}`, TMPDIR: at('tmp') };
    return execa(program, [...args, at('boot.sh')], { reject: false, env });
  };
  return { run, at, lines };
}

/** Without a failure: busybox has a `sleep` of its own, and would wait. */
function atOnce(known: Known): Known {
  return Object.fromEntries(Object.entries(known).map(([command, each]) => [command, { ...each, failures: 0 }]));
}

/** The modules' own scripts are bash's. */
const SHELLS: readonly (readonly string[])[] = [['bash']];
const withShells = testWith('bash', 'sha256sum');

withShells.each(['azure', 'gcp'] as const)(
  "%s: secrets and bundle come with the machine's own identity, as soon as it may have them",
  async (cloud) => {
    for (const shell of SHELLS) {
      const host = await createHost(cloud, shell[0] === 'busybox' ? atOnce : undefined);
      const run = await host.run(shell);
      expect({ shell, exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({
        exitCode: 0,
        stderr: expect.not.stringContaining('no such'),
      });
      expect(run.stdout).toMatch(/dG9rZW4= a2V5 true$/);
      expect(await readFile(host.at('etc/custom-ca-bundle.crt'), 'utf8')).toBe(BUNDLE);
      expect(await readdir(host.at('etc'))).toEqual(['custom-ca-bundle.crt']);
      // No secret stays behind in a file.
      expect(await readdir(host.at('tmp'))).toEqual([]);
      const pauses = shell[0] === 'busybox' ? 0 : CLOUDS[cloud].pauses;
      expect(await host.lines('pauses')).toEqual(Array(pauses).fill('15'));
    }
  },
);

withShells.each(['azure', 'gcp'] as const)(
  '%s: a secret that is never allowed ends the boot after five minutes, and starts nothing',
  async (cloud) => {
    const refuse = (known: Known) =>
      Object.fromEntries(
        Object.entries(known).map(([command, each]) => [
          command,
          command.includes('private-key') ? { ...each, failures: 99 } : each,
        ]),
      );
    const host = await createHost(cloud, refuse);
    const run = await host.run(['bash']);
    expect(run.exitCode).not.toBe(0);
    expect(run.stdout).not.toContain('dG9rZW4=');
    const tries = (await host.lines('calls')).filter((call) => call.includes('private-key'));
    expect(tries).toHaveLength(20);
    expect(await readdir(host.at('tmp'))).toEqual([]);
  },
);

withShells.each(['azure', 'gcp'] as const)('%s: a bundle that is not the one uploaded is not used', async (cloud) => {
  const exchange = (known: Known) =>
    Object.fromEntries(
      Object.entries(known).map(([command, each]) => [
        command,
        each.text === BUNDLE ? { ...each, text: `${BUNDLE}${BUNDLE}` } : each,
      ]),
    );
  const host = await createHost(cloud, (known) => exchange(atOnce(known)));
  await mkdir(host.at('etc'));
  await writeFile(host.at('etc/custom-ca-bundle.crt'), 'the one before');
  for (const shell of SHELLS) {
    expect((await host.run(shell)).exitCode).not.toBe(0);
    expect(await readFile(host.at('etc/custom-ca-bundle.crt'), 'utf8')).toBe('the one before');
  }
});

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
