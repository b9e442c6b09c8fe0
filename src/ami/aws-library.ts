/**
 * The door to the AWS SDK. Imported by name here, so that the bundle keeps what is used and nothing else; and late, for
 * it is large.
 */
export { DescribeImagesCommand, DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
