import type { Ec2Connection } from './aws/connect.ts';
import type { AutoScalingConnection } from './aws/connect-to-auto-scaling.ts';
import type { ConnectionOptions } from './aws/open-client.ts';

/**
 * Connects to EC2 with the credentials that the AWS CLI would use. The caller closes it.
 * @throws UserError `SPACECTL_MISSING_INPUT` if no region is known
 */
export async function connectToEc2(options: ConnectionOptions): Promise<Ec2Connection> {
  return (await import('./aws/connect.ts')).connectToEc2(options);
}

/**
 * Connects to Auto Scaling in the same way.
 * @throws UserError `SPACECTL_MISSING_INPUT` if no region is known
 */
export async function connectToAutoScaling(options: ConnectionOptions): Promise<AutoScalingConnection> {
  return (await import('./aws/connect-to-auto-scaling.ts')).connectToAutoScaling(options);
}

/** Lists the versions of an image in a community gallery, with the user's own `az`. */
export const listCommunityImageVersions: typeof import('./azure/community-images.ts').listCommunityImageVersions =
  async (...given) => (await import('./azure/community-images.ts')).listCommunityImageVersions(...given);

/** Describes an image by its name, or the newest of a family, with the user's own `gcloud`. */
export const describeGoogleImage: typeof import('./google/images.ts').describeGoogleImage = async (...given) =>
  (await import('./google/images.ts')).describeGoogleImage(...given);
