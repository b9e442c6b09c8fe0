import { type Inputs, type Module, release } from './release.ts';

const inputs: Inputs = {
  admin_password: 'string',
  admin_public_key: 'string',
  admin_username: 'string',
  application_security_group_ids: 'list(string)',
  autoscaling_configuration:
    'object({ version = optional(string), architecture = optional(string), schedule_expression = optional(string), max_create = optional(number), max_terminate = optional(number), timeout = optional(number), key_vault_id = optional(string), scale_down_delay = optional(number), scale = optional(object({ min = number, max = number })) })',
  configuration: 'string',
  domain_name: 'string',
  identity_ids: 'list(string)',
  identity_type: 'string',
  name_prefix: 'string',
  non_autoscaled_vmss_instances: 'number',
  os_disk_storage_account_type: 'string',
  overprovision: 'bool',
  perform_unattended_upgrade_on_boot: 'bool',
  process_exit_behavior: 'string',
  resource_group: 'object({ name = string, location = string, id = string })',
  source_image_id: 'string',
  source_image_offer: 'string',
  source_image_publisher: 'string',
  source_image_sku: 'string',
  source_image_version: 'string',
  spacelift_api_credentials: 'object({ api_key_id = string, api_key_secret = string, api_key_endpoint = string })',
  subnet_id: 'string',
  tags: 'map(string)',
  vmss_sku: 'string',
  worker_pool_id: 'string',
};

const required = ['configuration', 'resource_group', 'subnet_id', 'worker_pool_id'];

/** Releases of Spacelift's Azure module, the default first. Sources: `test/fixtures/modules/azure-*.json`. */
export const AZURE: readonly Module[] = [
  release({
    cloud: 'azure',
    version: 'v3.0.0',
    inputs,
    required,
    boot: { bytes: 4691, stop: 'return 1', hasEnvironmentFile: true },
  }),
  release({
    cloud: 'azure',
    version: 'v2.1.0',
    inputs,
    required,
    unread: ['how large its boot script is'],
    boot: { bytes: undefined, stop: 'exit 1', hasEnvironmentFile: false },
  }),
];
