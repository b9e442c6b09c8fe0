import { BUNDLE_FILE } from '../../../ca-bundle/index.ts';
import { block, expression, type Item, reference, type Value } from '../../format/hcl/hcl.ts';

/** The maximum length of the line with the bundle's URI: a bucket's name has at most 63 characters. */
export const CA_SOURCE_BYTES = 'spacectl_ca_source=s3:///\n'.length + 63 + BUNDLE_FILE.length;

/** Returns a bucket for the CA bundle. Every principal of the account may read it, because it is not secret. */
export function storeInS3(slug: string): { main: readonly Item[]; source: Value } {
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: expression`"\${aws_s3_bucket.ca.arn}/*"`,
        Condition: {
          StringEquals: { 'aws:PrincipalAccount': reference('data.aws_caller_identity.current.account_id') },
        },
      },
    ],
  };
  return {
    main: [
      block('data', ['aws_caller_identity', 'current']),
      'The CA bundle is not secret: every principal of this account may read it. The boot script checks its digest.',
      block('resource', ['aws_s3_bucket', 'ca'], { bucket_prefix: `${`spacelift-ca-${slug}`.slice(0, 36)}-` }),
      block('resource', ['aws_s3_bucket_policy', 'ca'], {
        bucket: reference('aws_s3_bucket.ca.id'),
        policy: expression`jsonencode(${policy})`,
      }),
      block('resource', ['aws_s3_object', 'ca'], {
        bucket: reference('aws_s3_bucket.ca.id'),
        key: BUNDLE_FILE,
        source: expression`"\${path.module}/${reference(BUNDLE_FILE)}"`,
        source_hash: expression`filemd5("\${path.module}/${reference(BUNDLE_FILE)}")`,
      }),
    ],
    source: expression`"spacectl_ca_source=s3://\${aws_s3_bucket_policy.ca.bucket}/\${aws_s3_object.ca.key}"`,
  };
}
