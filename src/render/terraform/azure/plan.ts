import { BUNDLE_FILE } from '../../../ca-bundle/index.ts';
import { SPACELIFT_AZURE_IMAGE } from '../../../cloud-accounts/index.ts';
import { UserError } from '../../../core/errors.ts';
import { CSR_FILE } from '../../../pki/index.ts';
import type { Values } from '../../../step/input.ts';
import type { Plan, Planner } from '../../../step/plan.ts';
import { enforce } from '../../../step/rule.ts';
import type { Boot } from '../../cloud/boot-script.ts';
import { otherDomain } from '../../cloud/environment.ts';
import { renderFitting } from '../../cloud/fitting.ts';
import { minimumWarning } from '../../cloud/machines.ts';
import { BLANK, block, expression, reference, type Value } from '../../format/hcl/hcl.ts';
import { use } from '../../format/hcl/variables.ts';
import { joinMounts } from '../../host/launcher-settings.ts';
import { measureBootData, ownPart } from '../boot-data.ts';
import { joinInputs, moduleFor } from '../module-inputs.ts';
import { configurationFrom, planRootModule, type Rendered, type Sources } from '../plan.ts';
import type { Module } from '../releases/index.ts';
import { HOST_TRUST_REACH, hostTrustOf } from '../trust-on-host.ts';
import { refuseReservedNames, refuseUnsafeSettings } from '../unsafe-settings.ts';
import { SCALING } from './autoscaler.ts';
import { storeInBlob } from './ca-container.ts';
import type { azureInputs } from './inputs.ts';
import { azureRules } from './rules.ts';
import { keyVaultSecrets } from './secrets.ts';
import { variablesFor } from './variables.ts';

type Given = Values<typeof azureInputs>;

/** Plans the root module for Azure. @throws UserError `SPACECTL_BAD_INPUT` if answers contradict each other */
export async function planAzure(given: Given, planner: Planner): Promise<Plan> {
  const module = moduleFor('azure', given['module-version']);
  enforce(azureRules, given);
  refuseReservedNames(module, given.env);
  refuseUnsafeSettings(module, given.env);
  return planRootModule(module, given, planner, (sources) => render(given, sources));
}

/**
 * Refuses the behavior `None`: v3.0.0 then renders an `if` without a command, and bash refuses the whole script
 * (vmss.tf@6d4b486, `local.process_exit_command`).
 * @throws UserError `SPACECTL_BAD_INPUT`
 */
function refuseNoExit({ version }: Module, own: Sources['own']): void {
  if (version !== 'v3.0.0' || own['process_exit_behavior'] !== 'None') return;
  throw new UserError(
    'SPACECTL_BAD_INPUT',
    '--module-input process_exit_behavior=None: it breaks the boot script of the azure module v3.0.0',
    { suggestions: ['Pass --module-input process_exit_behavior=Shutdown'] },
  );
}

async function render(given: Given, { module, own, token, comms, pool, trust }: Sources): Promise<Rendered> {
  refuseNoExit(module, own);
  const script: Boot = {
    cloud: 'azure',
    settings: { ...joinMounts(given.env, trust?.mounts ?? []), ...comms },
    delivery: trust?.delivery,
    hostTrust: given['trust-on-host'] ? hostTrustOf(trust) : undefined,
    secrets: 'store',
    stop: module.boot.stop,
  };
  const secrets = keyVaultSecrets(pool, given.dir, given['key-vault'] ?? 'VAULT');
  const upload = trust?.upload ? storeInBlob() : undefined;
  const inputs = joinInputs(
    module,
    {
      set: {
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
        domain_name: otherDomain(given, token),
        non_autoscaled_vmss_instances: given.size === undefined ? undefined : use('size'),
        ...(given.autoscaler ? SCALING.set : {}),
      },
      defaults: {
        source_image_id: given['machine-image'] ?? SPACELIFT_AZURE_IMAGE,
        ...(given.autoscaler ? SCALING.defaults : {}),
      },
    },
    own,
  );
  // Measured with one input changed at a time (vmss.tf@6d4b486).
  const shutdown = inputs['process_exit_behavior'] === 'Shutdown' ? 7 : 0;
  const upgrade = inputs['perform_unattended_upgrade_on_boot'] === false ? 1 : 0;
  const measure = (text: string) =>
    measureBootData(module, {
      own: ownPart(module, false) + shutdown + upgrade + lengthOfDomain(inputs),
      configuration: ASSIGNED_BYTES + Buffer.byteLength(text) + (upload ? upload.bytes : 0),
    });
  const { boot, bootData } = await renderFitting(script, measure);
  return {
    root: {
      title: 'Spacelift worker pool on Azure',
      requiredVersion: '>= 1.5',
      providers: { azurerm: { source: 'hashicorp/azurerm', version: '~> 4.0' }, ...pool.providers },
      variables: [...variablesFor(given), ...pool.variables, ...secrets.variables],
      main: [
        block('provider', ['azurerm'], block('features', [])),
        ...pool.main,
        block('data', ['azurerm_resource_group', 'workers'], { name: use('resource_group_name') }),
        ...secrets.main,
        ...(upload?.main ?? []),
        block('module', ['workers'], { source: module.source }, BLANK, inputs),
      ],
      outputs: { worker_pool_id: { description: 'ID of the worker pool', value: pool.id } },
      readme: [
        `It calls Spacelift's module ${module.source}. configuration.sh becomes part of the custom data.`,
        'The Key Vault must use role-based access.',
      ],
    },
    boot,
    bootData,
    beside: { [CSR_FILE]: pool.csr, [BUNDLE_FILE]: trust?.upload },
    warnings: [
      ...minimumWarning(given['vm-size'], 'Standard_B2S'),
      ...(given['trust-on-host'] ? [HOST_TRUST_REACH] : []),
      ...(given.autoscaler
        ? [
            "The autoscaler's API key needs admin rights, and Terraform stores its secret in the state, because the module takes it as a value",
          ]
        : []),
    ],
    secrets: [
      'export ARM_SUBSCRIPTION_ID=$(az account show --query id --output tsv)',
      ...secrets.commands,
      ...(given.autoscaler
        ? [
            'Put the secret of an API key with admin rights into a file of mode 0600, then: read -r TF_VAR_spacelift_api_key_secret < FILE && export TF_VAR_spacelift_api_key_secret',
          ]
        : []),
    ],
  };
}

/** The size of the three assignments before the boot script, with the longest names in Key Vault (24 and 127 characters). */
const ASSIGNED_BYTES =
  'spacectl_key_vault=\nspacectl_token_secret=\nspacectl_private_key_secret=\n'.length + 24 + 2 * 127;

function lengthOfDomain(inputs: Readonly<Record<string, Value>>): number {
  const domain = inputs['domain_name'];
  return typeof domain === 'string' ? domain.length - 'spacelift.io'.length : 0;
}
