import { BUNDLE_FILE } from '../../../ca-bundle/index.ts';
import { block, expression, type Item, reference, type Value } from '../../format/hcl/hcl.ts';

/** The maximum length of the line with the bundle's URI: a bucket's name has at most 63 characters. */
export const CA_SOURCE_BYTES = 'spacectl_ca_source=s3:///\n'.length + 63 + BUNDLE_FILE.length;

/** The bucket of the CA bundle, and what the module has to know of it. */
interface CaBucket {
  readonly main: readonly Item[];
  /** The line that tells the boot script where the bundle is. */
  readonly source: Value;
  /** What the role of the instances may do with it. */
  readonly statements: readonly Value[];
  readonly warnings: readonly string[];
}

/**
 * Returns a bucket for the CA bundle that the instances' role may read. The module does not grant rights to a role of the
 * user's own (iam.tf@e09770e).
 */
export function storeInS3(slug: string, hasOwnRole: boolean): CaBucket {
  const statement = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'SpacectlCaBundle',
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: expression`"\${aws_s3_bucket.ca.arn}/*"`,
      },
    ],
  };
  return {
    main: [
      'The CA bundle is not secret. The boot script checks its digest.',
      block('resource', ['aws_s3_bucket', 'ca'], { bucket_prefix: `${`spacelift-ca-${slug}`.slice(0, 36)}-` }),
      block('resource', ['aws_s3_object', 'ca'], {
        bucket: reference('aws_s3_bucket.ca.id'),
        key: BUNDLE_FILE,
        source: expression`"\${path.module}/${reference(BUNDLE_FILE)}"`,
        source_hash: expression`filemd5("\${path.module}/${reference(BUNDLE_FILE)}")`,
      }),
    ],
    source: expression`"spacectl_ca_source=s3://\${aws_s3_bucket.ca.id}/\${aws_s3_object.ca.key}"`,
    statements: hasOwnRole ? [] : [expression`jsonencode(${statement})`],
    warnings: hasOwnRole
      ? [
          'The module does not grant rights to your own IAM role: allow it to read the bucket of the CA bundle (s3:GetObject)',
        ]
      : [],
  };
}
