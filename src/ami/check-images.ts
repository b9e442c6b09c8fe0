import type { Ec2Connection } from '../cloud-accounts/index.ts';
import { UserError } from '../core/errors.ts';
import { usesOfGroup } from './aws/group.ts';
import { describeImages, openEc2 } from './aws/images.ts';
import type { LaunchUse } from './aws/launch-source.ts';
import { type Image, lifecycleOf } from './aws/lifecycle.ts';
import { type ImageUses, imagesOf } from './aws/uses.ts';
import { checkCloudImage } from './lines/check-line.ts';
import { readCloudReference } from './lines/reference.ts';
import { AMI_ID } from './references.ts';
import { readDescribedImages } from './saved/described-images.ts';
import { type FoundInState, readTerraformState } from './saved/terraform-state.ts';
import { type Lifecycle, needsAction, type When } from './status.ts';

/** An image, its lifecycle, and what uses it. */
export interface CheckedImage extends Lifecycle {
  readonly id?: string;
  readonly name?: string;
  readonly usedBy: readonly string[];
}

/** The images to check, and where to look them up. */
export interface ImageQuery {
  /** IDs on AWS, names of Spacelift's images on AWS, and references of Azure and Google Cloud. */
  readonly images: readonly string[];
  readonly state?: string | undefined;
  readonly group?: string | undefined;
  readonly file?: string | undefined;
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
  /** Whether no cloud may be asked: then only names and files count. */
  readonly isOffline?: boolean;
}

/** The images that were checked, and whether one of them is not `current`. */
export interface CheckedImages {
  readonly images: readonly CheckedImage[];
  readonly actionNeeded: boolean;
}

const NO_STATE: FoundInState = { images: [], uses: [], references: [], region: undefined };

/**
 * Finds the images and determines the lifecycle of each. The clouds are asked only for what files do not say.
 * @throws UserError `SPACECTL_MISSING_INPUT` without an image to check; as reading the files and asking AWS
 */
export async function checkImages(query: ImageQuery, when: When, signal: AbortSignal): Promise<CheckedImages> {
  const { images, state, group, file, isOffline = false } = query;
  if (images.length === 0 && ![state, group, file].some(Boolean)) {
    throw new UserError(
      'SPACECTL_MISSING_INPUT',
      'Missing IMAGE, --terraform-state, --auto-scaling-group or --images-file',
    );
  }
  const saved = file ? await readDescribedImages(file) : [];
  const found = state ? await readTerraformState(state) : NO_STATE;
  const isWholeFile = file !== undefined && images.length === 0 && !state && !group;
  // A state without instances may still have a data source with an image.
  const listed = isWholeFile ? saved : found.uses.length === 0 ? found.images : [];
  const ids = [...images.filter((each) => AMI_ID.test(each)), ...listed.flatMap(({ id }) => id ?? [])];
  const uses = [...found.uses, ...ids.map((image) => ({ source: { image } }))];
  const onAws = await checkOnAws(
    { ...query, region: query.region ?? found.region },
    uses,
    [...saved, ...found.images],
    {
      when,
      signal,
    },
  );
  const named = images.filter((each) => !AMI_ID.test(each) && !readCloudReference(each));
  const references = [...found.references, ...images.filter(readCloudReference).map((reference) => ({ reference }))];
  const checked = [
    ...onAws,
    ...named.map((name): CheckedImage => ({ name, usedBy: [], ...lifecycleOf({ name }, when) })),
    ...(await checkReferences(references, when, { signal, isOffline })),
  ];
  return { images: checked, actionNeeded: checked.some(needsAction) };
}

/**
 * Determines the lifecycle of images on AWS, which is asked only for what is not known.
 * @param uses what instances start from; what the group uses is added
 */
async function checkOnAws(
  { group, file, isOffline = false, region, endpoint }: ImageQuery,
  uses: readonly LaunchUse[],
  saved: readonly Image[],
  { when, signal }: { when: When; signal: AbortSignal },
): Promise<readonly CheckedImage[]> {
  const options = { region, endpoint, signal };
  const reason = file ? '--images-file' : isOffline ? '--offline' : undefined;
  let ec2: Ec2Connection | undefined;
  const connect = async () => {
    ec2 ??= await openEc2(options);
    return ec2;
  };
  try {
    const ofGroup = group ? await usesOfGroup(group, await connect(), options) : [];
    const used = await imagesOf([...uses, ...ofGroup], reason && !group ? { reason } : { connect }, options);
    const missing = [...used.images.keys()].filter((id) => !saved.some((each) => each.id === id));
    const described = missing.length > 0 && !reason ? await describeImages(await connect(), missing) : [];
    const unseen: Lifecycle = reason
      ? { status: 'unknown', note: file ? 'the file does not describe it' : `AWS was not queried (${reason})` }
      : { status: 'gone', note: `EC2 in ${ec2?.region} does not show it: ${WHY_UNSEEN}` };
    return checkUsed(used, [...saved, ...described], { when, unseen });
  } finally {
    ec2?.close();
  }
}

const WHY_UNSEEN = 'it was removed, is not shared with this account, or is in another region';

function checkUsed(
  { images, problems }: ImageUses,
  known: readonly Image[],
  { when, unseen }: { when: When; unseen: Lifecycle },
): readonly CheckedImage[] {
  const checked = [...images].map(([id, by]): CheckedImage => {
    const image = known.find((each) => each.id === id);
    const name = image?.name ? { name: image.name } : {};
    return { id, ...name, usedBy: [...by], ...(image ? lifecycleOf(image, when) : unseen) };
  });
  const open = problems.map(
    ({ name, by, problem }): CheckedImage => ({ name, usedBy: by, status: 'unknown', note: problem }),
  );
  return [...checked, ...open];
}

/** Determines the lifecycle of images of Azure and Google Cloud, of each once. */
async function checkReferences(
  references: readonly { readonly reference: string; readonly by?: string }[],
  when: When,
  how: { signal: AbortSignal; isOffline: boolean },
): Promise<readonly CheckedImage[]> {
  const users = new Map<string, string[]>();
  for (const { reference, by } of references)
    users.set(reference, [...(users.get(reference) ?? []), ...(by === undefined ? [] : [by])]);
  const checked: CheckedImage[] = [];
  for (const [name, usedBy] of users) checked.push({ name, usedBy, ...(await checkCloudImage(name, when, how)) });
  return checked;
}
