import { connectToEc2, type Ec2Connection } from '../cloud-accounts/index.ts';
import { dateFrom } from '../core/date.ts';
import type { Image } from './lifecycle.ts';

/** What EC2 knows of images and of the instances that run them. */
export interface ImagesInEc2 {
  /** Describes images by ID, with deprecated ones; those that were removed are left out. */
  images(ids: readonly string[]): Promise<readonly Image[]>;
  /** Describes the available images of an account and an architecture. */
  available(owner: string, architecture: string): Promise<readonly Image[]>;
  /** Lists the IDs of the images that the instances of an auto-scaling group run. */
  imagesOfGroup(group: string): Promise<readonly string[]>;
  close(): void;
}

/** Opens a connection to EC2 that asks about images. @throws UserError `SPACECTL_MISSING_INPUT` without a region */
export async function openImages(options: {
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  readonly signal: AbortSignal;
}): Promise<ImagesInEc2> {
  const suggestions = ['Pass --images-file FILE to do without credentials'];
  const ec2 = await connectToEc2({ ...options, suggestions });
  return {
    // By filter: with IDs, one image that was removed would fail the whole request.
    images: (ids) => describe(ec2, { IncludeDeprecated: true, Filters: [{ Name: 'image-id', Values: [...ids] }] }),
    available: (owner, architecture) =>
      describe(ec2, {
        Owners: [owner],
        Filters: [
          { Name: 'name', Values: [`spacelift-*-${architecture}`] },
          { Name: 'state', Values: ['available'] },
        ],
      }),
    imagesOfGroup: (group) => imagesOfGroup(ec2, group),
    close: ec2.close,
  };
}

async function describe(
  ec2: Ec2Connection,
  input: Parameters<Ec2Connection['describeImages']>[0],
): Promise<readonly Image[]> {
  const { Images = [] } = await ec2.describeImages(input);
  return Images.map((each) => ({
    id: each.ImageId,
    name: each.Name,
    architecture: each.Architecture,
    createdAt: each.CreationDate === undefined ? undefined : dateFrom(each.CreationDate),
    deprecatedAt: each.DeprecationTime === undefined ? undefined : dateFrom(each.DeprecationTime),
  }));
}

async function imagesOfGroup(ec2: Ec2Connection, group: string): Promise<readonly string[]> {
  const Filters = [
    { Name: 'tag:aws:autoscaling:groupName', Values: [group] },
    { Name: 'instance-state-name', Values: ['pending', 'running'] },
  ];
  const ids = new Set<string>();
  let next: string | undefined;
  do {
    const { Reservations = [], NextToken } = await ec2.describeInstances({ Filters, ...(next && { NextToken: next }) });
    for (const { ImageId } of Reservations.flatMap(({ Instances = [] }) => Instances)) if (ImageId) ids.add(ImageId);
    next = NextToken;
  } while (next);
  return [...ids];
}
