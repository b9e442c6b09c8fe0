import { allPages, connectToEc2, type Ec2Connection } from '../../cloud-accounts/index.ts';
import { dateFrom } from '../../core/date.ts';
import type { Image } from './lifecycle.ts';

/** Where AWS is asked. Both addresses default to those of the region, which defaults to that of the AWS CLI. */
export interface AwsOptions {
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  readonly signal: AbortSignal;
}

/** Opens a connection to EC2 for questions about images. @throws UserError `SPACECTL_MISSING_INPUT` without a region */
export function openEc2(options: AwsOptions): Promise<Ec2Connection> {
  return connectToEc2({ ...options, suggestions: ['Pass --images-file FILE to check images without AWS credentials'] });
}

/** A filter takes 200 values at most (EC2 User Guide, "List and filter using the CLI and API"). */
const VALUES_IN_FILTER = 200;

/** Describes images by ID, with deprecated and disabled ones. Those that this account may not see are left out. */
export async function describeImages(ec2: Ec2Connection, ids: readonly string[]): Promise<readonly Image[]> {
  const found: Image[] = [];
  for (let from = 0; from < ids.length; from += VALUES_IN_FILTER) {
    // By filter: with IDs, one image that was removed would fail the whole request.
    const Filters = [{ Name: 'image-id', Values: ids.slice(from, from + VALUES_IN_FILTER) }];
    found.push(...(await describe(ec2, { IncludeDeprecated: true, IncludeDisabled: true, Filters })));
  }
  return found;
}

/** Describes the available images of an account and an architecture. Deprecated ones are shown to their owner only. */
export function describeAvailable(ec2: Ec2Connection, owner: string, architecture: string): Promise<readonly Image[]> {
  return describe(ec2, {
    Owners: [owner],
    Filters: [
      { Name: 'name', Values: [`spacelift-*-${architecture}`] },
      { Name: 'state', Values: ['available'] },
    ],
  });
}

async function describe(
  ec2: Ec2Connection,
  input: Parameters<Ec2Connection['describeImages']>[0],
): Promise<readonly Image[]> {
  const found = await allPages(
    (next) => ec2.describeImages({ ...input, ...next }),
    ({ Images }) => Images,
  );
  return found.map((each) => ({
    id: each.ImageId,
    name: each.Name,
    architecture: each.Architecture,
    owner: each.OwnerId,
    state: each.State,
    createdAt: each.CreationDate === undefined ? undefined : dateFrom(each.CreationDate),
    deprecatedAt: each.DeprecationTime === undefined ? undefined : dateFrom(each.DeprecationTime),
    isDescribedNow: true,
  }));
}
