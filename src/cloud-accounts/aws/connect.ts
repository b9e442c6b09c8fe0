import { createHttpClient } from '../../http/index.ts';
import type * as sdk from './aws-library.ts';
import { regionOfEnvironment } from './region-of-environment.ts';
import { missingRegion, requestError } from './request-error.ts';
import { requestHandler } from './request-handler.ts';

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

/** Where and how EC2 is asked. */
export interface Ec2Options {
  /** Default: the region of the environment, or of the AWS CLI's profile. */
  readonly region: string | undefined;
  /** The address of EC2. Default: that of the region. */
  readonly endpoint?: string | undefined;
  readonly signal: AbortSignal;
  /** What else to try if EC2 denies a request. */
  readonly suggestions?: readonly string[];
}

/**
 * Connects to EC2 with the credentials that the AWS CLI would use. Requests go through our own HTTP client, which handles
 * proxies, private CAs, timeouts and retries as for every other request.
 * @throws UserError `SPACECTL_MISSING_INPUT` if no region is known
 */
export async function connectToEc2({ region, endpoint, signal, suggestions }: Ec2Options): Promise<Ec2Connection> {
  // Our own package.json says which versions of Node are supported.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const library = await import('./aws-library.ts');
  const http = createHttpClient();
  const named = region ?? regionOfEnvironment();
  const client = new library.EC2Client({
    ...(named && { region: named }),
    ...(endpoint && { endpoint }),
    maxAttempts: 1,
    requestHandler: requestHandler(http, signal) as never,
  });
  const asked = await client.config.region().catch((cause: unknown) => {
    http.close();
    throw missingRegion(cause);
  });
  const throwRequestError = (cause: unknown) => {
    throw requestError('EC2', cause, suggestions);
  };
  return {
    region: asked,
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
    close() {
      client.destroy();
      http.close();
    },
  };
}
