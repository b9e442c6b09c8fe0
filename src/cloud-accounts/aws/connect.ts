import type * as sdk from './aws-library.ts';
import { type ConnectionOptions, openClient } from './open-client.ts';
import { requestError } from './request-error.ts';

/**
 * A connection to EC2. Its requests only read. They throw a UserError, `SPACECTL_NOT_ALLOWED` or `SPACECTL_UNREACHABLE`,
 * with what EC2 says.
 */
export interface Ec2Connection {
  /** The region that is asked, such as `eu-west-1`. */
  readonly region: string;
  describeImages(input: sdk.DescribeImagesCommandInput): Promise<sdk.DescribeImagesCommandOutput>;
  describeInstances(input: sdk.DescribeInstancesCommandInput): Promise<sdk.DescribeInstancesCommandOutput>;
  describeInstanceTypeOfferings(
    input: sdk.DescribeInstanceTypeOfferingsCommandInput,
  ): Promise<sdk.DescribeInstanceTypeOfferingsCommandOutput>;
  describeLaunchTemplateVersions(
    input: sdk.DescribeLaunchTemplateVersionsCommandInput,
  ): Promise<sdk.DescribeLaunchTemplateVersionsCommandOutput>;
  describeRegions(input: sdk.DescribeRegionsCommandInput): Promise<sdk.DescribeRegionsCommandOutput>;
  describeSecurityGroups(
    input: sdk.DescribeSecurityGroupsCommandInput,
  ): Promise<sdk.DescribeSecurityGroupsCommandOutput>;
  describeSubnets(input: sdk.DescribeSubnetsCommandInput): Promise<sdk.DescribeSubnetsCommandOutput>;
  close(): void;
}

/** Connects to EC2. @throws UserError `SPACECTL_MISSING_INPUT` if no region is known */
export async function connectToEc2(options: ConnectionOptions): Promise<Ec2Connection> {
  const library = await import('./aws-library.ts');
  const { client, region, close } = await openClient(library.EC2Client, options);
  const throwRequestError = (cause: unknown) => {
    throw requestError('EC2', cause, options.suggestions);
  };
  return {
    region,
    describeImages: (input) => client.send(new library.DescribeImagesCommand(input)).catch(throwRequestError),
    describeInstances: (input) => client.send(new library.DescribeInstancesCommand(input)).catch(throwRequestError),
    describeInstanceTypeOfferings: (input) =>
      client.send(new library.DescribeInstanceTypeOfferingsCommand(input)).catch(throwRequestError),
    describeLaunchTemplateVersions: (input) =>
      client.send(new library.DescribeLaunchTemplateVersionsCommand(input)).catch(throwRequestError),
    describeRegions: (input) => client.send(new library.DescribeRegionsCommand(input)).catch(throwRequestError),
    describeSecurityGroups: (input) =>
      client.send(new library.DescribeSecurityGroupsCommand(input)).catch(throwRequestError),
    describeSubnets: (input) => client.send(new library.DescribeSubnetsCommand(input)).catch(throwRequestError),
    close,
  };
}
