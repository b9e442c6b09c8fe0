import { BUNDLE_FILE } from '../../ca-bundle/index.ts';
import { CSR_FILE } from '../../pki/index.ts';
import type { Values } from '../../step/input.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { BLANK, block, expression, type Item, reference, type Value } from '../hcl.ts';
import type { azureInputs } from './azure-inputs.ts';
import { renderBootScript } from './boot-script.ts';
import { azureArchitecture, floorWarning, refuseMismatch } from './machines.ts';
import { checkInputs, moduleFor } from './modules.ts';
import { configurationFrom, planRootModule } from './plan.ts';
import { encodeKey, otherDomain, type Pool, poolFor, refuseFedRamp, tokenFile } from './pool.ts';
import { settingsFor } from './settings.ts';
import { trustFor } from './trust.ts';
import { use, type Variable } from './variables.ts';

type Given = Values<typeof azureInputs>;

/** Plans the root module for Azure. @throws UserError `SPACECTL_BAD_INPUT` where answers contradict each other */
export async function planAzure(given: Given, planner: Planner): Promise<Plan> {
  const module = moduleFor('azure', given['module-version']);
  await refuseFedRamp(given, planner);
  const machine = given['vm-size'];
  if (given['machine-image'] === undefined) {
    const way = '--vm-size Standard_B2S, or --machine-image with an image of your own';
    refuseMismatch(machine, azureArchitecture(machine), 'x86_64', way);
  }
  const pool = await poolFor(given, planner);
  const trust = await trustFor('azure', given, planner);
  const boot = await renderBootScript({
    cloud: 'azure',
    settings: settingsFor(given.env, trust),
    delivery: trust?.delivery,
  });
  const upload = trust?.upload ? storeInBlob() : undefined;
  const inputs = checkInputs(
    module,
    {
      worker_pool_id: pool.id,
      resource_group: reference('data.azurerm_resource_group.workers'),
      subnet_id: use('subnet_id'),
      identity_type: 'UserAssigned',
      identity_ids: [reference('azurerm_user_assigned_identity.workers.id')],
      configuration: configurationFrom([
        expression`"spacectl_key_vault=\${data.azurerm_key_vault.secrets.name}"`,
        expression`"spacectl_token_secret=\${${reference(pool.isCreated ? 'azurerm_key_vault_secret.token.name' : 'var.token_secret_name')}}"`,
        expression`"spacectl_private_key_secret=\${var.private_key_secret_name}"`,
        ...(upload ? [upload.source] : []),
      ]),
      admin_public_key: expression`base64encode(var.admin_public_key)`,
      vmss_sku: use('vm_size'),
      source_image_id: given['machine-image'],
      domain_name: otherDomain(given),
      non_autoscaled_vmss_instances: given.size === undefined ? undefined : use('size'),
      ...(given.autoscaler ? SCALING : {}),
    },
    given['module-input'],
  );
  const vault = String(given['key-vault'] ?? 'VAULT');
  return planRootModule(
    {
      title: 'Spacelift worker pool on Azure',
      requiredVersion: '>= 1.5',
      providers: { azurerm: { source: 'hashicorp/azurerm', version: '~> 4.0' }, ...pool.providers },
      variables: [...variablesFor(given, pool), ...pool.variables],
      main: [
        block('provider', ['azurerm'], block('features', [])),
        ...pool.main,
        block('data', ['azurerm_resource_group', 'workers'], { name: use('resource_group_name') }),
        ...secretsFor(pool),
        ...(upload?.main ?? []),
        block('module', ['workers'], { source: module.source }, BLANK, inputs),
      ],
      outputs: { worker_pool_id: { description: 'Id of the worker pool', value: pool.id } },
      readme: [
        `Module ${module.source}; boot script in configuration.sh, pasted into the custom data.`,
        'Put the secrets into the Key Vault first (the commands are printed by spacectl), then: terraform init && terraform apply.',
        'The vault has to use role-based access. Works with OpenTofu. No secret is in these files.',
      ],
    },
    {
      cloud: 'azure',
      module,
      dir: given.dir,
      boot,
      beside: { [CSR_FILE]: pool.csr, [BUNDLE_FILE]: trust?.upload },
      warnings: [
        ...floorWarning(machine, 'Standard_B2S'),
        ...(given.autoscaler
          ? ["The autoscaler's API key secret enters the Terraform state: the module takes it as a value"]
          : []),
      ],
      secrets: [
        ...(pool.isCreated ? [] : [`${setSecret(vault, TOKEN_SECRET)} --file ${tokenFile(given.dir)}`]),
        `${encodeKey(given.dir)} | ${setSecret(vault, KEY_SECRET)} --file /dev/stdin`,
        ...(given.autoscaler
          ? ['export TF_VAR_spacelift_api_key_secret, read from a file: read -r TF_VAR_spacelift_api_key_secret < FILE']
          : []),
      ],
    },
    planner,
  );
}

const TOKEN_SECRET = 'spacelift-token';
const KEY_SECRET = 'spacelift-pool-private-key';

/** Nothing secret is an argument, and nothing secret is printed. */
function setSecret(vault: string, name: string): string {
  return `az keyvault secret set --vault-name ${vault} --name ${name} --encoding utf-8 --output none`;
}

/** An identity for the machines that may read secrets, and the token where it is made here. */
function secretsFor(pool: Pool): readonly Item[] {
  const token = block('resource', ['azurerm_key_vault_secret', 'token'], {
    name: TOKEN_SECRET,
    value: pool.token,
    key_vault_id: reference('data.azurerm_key_vault.secrets.id'),
  });
  return [
    block('data', ['azurerm_key_vault', 'secrets'], {
      name: use('key_vault_name'),
      resource_group_name: use('key_vault_resource_group_name'),
    }),
    block('resource', ['azurerm_user_assigned_identity', 'workers'], {
      name: expression`"spacelift-\${lower(${pool.id})}"`,
      resource_group_name: reference('data.azurerm_resource_group.workers.name'),
      location: reference('data.azurerm_resource_group.workers.location'),
    }),
    mayRead('secrets', reference('data.azurerm_key_vault.secrets.id'), 'Key Vault Secrets User'),
    ...(pool.isCreated ? [token] : []),
  ];
}

function mayRead(name: string, scope: Value, role: string): Item {
  return block('resource', ['azurerm_role_assignment', name], {
    scope,
    role_definition_name: role,
    principal_id: reference('azurerm_user_assigned_identity.workers.principal_id'),
  });
}

/** A storage account for the bundle. */
function storeInBlob(): { main: readonly Item[]; source: Value } {
  return {
    main: [
      'The CA bundle is no secret; the boot script checks its digest.',
      block('resource', ['azurerm_storage_account', 'ca'], {
        name: use('storage_account_name'),
        resource_group_name: reference('data.azurerm_resource_group.workers.name'),
        location: reference('data.azurerm_resource_group.workers.location'),
        account_tier: 'Standard',
        account_replication_type: 'LRS',
        min_tls_version: 'TLS1_2',
        allow_nested_items_to_be_public: false,
      }),
      block('resource', ['azurerm_storage_container', 'ca'], {
        name: 'ca',
        storage_account_id: reference('azurerm_storage_account.ca.id'),
      }),
      block('resource', ['azurerm_storage_blob', 'ca'], {
        name: BUNDLE_FILE,
        storage_account_name: reference('azurerm_storage_account.ca.name'),
        storage_container_name: reference('azurerm_storage_container.ca.name'),
        type: 'Block',
        source: expression`"\${path.module}/${reference(BUNDLE_FILE)}"`,
        content_md5: expression`filemd5("\${path.module}/${reference(BUNDLE_FILE)}")`,
      }),
      mayRead('ca', reference('azurerm_storage_account.ca.id'), 'Storage Blob Data Reader'),
    ],
    source: expression`"spacectl_ca_source=\${azurerm_storage_blob.ca.url}"`,
  };
}

const SCALING: Readonly<Record<string, Value>> = {
  autoscaling_configuration: {
    key_vault_id: reference('data.azurerm_key_vault.secrets.id'),
    max_create: 1,
    max_terminate: 1,
    scale: { min: 0, max: use('max_size') },
  },
  spacelift_api_credentials: {
    api_key_id: use('spacelift_api_key_id'),
    api_key_secret: use('spacelift_api_key_secret'),
    api_key_endpoint: use('spacelift_api_key_endpoint'),
  },
};

function variablesFor(given: Given, pool: Pool): readonly Variable[] {
  const secretName = (name: string, holds: string, value: string): Variable => ({
    name,
    type: 'string',
    description: `Name of the secret in the Key Vault that holds ${holds}`,
    value,
    example: value,
    pattern: ['^[A-Za-z0-9-]{1,127}$', 'the name of a secret'],
  });
  const group = given['resource-group'];
  return [
    {
      name: 'resource_group_name',
      type: 'string',
      description: 'Resource group for the scale set',
      value: group,
      example: 'workers',
    },
    {
      name: 'subnet_id',
      type: 'string',
      description: 'Subnet for the machines',
      value: given['subnet-id'],
      example: '/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/…/subnets/workers',
    },
    {
      name: 'key_vault_name',
      type: 'string',
      description: 'Key Vault that holds the secrets; with role-based access',
      value: given['key-vault'],
      example: 'spacelift-secrets',
      pattern: ['^[A-Za-z][A-Za-z0-9-]+$', 'the name of a Key Vault'],
    },
    {
      name: 'key_vault_resource_group_name',
      type: 'string',
      description: 'Resource group of the Key Vault',
      value: group,
      example: 'secrets',
    },
    secretName('private_key_secret_name', 'the private key, base64 on one line', KEY_SECRET),
    ...(pool.isCreated ? [] : [secretName('token_secret_name', 'the token', TOKEN_SECRET)]),
    {
      name: 'admin_public_key',
      type: 'string',
      description: 'OpenSSH public key of the administrator of the machines',
      value: given['admin-public-key'],
      example: 'ssh-ed25519 AAAA… admin@example.com',
      pattern: ['^(ssh|ecdsa|sk)-', 'an OpenSSH public key'],
    },
    {
      name: 'vm_size',
      type: 'string',
      description: 'Size of the machines',
      value: given['vm-size'],
      example: 'Standard_B2S',
    },
    ...(given.size === undefined
      ? []
      : [{ name: 'size', type: 'number', description: 'Number of workers', value: given.size, example: 2 } as const]),
    ...(given['ca-delivery'] === 'blob'
      ? [
          {
            name: 'storage_account_name',
            type: 'string',
            description: 'Name for the storage account of the CA bundle, unique in all of Azure',
            example: 'spaceliftca1a2b3c',
            pattern: ['^[a-z0-9]{3,24}$', 'three to 24 lower-case letters and digits'],
          } as const,
        ]
      : []),
    ...(given.autoscaler ? API_VARIABLES : []),
  ];
}

const API_VARIABLES: readonly Variable[] = [
  { name: 'max_size', type: 'number', description: 'Most workers', value: 5, example: 5 },
  {
    name: 'spacelift_api_key_endpoint',
    type: 'string',
    description: 'Address of the Spacelift account',
    example: 'https://example.app.spacelift.io',
    pattern: ['^https://', 'an https address'],
  },
  {
    name: 'spacelift_api_key_id',
    type: 'string',
    description: 'Id of the API key',
    example: '01HCC6QZ932J7WDF4FTVM9QMEP',
  },
  {
    name: 'spacelift_api_key_secret',
    type: 'string',
    description: 'Secret of the API key',
    example: '',
    isSensitive: true,
  },
];
