import { UserError } from '../core/errors.ts';
import { type ImagesInEc2, openImages } from './ec2.ts';
import { type Image, type Lifecycle, lifecycleOf, needsAction } from './lifecycle.ts';
import { readDescribedImages, readTerraformState } from './saved.ts';

/** An image, its lifecycle, and what uses it. */
export interface CheckedImage extends Lifecycle {
  readonly id?: string;
  readonly name?: string;
  readonly usedBy: readonly string[];
}

/** The images to check, and where to look them up. */
export interface ImageQuery {
  readonly image: string | undefined;
  readonly state: string | undefined;
  readonly group: string | undefined;
  readonly file: string | undefined;
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
}

/**
 * Finds the images and determines the lifecycle of each. EC2 is asked only for what files do not say.
 * @throws UserError `SPACECTL_MISSING_INPUT` without an image to check; as reading the files and asking EC2
 */
export async function checkImages(
  question: ImageQuery,
  when: { now: Date; warnDays: number },
  signal: AbortSignal,
): Promise<{ images: readonly CheckedImage[]; actionNeeded: boolean }> {
  const { image, state, group, file, region, endpoint } = question;
  if (![image, state, group, file].some(Boolean)) {
    throw new UserError(
      'SPACECTL_MISSING_INPUT',
      'Missing IMAGE, --terraform-state, --auto-scaling-group or --images-file',
    );
  }
  const known: Image[] = file ? [...(await readDescribedImages(file))] : [];
  const users = new Map<string, Set<string>>();
  const use = (id: string, by?: string) => {
    const all = users.get(id) ?? new Set<string>();
    users.set(id, by ? all.add(by) : all);
  };
  if (state) {
    const found = await readTerraformState(state);
    known.push(...found.images);
    for (const { id, by } of found.used) use(id, by);
    // A state without instances may still have a data source with an image.
    if (found.used.length === 0) for (const { id } of found.images) if (id) use(id);
  }
  let ec2: ImagesInEc2 | undefined;
  const connect = async () => {
    ec2 ??= await openImages({ region, endpoint, signal });
    return ec2;
  };
  try {
    if (group) for (const id of await (await connect()).imagesOfGroup(group)) use(id, `auto-scaling group ${group}`);
    if (image?.startsWith('ami-')) use(image);
    const isAll = file !== undefined && !image && !state && !group;
    if (isAll) for (const { id } of known) if (id) use(id);
    const missing = [...users.keys()].filter((id) => !known.some((each) => each.id === id));
    // With a file, EC2 is not asked.
    if (missing.length > 0 && !file) known.push(...(await (await connect()).images(missing)));
  } finally {
    ec2?.close();
  }
  const judged = [...users].map(([id, by]) =>
    checkImage(
      id,
      known.find((each) => each.id === id),
      [...by],
      when,
    ),
  );
  if (image && !image.startsWith('ami-'))
    judged.push({ name: image, usedBy: [], ...lifecycleOf({ name: image }, when) });
  return { images: judged, actionNeeded: judged.some(needsAction) };
}

function checkImage(
  id: string,
  image: Image | undefined,
  usedBy: readonly string[],
  when: { now: Date; warnDays: number },
): CheckedImage {
  if (!image) return { id, usedBy, fate: 'gone' };
  return { id, ...(image.name && { name: image.name }), usedBy, ...lifecycleOf(image, when) };
}
