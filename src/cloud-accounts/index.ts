/** What the user's accounts at AWS, Azure and Google Cloud have. */

export type { AutoScalingGroup, LaunchTemplateSpecification } from './aws/aws-library.ts';
export type { Ec2Connection } from './aws/connect.ts';
export type { AutoScalingConnection } from './aws/connect-to-auto-scaling.ts';
export { allPages } from './aws/pages.ts';
export { AWS_REGIONS } from './aws/regions.ts';
export { awsErrorCode } from './aws/request-error.ts';
export type { CommunityImageVersion } from './azure/community-images.ts';
export { SPACELIFT_AZURE_IMAGE, SPACELIFT_GALLERY } from './azure/spacelift-gallery.ts';
export { awsChoices, azureChoices, googleChoices } from './choices.ts';
export type { GoogleImage } from './google/images.ts';
export { connectToAutoScaling, connectToEc2, describeGoogleImage, listCommunityImageVersions } from './lazy.ts';
