import { readdir } from 'node:fs/promises';
import { expect } from 'vitest';
import { AZURE, CLOUD_NEEDS, GCP, metadata, setUpCloud } from '../../services/cloud.ts';
import { testWith } from '../../services/programs.ts';
import { SHELLS } from '../../services/script.ts';

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

testWith(...CLOUD_NEEDS).each([
  ['ec2', ['instance_id=i-0abc', 'instance_type=t3.small'], 'has no availability_zone'],
  ['azure', ['instance_id=02aab8a4', 'instance_type=Standard_B2S'], 'unusable region'],
  ['gcp', ['instance_id=4711', 'instance_type=e2-medium', 'availability_zone=europe-west3-a'], 'has no instance_name'],
] as const)('on %s the instance metadata become tags of the worker, and null does not', async (cloud, tags, remark) => {
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

testWith(...CLOUD_NEEDS)(
  'a metadata service that never answers delays the start by seconds, and the worker has its own tag',
  async () => {
    const answers = { ...CLOUDS.gcp, 'GET 169.254.169.254/computeMetadata/v1/instance/zone': {} };
    const host = await setUpCloud(answers);
    for (const shell of SHELLS) {
      const started = Date.now();
      const run = await host.run('spacelift-instance-metadata', { cloud: 'gcp' }, shell, {
        SPACELIFT_FETCH_SECONDS: '1',
      });
      expect(Date.now() - started).toBeLessThan(4_000);
      expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
      const tags = (await host.read()).trim().split('\n');
      expect(tags).toEqual([
        'SPACELIFT_METADATA_instance_id=4711',
        'SPACELIFT_METADATA_instance_type=e2-medium',
        expect.stringMatching(/^SPACELIFT_METADATA_spacectl_host=/),
      ]);
      expect(await readdir(host.at('run'))).toEqual(['output']);
    }
  },
);
