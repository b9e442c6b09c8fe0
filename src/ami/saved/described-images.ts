import * as v from 'valibot';
import type { Image } from '../aws/lifecycle.ts';
import { SPACELIFT_ACCOUNTS } from '../aws/spacelift-images.ts';
import { dateOf, readDocument, text } from './document.ts';

const described = v.fallback(
  v.object({
    ImageId: text,
    Name: text,
    Architecture: text,
    OwnerId: text,
    State: text,
    CreationDate: text,
    DeprecationTime: text,
  }),
  {},
);
const describeImages = v.object({ Images: v.array(described) });

/** Reads the output of `aws ec2 describe-images`. @throws UserError `SPACECTL_BAD_DATA` */
export async function readDescribedImages(file: string): Promise<readonly Image[]> {
  const { Images } = await readDocument(describeImages, file, 'the output of aws ec2 describe-images', [
    {
      command: `aws ec2 describe-images --owners self ${Object.values(SPACELIFT_ACCOUNTS).join(' ')} --include-deprecated --output json > images.json`,
    },
  ]);
  return Images.map((each) => ({
    id: each.ImageId,
    name: each.Name,
    architecture: each.Architecture,
    owner: each.OwnerId,
    state: each.State,
    createdAt: dateOf(each.CreationDate),
    deprecatedAt: dateOf(each.DeprecationTime),
  }));
}
