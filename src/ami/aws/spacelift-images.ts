/** A part of AWS with accounts and images of its own. */
type Partition = 'aws' | 'aws-us-gov';

/**
 * The AWS accounts that own Spacelift's machine images (terraform-aws-spacelift-workerpool-on-ec2, ami.tf@e09770e). No
 * account is known for AWS China.
 */
export const SPACELIFT_ACCOUNTS: Readonly<Record<Partition, string>> = {
  aws: '643313122712',
  'aws-us-gov': '092348861888',
};

/** The regions that Spacelift publishes images in (spacelift-worker-image, aws.pkr.hcl and build_scheduled.yml@533e586). */
const REGIONS: ReadonlySet<string> = new Set([
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-southeast-1', 'ap-southeast-2', 'ap-south-1'],
  ...['ca-central-1', 'eu-central-1', 'eu-central-2', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-north-1'],
  ...['sa-east-1', 'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'us-gov-east-1', 'us-gov-west-1'],
]);

/** Returns Spacelift's account in the partition of a region; `undefined` where none is known. */
export function spaceliftAccountIn(region: string): string | undefined {
  if (/^cn-/.test(region)) return undefined;
  return SPACELIFT_ACCOUNTS[region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'];
}

/** Reports whether Spacelift was seen to publish images in a region. It may have added regions since. */
export function isKnownRegion(region: string): boolean {
  return REGIONS.has(region);
}

/** Reports whether Spacelift may own an image. Without an owner (a name alone, a shortened file), its name decides. */
export function isSpacelifts(owner: string | undefined): boolean {
  return owner === undefined || Object.values(SPACELIFT_ACCOUNTS).includes(owner);
}

/**
 * Parses the name of a Spacelift image: `spacelift-<Unix timestamp>-<architecture>`
 * (terraform-aws-spacelift-workerpool-on-ec2, ami.tf@e09770e). `undefined` for any other name.
 */
export function readImageName(name: string): { released: Date; architecture: string } | undefined {
  const [, seconds, architecture] = /^spacelift-(\d{10})-(x86_64|arm64)$/.exec(name) ?? [];
  return seconds && architecture ? { released: new Date(Number(seconds) * 1000), architecture } : undefined;
}
