import { type Image, lifecycleOf } from '../../../src/ami/aws/lifecycle.ts';
import { readDescribedImages } from '../../../src/ami/saved/described-images.ts';
import { readTerraformState } from '../../../src/ami/saved/terraform-state.ts';
import { readMarker } from '../../../src/host/install/install-marker.ts';
import { formatRecord, readRecord } from '../../../src/host/install/install-record.ts';
import { parseServiceState } from '../../../src/host/install/service.ts';
import { parseCommsUrl } from '../../../src/render/comms/inputs.ts';
import { parseEnvironmentFile } from '../../../src/render/format/environment-reader.ts';
import { quoteForHcl } from '../../../src/render/format/hcl/hcl.ts';
import { readDockerConfig } from '../../../src/render/host/docker-config.ts';
import { parseSecretSource } from '../../../src/render/host/secret-source.ts';
import type { Target } from '../target.ts';
import { reading } from './file.ts';

const record = {
  version: 1,
  files: [{ path: '/etc/spacelift/launcher.env', mode: 0o644, isSecret: false, sha256: 'a1' }],
  units: ['spacelift-launcher.service'],
  madeUser: true,
  madeFolders: ['/opt/spacelift'],
};
const before = {
  files: [{ path: '/etc/a', before: { mode: 0o644, owner: 0, group: 0, base64: 'QQ==' } }, { path: '/etc/b' }],
  record,
  enabled: [],
  wasActive: false,
};
const images = {
  Images: [
    {
      ImageId: 'ami-1',
      Name: 'spacelift-1700000000-x86_64',
      Architecture: 'x86_64',
      CreationDate: '2024-01-01T00:00:00.000Z',
      DeprecationTime: '2025-01-01T00:00:00.000Z',
    },
  ],
};
const ami = {
  id: 'ami-1',
  name: 'spacelift-1700000000-x86_64',
  architecture: 'x86_64',
  creation_date: '2024-01-01T00:00:00Z',
};
const state = {
  version: 4,
  resources: [
    { type: 'aws_ami', name: 'this', instances: [{ attributes: ami }] },
    { type: 'aws_launch_template', name: 'this', instances: [{ attributes: { image_id: 'ami-1' } }] },
  ],
};
const shown = {
  values: {
    root_module: {
      resources: [{ type: 'aws_ami', address: 'data.aws_ami.this', values: ami }],
      child_modules: [{ resources: [], child_modules: [{ resources: [] }] }],
    },
  },
};

/** Formats the days of an image, as `ami check` does. */
function describe(image: Image): readonly (string | undefined)[] {
  const { released, deprecates } = lifecycleOf(image, OPTIONS);
  return [released, deprecates].map((date) => date?.toISOString());
}

const OPTIONS = { now: new Date('2024-06-01'), warnDays: 30 };

export const HOST_TARGETS: Readonly<Record<string, Target>> = {
  'environment-file': {
    kind: 'text',
    seeds: ['# made\nSPACELIFT_TOKEN="a\\"b"\nA=\'x\' y \\\nz\n;no\nexport B=1\n', 'A=1\nB="two\nlines"\n'],
    parse: (bytes) => parseEnvironmentFile(bytes.toString()),
  },
  'docker-config': {
    kind: 'json',
    seeds: ['{"auths":{"registry.example":{"auth":"dTpw"}},"proxies":{}}'],
    parse: reading('config.json', readDockerConfig),
  },
  'secret-source': {
    kind: 'text',
    seeds: [
      'aws-secretsmanager:spacelift/pool',
      'azure-keyvault:vault/secret',
      'gcp-secretmanager:projects/p/secrets/s',
    ],
    parse: (bytes) => parseSecretSource(bytes.toString()),
  },
  'comms-url': {
    kind: 'text',
    seeds: ['https://spacelift.example.com', 'https://[::1]:8443/'],
    parse: (bytes) => parseCommsUrl(bytes.toString()),
  },
  'hcl-string': {
    kind: 'text',
    seeds: ['a $\x7bb} %{if} $$\x7bc} "d"\n', '$$$$$$$\x7b'],
    parse: (bytes) => quoteForHcl(bytes.toString()),
  },
  'install-record': {
    kind: 'json',
    seeds: [JSON.stringify(record)],
    parse: reading('var/lib/spacectl/host.json', async (_, folder) => {
      const read = await readRecord(folder);
      return read && formatRecord(read);
    }),
  },
  'install-marker': {
    kind: 'json',
    seeds: [JSON.stringify(before)],
    parse: reading('var/lib/spacectl/unfinished', (_, folder) => readMarker(folder)),
  },
  'systemctl-show': {
    kind: 'text',
    seeds: ['LoadState=loaded\nActiveState=active\nSubState=running\nNRestarts=0\nActiveEnterTimestampMonotonic=1\n'],
    parse(bytes) {
      const { startedAt } = parseServiceState(bytes.toString());
      return startedAt?.toISOString();
    },
  },
  'ec2-images': {
    kind: 'json',
    seeds: [JSON.stringify(images)],
    parse: reading('images.json', async (file) => (await readDescribedImages(file)).map(describe)),
  },
  'terraform-state': {
    kind: 'json',
    seeds: [JSON.stringify(state), JSON.stringify(shown)],
    parse: reading('terraform.tfstate', async (file) => {
      const { images: found } = await readTerraformState(file);
      return found.map(describe);
    }),
  },
};
