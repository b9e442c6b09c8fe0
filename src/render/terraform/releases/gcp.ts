import { type Inputs, type Module, release } from './release.ts';

const inputs: Inputs = {
  configuration: 'string',
  domain_name: 'string',
  email: 'string',
  image: 'string',
  instance_group_base_instance_name: 'string',
  instance_group_manager_name: 'string',
  machine_type: 'string',
  network: 'string',
  project: 'string',
  region: 'string',
  service_account_scopes: 'list(string)',
  size: 'string',
  subnetwork: 'string',
  zone: 'string',
};

const { instance_group_base_instance_name: _, service_account_scopes: __, subnetwork: ___, ...seen } = inputs;

/**
 * Releases of Spacelift's Google Cloud module, the default first. Sources: `test/fixtures/modules/gcp-*.json`; of v2.0.0
 * only the inputs that Spacelift's own stacks set are known, not their types.
 */
export const GCP: readonly Module[] = [
  release({
    cloud: 'gcp',
    version: 'v1.5.2',
    inputs,
    required: ['configuration', 'network', 'region', 'zone', 'size'],
    boot: { bytes: 3810, stop: 'exit 1', hasEnvironmentFile: false },
  }),
  release({
    cloud: 'gcp',
    version: 'v2.0.0',
    inputs: Object.fromEntries(Object.keys(seen).map((name) => [name, 'any'])),
    required: ['configuration', 'network', 'region', 'zone', 'size'],
    unread: ['most of its inputs', 'its boot script', 'its outputs', 'which access scopes its machines get'],
    boot: { bytes: undefined, stop: 'exit 1', hasEnvironmentFile: true },
  }),
];
