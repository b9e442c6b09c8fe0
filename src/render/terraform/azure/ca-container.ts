import { BUNDLE_FILE } from '../../../ca-bundle/index.ts';
import { block, expression, type Item, reference, type Value } from '../../format/hcl/hcl.ts';
import { use } from '../../format/hcl/variables.ts';
import { mayRead } from './identity.ts';

/** Returns a storage account for the CA bundle. */
export function storeInBlob(): { main: readonly Item[]; source: Value; bytes: number } {
  return {
    // A storage account's name has at most 24 characters.
    bytes: `spacectl_ca_source=https://.blob.core.windows.net/ca/${BUNDLE_FILE}\n`.length + 24,
    main: [
      'The CA bundle is not secret. The boot script checks its digest.',
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
