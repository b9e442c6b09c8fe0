import { mkdir, readdir, stat } from 'node:fs/promises';
import { expect } from 'vitest';
import { type Answer, AZURE, CLOUD_NEEDS, GCP, metadata, setUpCloud } from '../../services/cloud.ts';
import { testWith } from '../../services/programs.ts';
import { SHELLS } from '../../services/script.ts';

const VAULT = 'https://vault.azure.net';

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
])('a host refuses secrets and shows nothing of them: %s', async (_name, answers, message) => {
  const host = await setUpCloud(answers);
  const run = await host.run('spacelift-fetch-secrets', SOURCES[0], ['dash']);
  expect(run.exitCode).toBe(1);
  expect(run.stderr).toContain(message);
  expect(`${run.stdout}${run.stderr}`).not.toContain('dG9rZW4=');
  expect(await readdir(host.at('run'))).toEqual([]);
});

testWith(...CLOUD_NEEDS)(
  'a secret store that never answers is given up on, and nothing of a killed run stays',
  async () => {
    const silent = { ...stores(SECRETS), 'GET my-vault.vault.azure.net/secrets/pool?api-version=7.4': {} };
    const host = await setUpCloud(silent);
    for (const shell of SHELLS) {
      await mkdir(host.at('run/.secrets.4194305'), { recursive: true });
      const started = Date.now();
      const run = await host.run('spacelift-fetch-secrets', SOURCES[0], shell, { SPACELIFT_FETCH_SECONDS: '1' });
      expect(Date.now() - started).toBeLessThan(10_000);
      expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('does not answer within 1 seconds') });
      expect(await readdir(host.at('run'))).toEqual([]);
    }
  },
);
