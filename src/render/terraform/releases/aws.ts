import { type Inputs, type Module, release } from './release.ts';

/**
 * Releases of Spacelift's AWS module.
 * Sources: `test/fixtures/modules/aws-*.json`, each of which names repository, path and commit. A test compares the two.
 */
const AUTOSCALING =
  'architecture = optional(string), schedule_expression = optional(string), max_create = optional(number), max_terminate = optional(number), timeout = optional(number), s3_package = optional(object({ bucket = string, key = string, object_version = optional(string) })), scale_down_delay = optional(number)';
const SELF_HOSTED =
  's3_uri = string, run_launcher_as_spacelift_user = optional(bool), http_proxy_config = optional(string), https_proxy_config = optional(string), no_proxy_config = optional(string), ca_certificates = optional(list(string))';

const v5: Inputs = {
  additional_tags: 'map(string)',
  ami_architecture: 'string',
  ami_id: 'string',
  autoscaler_extra_env: 'map(string)',
  autoscaling_configuration: `object({ version = optional(string), ${AUTOSCALING} })`,
  autoscaling_tracing_mode: 'string',
  autoscaling_vpc_sg_ids: 'list(string)',
  autoscaling_vpc_subnets: 'list(string)',
  base_name: 'string',
  byo_secretsmanager: 'object({ name = string, arn = string, keys = list(string) })',
  byo_ssm: 'object({ name = string, arn = string })',
  cloudwatch_kms_key_id: 'string',
  cloudwatch_log_group_class: 'string',
  cloudwatch_log_group_retention: 'number',
  configuration: 'string',
  create_iam_role: 'bool',
  custom_iam_role_name: 'string',
  disable_cloudwatch_agent: 'bool',
  disable_container_credentials: 'bool',
  domain_name: 'string',
  ec2_instance_type: 'string',
  enable_monitoring: 'bool',
  enabled_metrics: 'list(string)',
  extra_iam_statements: 'list(string)',
  iam_permissions_boundary: 'string',
  instance_market_options: 'any',
  instance_refresh: 'any',
  launch_template_default_version: 'string',
  launch_template_update_default_version: 'bool',
  launch_template_version: 'string',
  lifecycle_hook_timeout: 'number',
  manage_log_groups: 'bool',
  max_size: 'number',
  min_size: 'number',
  poweroff_delay: 'number',
  secure_env_vars: 'map(string)',
  secure_env_vars_kms_key_id: 'string',
  security_groups: 'list(string)',
  selfhosted_configuration: `object({ ${SELF_HOSTED}, power_off_on_error = optional(bool) })`,
  spacelift_api_credentials:
    'object({ api_key_id = string, api_key_secret = optional(string), api_key_endpoint = string })',
  tag_specifications: 'list(object({ resource_type = string, tags = optional(map(string), {}) }))',
  volume_encryption: 'bool',
  volume_encryption_kms_key_id: 'string',
  volume_size: 'number',
  volume_throughput: 'number',
  vpc_subnets: 'list(string)',
  worker_pool_id: 'string',
};

const v6: Inputs = {
  ...v5,
  autoscaling_configuration: `object({ version = optional(string, "latest"), ${AUTOSCALING} })`,
};

const v6_3: Inputs = {
  ...v6,
  autoscaling_configuration: `object({ version = optional(string, "latest"), ${AUTOSCALING}, ca_bundle = optional(string) })`,
  selfhosted_configuration: `object({ ${SELF_HOSTED}, load_custom_certs = optional(bool), s3_bucket_name = optional(string), s3_object_key = optional(string), power_off_on_error = optional(bool) })`,
};

const { autoscaler_extra_env: _, secure_env_vars: __, ...kept } = v6_3;
const v7_1: Inputs = {
  ...kept,
  ca_bundle: 'string',
  env_vars: 'map(object({ value = optional(string), sensitive = optional(bool, false) }))',
  secret_env_var_arns: 'map(string)',
};

const v8_2: Inputs = {
  ...v7_1,
  autoscaling_configuration: `object({ version = optional(string, "stable"), ${AUTOSCALING}, ca_bundle = optional(string) })`,
  binaries_download_base_url: 'string',
  network_interfaces: 'list(any)',
};

const on = (
  version: string,
  inputs: Inputs,
  boot: Partial<Module['boot']>,
  selfHosted: number | undefined,
  unread: readonly string[],
) =>
  release({
    cloud: 'aws',
    version,
    inputs,
    unread,
    required: ['security_groups', 'vpc_subnets', 'worker_pool_id'],
    boot: { bytes: 4929, stop: 'return 1', hasEnvironmentFile: true, ...boot },
    selfHosted: { bytes: selfHosted },
    ...(inputs === v8_2 ? {} : { autoscaler: 'v2.7.1' }),
  });

/** The default first. v7.2.0 has what v7.1.0 and v8.2.0 have in common. */
export const AWS: readonly Module[] = [
  on('v6.0.3', v6, {}, 6393, []),
  on('v8.2.0', v8_2, { bytes: undefined }, undefined, ['its tag', 'its boot script', 'its outputs']),
  on('v7.2.0', v7_1, { bytes: undefined }, undefined, ['its own list of inputs', 'its boot script', 'its outputs']),
  on('v7.1.0', v7_1, {}, undefined, ['its tag', 'its outputs']),
  on('v6.3.0', v6_3, {}, undefined, ['its tag', 'its outputs']),
  on('v5.6.5', v5, { bytes: 4180, stop: 'exit 1', hasEnvironmentFile: false }, 6173, []),
];
