import { BUNDLE_FILE } from '../../../ca-bundle/index.ts';
import { block, expression, type Item, reference, type Value } from '../../format/hcl/hcl.ts';

/** How long the line with the bundle's place is at most: a bucket's name has 63 characters. */
export const CA_SOURCE_BYTES = 'spacectl_ca_source=s3:///\n'.length + 63 + BUNDLE_FILE.length;

/** The bucket of the bundle, and what the module is told of it. */
interface CaBucket {
  readonly main: readonly Item[];
  /** The line that tells the boot script where the bundle is. */
  readonly source: Value;
  /** Inputs of the module. */
  readonly inputs: Readonly<Record<string, Value>>;
  readonly warnings: readonly string[];
}

/**
 * Describes a bucket for the bundle, which the role of the instances may read. A role of the user's own gets no rights
 * from the module, and does not take them either (iam.tf@e09770e).
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
      'The CA bundle is no secret; the boot script checks its digest.',
      block('resource', ['aws_s3_bucket', 'ca'], { bucket_prefix: `${`spacelift-ca-${slug}`.slice(0, 36)}-` }),
      block('resource', ['aws_s3_object', 'ca'], {
        bucket: reference('aws_s3_bucket.ca.id'),
        key: BUNDLE_FILE,
        source: expression`"\${path.module}/${reference(BUNDLE_FILE)}"`,
        source_hash: expression`filemd5("\${path.module}/${reference(BUNDLE_FILE)}")`,
      }),
    ],
    source: expression`"spacectl_ca_source=s3://\${aws_s3_bucket.ca.id}/\${aws_s3_object.ca.key}"`,
    inputs: hasOwnRole ? {} : { extra_iam_statements: [expression`jsonencode(${statement})`] },
    warnings: hasOwnRole
      ? ['The module gives your own IAM role no rights: let it read the bucket of the CA bundle (s3:GetObject)']
      : [],
  };
}
