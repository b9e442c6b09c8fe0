/**
 * The only import of the AWS SDK. It imports by name, so that the bundle contains only what is used, and it is loaded on
 * use, because it is large.
 */
export type {
  DescribeImagesCommandInput,
  DescribeImagesCommandOutput,
  DescribeInstancesCommandInput,
  DescribeInstancesCommandOutput,
} from '@aws-sdk/client-ec2';
export { DescribeImagesCommand, DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
