import { BUNDLE_FILE } from '../../../ca-bundle/index.ts';
import { CSR_FILE } from '../../../pki/index.ts';
import type { Values } from '../../../step/input.ts';
import type { Plan, Planner } from '../../../step/plan.ts';
import { renderBootScript } from '../../cloud/boot-script.ts';
import { otherDomain, refuseFedRamp } from '../../cloud/environment.ts';
import { azureArchitecture, floorWarning, refuseMismatch } from '../../cloud/machines.ts';
import { poolFor } from '../../cloud/pool.ts';
import { trustFor } from '../../cloud/trust.ts';
import { BLANK, block, expression, reference } from '../../hcl/hcl.ts';
import { use } from '../../hcl/variables.ts';
import { joinMounts } from '../../launcher-settings.ts';
import { checkInputs, moduleFor } from '../module-inputs.ts';
import { configurationFrom, planRootModule } from '../plan.ts';
import { SCALING } from './autoscaler.ts';
import { storeInBlob } from './ca-container.ts';
import type { azureInputs } from './inputs.ts';
import { keyVaultSecrets } from './secrets.ts';
import { variablesFor } from './variables.ts';

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
    settings: joinMounts(given.env, trust?.mounts ?? []),
    delivery: trust?.delivery,
  });
  const secrets = keyVaultSecrets(pool, given.dir, given['key-vault'] ?? 'VAULT');
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
      domain_name: await otherDomain(given, planner),
      non_autoscaled_vmss_instances: given.size === undefined ? undefined : use('size'),
      ...(given.autoscaler ? SCALING : {}),
    },
    given['module-input'],
  );
  return planRootModule(
    {
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
        'export ARM_SUBSCRIPTION_ID=$(az account show --query id --output tsv)',
        ...secrets.commands,
        ...(given.autoscaler
          ? ['export TF_VAR_spacelift_api_key_secret, read from a file: read -r TF_VAR_spacelift_api_key_secret < FILE']
          : []),
      ],
    },
    planner,
  );
}
