import type { Cloud } from '../cloud/limits.ts';
import type { Type } from './module-type.ts';

/** One release of one of the vendor's modules: where it is, and its inputs as its documentation has them. */
export interface Module {
  readonly cloud: Cloud;
  readonly version: string;
  readonly source: string;
  readonly inputs: Readonly<Record<string, Type>>;
  readonly required: readonly string[];
}

const strings: Type = { list: 'string' };
const tags: Type = { map: 'string' };
const apiCredentials: Type = {
  object: { api_key_id: 'string', api_key_secret: 'string', api_key_endpoint: 'string' },
};

const aws: Readonly<Record<string, Type>> = {
  security_groups: strings,
  vpc_subnets: strings,
  worker_pool_id: 'string',
  byo_secretsmanager: { object: { name: 'string', arn: 'string', keys: strings } },
  byo_ssm: { object: { name: 'string', arn: 'string' } },
  configuration: 'string',
  ami_id: 'string',
  ami_architecture: 'string',
  ec2_instance_type: 'string',
  min_size: 'number',
  max_size: 'number',
  instance_market_options: 'any',
  autoscaling_configuration: {
    object: {
      version: 'string',
      architecture: 'string',
      schedule_expression: 'string',
      max_create: 'number',
      max_terminate: 'number',
      timeout: 'number',
      s3_package: 'any',
      scale_down_delay: 'number',
    },
  },
  spacelift_api_credentials: apiCredentials,
  instance_refresh: 'any',
  domain_name: 'string',
  disable_container_credentials: 'bool',
  base_name: 'string',
  volume_size: 'number',
  volume_encryption: 'bool',
  additional_tags: tags,
  disable_cloudwatch_agent: 'bool',
  enable_monitoring: 'bool',
  poweroff_delay: 'number',
  selfhosted_configuration: {
    object: {
      s3_uri: 'string',
      run_launcher_as_spacelift_user: 'bool',
      http_proxy_config: 'string',
      https_proxy_config: 'string',
      no_proxy_config: 'string',
      ca_certificates: strings,
      power_off_on_error: 'bool',
    },
  },
};

const azure: Readonly<Record<string, Type>> = {
  configuration: 'string',
  resource_group: 'any',
  subnet_id: 'string',
  worker_pool_id: 'string',
  admin_password: 'string',
  admin_public_key: 'string',
  admin_username: 'string',
  domain_name: 'string',
  identity_type: 'string',
  identity_ids: strings,
  name_prefix: 'string',
  non_autoscaled_vmss_instances: 'number',
  vmss_sku: 'string',
  source_image_id: 'string',
  process_exit_behavior: 'string',
  perform_unattended_upgrade_on_boot: 'bool',
  overprovision: 'bool',
  os_disk_storage_account_type: 'string',
  tags,
  autoscaling_configuration: {
    object: {
      version: 'string',
      architecture: 'string',
      schedule_expression: 'string',
      max_create: 'number',
      max_terminate: 'number',
      timeout: 'number',
      key_vault_id: 'string',
      scale_down_delay: 'number',
      scale: { object: { min: 'number', max: 'number' } },
    },
  },
  spacelift_api_credentials: apiCredentials,
};

const gcp: Readonly<Record<string, Type>> = {
  configuration: 'string',
  network: 'string',
  region: 'string',
  zone: 'string',
  size: 'number',
  email: 'string',
  project: 'string',
  image: 'string',
  instance_group_manager_name: 'string',
  instance_group_base_instance_name: 'string',
  machine_type: 'string',
  subnetwork: 'string',
  service_account_scopes: strings,
  domain_name: 'string',
};

const repository = (name: string, version: string) => `github.com/spacelift-io/${name}?ref=${version}`;
const onAws = (version: string, added: Readonly<Record<string, Type>>): Module => ({
  cloud: 'aws',
  version,
  source: repository('terraform-aws-spacelift-workerpool-on-ec2', version),
  inputs: { ...aws, ...added },
  required: ['security_groups', 'vpc_subnets', 'worker_pool_id'],
});

const envVars: Type = { map: { object: { value: 'string', sensitive: 'bool', secret_arn: 'string' } } };

/** The releases that are known, newest first for each cloud: the first is the default. */
export const MODULES: readonly Module[] = [
  onAws('v7.1.0', { env_vars: envVars, ca_bundle: 'string' }),
  onAws('v6.0.3', { secure_env_vars: { map: 'string' } }),
  {
    cloud: 'azure',
    version: 'v3.0.0',
    source: repository('terraform-azure-spacelift-workerpool', 'v3.0.0'),
    inputs: azure,
    required: ['configuration', 'resource_group', 'subnet_id', 'worker_pool_id', 'admin_public_key'],
  },
  {
    cloud: 'gcp',
    version: 'v1.5.2',
    source: repository('terraform-google-spacelift-workerpool', 'v1.5.2'),
    inputs: gcp,
    required: ['configuration', 'network', 'region', 'zone', 'size'],
  },
];
