// Values that a cloud makes up: identifiers, ARNs, addresses.
import { createHash, randomUUID } from 'node:crypto';

const ACCOUNT = '123456789012';
const PROJECT = 'my-project';
const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000000';

const base64 = (text) => Buffer.from(text).toString('base64');

/** Secrets Manager adds a hyphen and six characters to a name (API_CreateSecret, parameter Name). */
const secretArn = (name) => {
  const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:${name}-${suffix}`;
};
const secretName = (arn) => arn.replace(/^arn:.*:secret:/, '').replace(/-[0-9a-f]{6}$/, '');

const accountEmail = ({ account_id }) => `${account_id}@${PROJECT}.iam.gserviceaccount.com`;

/** By `TYPE.ATTRIBUTE`: a value, or a function of what is given, which has the same answer each time. */
const VALUES = {
  'aws_partition.partition': 'aws',
  'aws_partition.dns_suffix': 'amazonaws.com',
  'aws_region.region': 'eu-west-1',
  'aws_region.name': 'eu-west-1',
  'aws_caller_identity.account_id': ACCOUNT,
  'aws_autoscaling_group.arn': ({ name }) =>
    `arn:aws:autoscaling:eu-west-1:${ACCOUNT}:autoScalingGroup:00000000-0000-0000-0000-000000000000:autoScalingGroupName/${name}`,
  'aws_ami.id': 'ami-0a1b2c3d4e5f60718',
  'aws_secretsmanager_secret.arn': ({ name }) => secretArn(name),
  'aws_secretsmanager_secret.id': ({ name, arn }) => arn ?? secretArn(name),
  'aws_secretsmanager_secret.name': ({ arn }) => secretName(arn),
  'aws_secretsmanager_secret_version.arn': ({ secret_id }) => secret_id,
  'aws_secretsmanager_secret_version.secret_string': base64('-----BEGIN A KEY THAT TERRAFORM ONLY HANDS ON-----'),
  'http.status_code': 200,
  'http.response_body': '{"tag_name":"v2.8.0"}',
  'azurerm_key_vault.id': ({ name }) =>
    `${SUBSCRIPTION}/resourceGroups/secrets/providers/Microsoft.KeyVault/vaults/${name}`,
  'azurerm_resource_group.id': ({ name }) => `${SUBSCRIPTION}/resourceGroups/${name}`,
  'azurerm_resource_group.location': 'westeurope',
  'azurerm_storage_blob.url': ({ storage_account_name, storage_container_name, name }) =>
    `https://${storage_account_name}.blob.core.windows.net/${storage_container_name}/${name}`,
  'google_service_account.email': accountEmail,
  'google_service_account.member': (given) => `serviceAccount:${accountEmail(given)}`,
  'google_secret_manager_secret.id': ({ secret_id }) => `projects/${PROJECT}/secrets/${secret_id}`,
  'google_secret_manager_secret.name': ({ secret_id }) => `projects/${PROJECT}/secrets/${secret_id}`,
  // Workers' pools have a ULID each, of 26 characters.
  'spacelift_worker_pool.id': '01HCC6QZ932J7WDF4FTVM9QMEP',
  'spacelift_worker_pool.config': base64('{"broker":{"endpoint":"worker-iot.spacelift.io"}}'),
};

/** Returns what a cloud fills in for an attribute that nobody has set. */
export function known(type, name, kind, given) {
  const value = VALUES[`${type}.${name}`];
  const made = typeof value === 'function' ? value(given) : value;
  if (kind === 'dynamic') {
    // The http and external data sources of the real modules.
    if (type === 'external' && name === 'result') return [Buffer.from('["map","string"]'), {}];
    const dynamic = made ?? `${type}-${name}`;
    return [Buffer.from(JSON.stringify(typeof dynamic)), dynamic];
  }
  if (made !== undefined) return made;
  if (Array.isArray(kind)) return { map: {}, object: null }[kind[0]] ?? (kind[0] === 'object' ? null : []);
  if (kind === 'string') return `${type}-${name}`;
  return { number: 1, bool: true }[kind] ?? null;
}

/** Returns a name as the AWS provider makes it of a prefix: 26 digits and letters follow. */
export function nameFrom(prefix) {
  return `${prefix}${randomUUID().replaceAll('-', '').slice(0, 26)}`;
}

/** Returns the identifier of a new resource: no two have the same. */
export function idOf(type, given) {
  return VALUES[`${type}.id`] === undefined ? `${type}-${randomUUID()}` : known(type, 'id', 'string', given);
}
