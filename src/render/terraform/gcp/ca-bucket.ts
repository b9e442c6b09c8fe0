import { BUNDLE_FILE } from '../../../ca-bundle/index.ts';
import { block, expression, type Item, reference, type Value } from '../../format/hcl/hcl.ts';
import { use } from '../../format/hcl/variables.ts';

/** Returns a bucket for the CA bundle. */
export function storeInGcs(): { main: readonly Item[]; source: Value } {
  return {
    main: [
      'The CA bundle is not secret. The boot script checks its digest.',
      block('resource', ['google_storage_bucket', 'ca'], {
        name: use('ca_bucket_name'),
        location: use('region'),
        uniform_bucket_level_access: true,
      }),
      block('resource', ['google_storage_bucket_object', 'ca'], {
        name: BUNDLE_FILE,
        bucket: reference('google_storage_bucket.ca.name'),
        source: expression`"\${path.module}/${reference(BUNDLE_FILE)}"`,
      }),
      block('resource', ['google_storage_bucket_iam_member', 'ca'], {
        bucket: reference('google_storage_bucket.ca.name'),
        role: 'roles/storage.objectViewer',
        member: reference('google_service_account.workers.member'),
      }),
    ],
    source: expression`"spacectl_ca_source=gs://\${google_storage_bucket_iam_member.ca.bucket}/\${google_storage_bucket_object.ca.name}"`,
  };
}
