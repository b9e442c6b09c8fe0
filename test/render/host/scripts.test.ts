import { spawn } from 'node:child_process';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished } from 'vitest';
import { quoteForShell } from '../../../src/core/text.ts';
import { fillTemplate } from '../../../src/render/format/template.ts';
import { createAuthority } from '../../services/authority.ts';
import { createNetwork, NETWORK_NEEDS } from '../../services/network.ts';
import { testWith } from '../../services/programs.ts';
import { startSpacelift } from '../../services/spacelift.ts';
import { temporaryFolder } from '../../services/temporary.ts';

interface Answer {
  readonly header?: string;
  readonly body: string;
}

/** What leads to the cloud's secret stores. */
const NAMES = [
  'my-vault.vault.azure.net',
  'secretmanager.googleapis.com',
  'secretsmanager.eu-central-1.amazonaws.com',
  'ssm.eu-west-1.amazonaws.com',
];

const VAULT = 'https://vault.azure.net';
const AZURE = 'Metadata: true';
const GCP = 'Metadata-Flavor: Google';

/** A network in which a cloud answers, and a way to run a rendered script there. */
async function setUpCloud(answers: Readonly<Record<string, Answer>>) {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  const tls = await createAuthority(NAMES);
  const contents = { answers: JSON.stringify(answers), certificate: tls.certificate, key: tls.key, ca: tls.authority };
  for (const [name, text] of Object.entries(contents)) await writeFile(at(name), text);
  const network = await createNetwork(`127.0.0.1 ${NAMES.join(' ')}\n`);
  await network.configure('address add 169.254.169.254/32 dev lo');
  const [ip = '', ...inside] = network.enter;
  const program = path.resolve('test/services/cloud.mjs');
  const files = ['answers', 'certificate', 'key'].map(at);
  const server = spawn(ip, [...inside, process.execPath, program, ...files], { stdio: 'ignore' });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  onTestFinished(async () => {
    server.kill('SIGKILL');
    await ended;
  });
  const listens = ['-c', 'until ss -Hltn | grep -q :443; do sleep 0.1; done'];
  await execa(ip, [...inside, 'sh', ...listens], { timeout: 20_000 });
  const run = async (name: string, values: Readonly<Record<string, string>>, shell: readonly string[]) => {
    await writeFile(at('script'), await fillTemplate(`host/${name}`, values, quoteForShell));
    const output = { SPACELIFT_METADATA_FILE: at('run/output'), SPACELIFT_SECRETS_FILE: at('run/output') };
    const env = { CURL_CA_BUNDLE: at('ca'), AWS_CA_BUNDLE: at('ca'), HTTPS_PROXY: '', ...output };
    return execa(ip, [...inside, ...shell, at('script')], { reject: false, env });
  };
  return { run, read: () => readFile(at('run/output'), 'utf8'), at };
}

const metadata = (pairs: Readonly<Record<string, string>>, header: string) =>
  Object.fromEntries(
    Object.entries(pairs).map(([where, body]) => [`GET 169.254.169.254${where}`, { header, body }] as const),
  );

const azure = (name: string) => `/metadata/instance/compute/${name}?api-version=2021-02-01&format=text`;
const CLOUDS = {
  ec2: {
    'PUT 169.254.169.254/latest/api/token': { header: 'X-aws-ec2-metadata-token-ttl-seconds: 60', body: 'session' },
    ...metadata(
      {
        '/latest/meta-data/instance-id': 'i-0abc',
        '/latest/meta-data/instance-type': 't3.small',
        '/latest/meta-data/placement/availability-zone': 'null',
      },
      'X-aws-ec2-metadata-token: session',
    ),
  },
  azure: metadata(
    { [azure('vmId')]: '02aab8a4', [azure('vmSize')]: 'Standard_B2S', [azure('zone')]: '', [azure('location')]: 'a b' },
    AZURE,
  ),
  gcp: metadata(
    {
      '/computeMetadata/v1/instance/id': '4711',
      '/computeMetadata/v1/instance/zone': 'projects/1/zones/europe-west3-a',
      '/computeMetadata/v1/instance/machine-type': 'projects/1/machineTypes/e2-medium',
    },
    GCP,
  ),
};

const SHELLS: readonly (readonly string[])[] = [['dash'], ['bash', '--posix'], ['busybox', 'sh']];
const CLOUD_NEEDS = [...NETWORK_NEEDS, 'ss', 'curl', 'jq', 'dash', 'bash', 'busybox'] as const;

testWith(...CLOUD_NEEDS).each([
  ['ec2', ['instance_id=i-0abc', 'instance_type=t3.small'], 'has no availability_zone'],
  ['azure', ['instance_id=02aab8a4', 'instance_type=Standard_B2S'], 'unusable region'],
  ['gcp', ['instance_id=4711', 'instance_type=e2-medium', 'availability_zone=europe-west3-a'], 'has no instance_name'],
] as const)('%s: what the cloud calls the machine becomes tags, and null does not', async (cloud, tags, remark) => {
  const host = await setUpCloud(CLOUDS[cloud]);
  for (const shell of SHELLS) {
    const run = await host.run('spacelift-instance-metadata', { cloud }, shell);
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
    expect(run.stderr).toContain(remark);
    const lines = (await host.read()).trim().split('\n');
    expect(lines.slice(0, -1)).toEqual(tags.map((tag) => `SPACELIFT_METADATA_${tag}`));
    expect(lines.at(-1)).toMatch(/^SPACELIFT_METADATA_spacectl_host=[0-9a-f]{16}$/);
  }
});

testWith(...CLOUD_NEEDS)('without a metadata service the launcher starts all the same', async () => {
  const host = await setUpCloud({});
  expect(await host.run('spacelift-instance-metadata', { cloud: 'ec2' }, ['dash'])).toMatchObject({ exitCode: 0 });
});

const SECRETS = 'SPACELIFT_TOKEN=dG9rZW4=\nSPACELIFT_POOL_PRIVATE_KEY=a2V5\n';
const asJson = JSON.stringify({ SPACELIFT_TOKEN: 'dG9rZW4=', SPACELIFT_POOL_PRIVATE_KEY: 'a2V5' });

/** A key vault and a secret manager that hold one secret, for this machine's identity alone. */
function stores(secret: string): Readonly<Record<string, Answer>> {
  const token = JSON.stringify({ access_token: 'identity' });
  const resource = encodeURIComponent(VAULT);
  const header = 'Authorization: Bearer identity';
  const payload = { payload: { data: Buffer.from(secret).toString('base64') } };
  const version = 'secretmanager.googleapis.com/v1/projects/p/secrets/s/versions/latest:access';
  return {
    ...metadata({ [`/metadata/identity/oauth2/token?api-version=2018-02-01&resource=${resource}`]: token }, AZURE),
    'GET my-vault.vault.azure.net/secrets/pool?api-version=7.4': { header, body: JSON.stringify({ value: secret }) },
    ...metadata({ '/computeMetadata/v1/instance/service-accounts/default/token': token }, GCP),
    [`GET ${version}`]: { header, body: JSON.stringify(payload) },
  };
}

const SOURCES = [
  { source: 'azure-keyvault', name: 'my-vault/pool' },
  { source: 'gcp-secretmanager', name: 'projects/p/secrets/s/versions/latest' },
] as const;

testWith(...CLOUD_NEEDS).each(SOURCES)(
  '$source: the secrets are fetched with the identity of the machine',
  async (source) => {
    // More than the two names is not let through: it would be a variable of the launcher.
    for (const stored of [`# a comment\n${SECRETS}LD_PRELOAD=/tmp/x\n`, asJson]) {
      const host = await setUpCloud(stores(stored));
      for (const shell of SHELLS) {
        const run = await host.run('spacelift-fetch-secrets', source, shell);
        expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
        expect(await host.read()).toBe(SECRETS);
        expect((await stat(host.at('run/output'))).mode & 0o777).toBe(0o600);
        expect(await readdir(host.at('run'))).toEqual(['output']);
      }
    }
  },
);

/** An instance profile, and both of AWS's stores. */
function awsStores(secret: string): Readonly<Record<string, Answer>> {
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const profile = { Code: 'Success', AccessKeyId: 'AKIAEXAMPLE', SecretAccessKey: 'x', Token: 'y', Expiration: until };
  const roles = '/latest/meta-data/iam/security-credentials/';
  return {
    'PUT 169.254.169.254/latest/api/token': { body: 'session' },
    ...metadata(
      {
        '/latest/meta-data/placement/region': 'eu-central-1',
        [roles]: 'worker',
        [`${roles}worker`]: JSON.stringify(profile),
      },
      'X-aws-ec2-metadata-token: session',
    ),
    'POST secretsmanager.eu-central-1.amazonaws.com/': {
      header: 'X-Amz-Target: secretsmanager.GetSecretValue',
      body: JSON.stringify({ SecretString: secret }),
    },
    'POST ssm.eu-west-1.amazonaws.com/': {
      header: 'X-Amz-Target: AmazonSSM.GetParameter',
      body: JSON.stringify({ Parameter: { Value: secret } }),
    },
  };
}

testWith(...CLOUD_NEEDS, 'aws').each([
  { source: 'aws-secretsmanager', name: 'spacelift/pool' },
  { source: 'aws-ssm', name: 'arn:aws:ssm:eu-west-1:123456789012:parameter/spacelift/pool' },
])(
  '$source: the secrets are fetched with the profile of the instance, in its region or the one of the ARN',
  async (source) => {
    const host = await setUpCloud(awsStores(SECRETS));
    const run = await host.run('spacelift-fetch-secrets', source, ['dash']);
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
    expect(await host.read()).toBe(SECRETS);
  },
);

testWith(...CLOUD_NEEDS).each([
  ['nothing there', {}, 'no managed identity'],
  ['one name only', stores('SPACELIFT_TOKEN=dG9rZW4=\n'), 'does not hold SPACELIFT_POOL_PRIVATE_KEY'],
  ['not base64', stores(SECRETS.replace('a2V5', '$(id)')), 'does not hold SPACELIFT_POOL_PRIVATE_KEY'],
  ['JSON without a name', stores('{"SPACELIFT_TOKEN":"dG9rZW4="}'), 'does not hold SPACELIFT_POOL_PRIVATE_KEY'],
  ['cut off', stores('{"SPACELIFT_TOKEN":"dG9rZW4="'), 'starts like JSON'],
])('refused, and nothing shown: %s', async (_name, answers, message) => {
  const host = await setUpCloud(answers);
  const run = await host.run('spacelift-fetch-secrets', SOURCES[0], ['dash']);
  expect(run.exitCode).toBe(1);
  expect(run.stderr).toContain(message);
  expect(`${run.stdout}${run.stderr}`).not.toContain('dG9rZW4=');
  expect(await readdir(host.at('run'))).toEqual([]);
});

/** A host with a timer that has just gone off; `restarted` says whether the service was restarted. */
async function setUpRecycling() {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  const spacelift = await startSpacelift();
  const pool = spacelift.addPool();
  const { stdout } = await execa('sh', ['-c', 'sha256sum </etc/machine-id | cut -c 1-16']);
  const worker = spacelift.addWorker(pool, { metadata: JSON.stringify({ spacectl_host: stdout }), busy: true });
  const other = spacelift.addWorker(pool, { metadata: 'not JSON' });
  await writeFile(at('script'), await fillTemplate('host/spacelift-recycle', { patience: '2' }, quoteForShell));
  // The only stand-in: this machine has no such service to restart.
  await writeFile(at('systemctl'), `#!/bin/sh\necho "$@" >>${at('restarted')}\n`);
  await chmod(at('systemctl'), 0o755);
  const { id, secret } = spacelift.key;
  const key = `SPACELIFT_API_KEY_ENDPOINT=${spacelift.url}\nSPACELIFT_API_KEY_ID=${id}\nSPACELIFT_API_KEY_SECRET=${secret}\n`;
  await writeFile(at('api.env'), key);
  const run = (shell: readonly string[] = ['dash'], env: Record<string, string> = {}) =>
    execa(shell[0] ?? '', [...shell.slice(1), at('script')], {
      reject: false,
      env: {
        PATH: `${folder}:${process.env['PATH']}`,
        SPACELIFT_API_FILE: at('api.env'),
        SPACELIFT_RECYCLE_INTERVAL: '1',
        ...env,
      },
    });
  const restarted = () => readFile(at('restarted'), 'utf8').catch(() => '');
  return { run, restarted, worker, other, spacelift };
}

testWith('curl', 'jq', 'dash', 'bash', 'busybox').each(SHELLS.map((shell) => [shell] as const))(
  '%j: the worker of this host is drained, and the restart waits for its run',
  async (shell) => {
    const host = await setUpRecycling();
    const recycling = host.run(shell);
    while (!host.worker.drained) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await host.restarted()).toBe('');
    host.worker.busy = false;
    const run = await recycling;
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
    expect(await host.restarted()).toBe('restart spacelift-launcher.service\n');
    expect(host.other.drained).toBe(false);
  },
);

testWith(
  'curl',
  'jq',
  'dash',
)('a run that takes too long is left alone, and the worker takes new ones', async () => {
  const host = await setUpRecycling();
  expect(await host.run()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('takes new runs again') });
  expect(host.worker.drained).toBe(false);
  expect(await host.restarted()).toBe('');
});

testWith(
  'curl',
  'jq',
  'dash',
)('without a key it restarts; with a wrong one it does not, and shows nothing of it', async () => {
  const host = await setUpRecycling();
  expect(await host.run(['dash'], { SPACELIFT_API_FILE: '/nowhere' })).toMatchObject({ exitCode: 0 });
  expect(await host.restarted()).toContain('restart');
  const file = path.join(await temporaryFolder(), 'api.env');
  await writeFile(
    file,
    `SPACELIFT_API_KEY_ENDPOINT=${host.spacelift.url}\nSPACELIFT_API_KEY_ID=x\nSPACELIFT_API_KEY_SECRET=hush\n`,
  );
  const wrong = await host.run(['dash'], { SPACELIFT_API_FILE: file });
  expect(wrong).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('rejected the API key') });
  expect(wrong.stderr).not.toContain('hush');
});

testWith(
  'curl',
  'jq',
  'dash',
)('an API that does not answer is no reason to cut a run off', async () => {
  const host = await setUpRecycling();
  const recycling = host.run(['dash'], { SPACELIFT_RECYCLE_PATIENCE: '4' });
  while (!host.worker.drained) await new Promise((resolve) => setTimeout(resolve, 20));
  host.spacelift.trouble({ status: 403 }, 'workerPools');
  const run = await recycling;
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 1 });
  expect(run.stderr).toContain('does not answer');
  expect(await host.restarted()).toBe('');
  expect(host.worker.drained).toBe(false);
});

testWith('curl', 'jq', 'dash', 'bash', 'busybox').each(SHELLS.map((shell) => [shell] as const))(
  '%j: stopped while it waits, the worker takes new runs again',
  async (shell) => {
    const host = await setUpRecycling();
    const recycling = host.run(shell, { SPACELIFT_RECYCLE_PATIENCE: '60' });
    while (!host.worker.drained) await new Promise((resolve) => setTimeout(resolve, 20));
    recycling.kill('SIGTERM');
    expect(await recycling).toMatchObject({ exitCode: 143, stderr: expect.stringContaining('takes new runs again') });
    expect(host.worker.drained).toBe(false);
    expect(await host.restarted()).toBe('');
  },
);

testWith(
  'curl',
  'jq',
  'dash',
)('a later login that fails does not end the waiting', async () => {
  const host = await setUpRecycling();
  const every = { SPACELIFT_RECYCLE_PATIENCE: '60', SPACELIFT_RECYCLE_LOGIN_INTERVAL: '1' };
  const recycling = host.run(['dash'], every);
  while (!host.worker.drained) await new Promise((resolve) => setTimeout(resolve, 20));
  host.spacelift.trouble({ status: 403 }, 'apiKeyUser');
  await new Promise((resolve) => setTimeout(resolve, 2500));
  host.worker.busy = false;
  const run = await recycling;
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  expect(run.stderr).toContain('does not answer');
  expect(await host.restarted()).toBe('restart spacelift-launcher.service\n');
});
