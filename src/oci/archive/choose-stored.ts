import { UserError } from '../../core/errors.ts';
import { badImage } from '../bad-image.ts';
import { platformNotFound } from '../choose-image.ts';
import { type Platform, rankPlatform } from '../platform.ts';
import { formatReference, parseReference } from '../reference.ts';
import { findByDigest, platformsOf, type StoredImage } from './list-images.ts';
import { blobFile, type Store } from './store.ts';

/** The image that was chosen, and whether its digest was given. */
export interface ChosenImage {
  readonly image: StoredImage;
  readonly isByDigest: boolean;
}

/**
 * Chooses an image by its name: a tag, a reference in full or as Docker shortens it, a digest, or `NAME@DIGEST`. Images with
 * the same name for different platforms are one image; everything else that leaves a choice is an error.
 *
 * @param wanted without it, the archive must have only one image
 * @throws UserError `SPACECTL_NO_IMAGE` if there is none, `SPACECTL_BAD_INPUT` if there are several; both list the images
 */
export async function chooseStored(
  store: Store,
  images: readonly StoredImage[],
  wanted: string | undefined,
  platform: Platform,
): Promise<ChosenImage> {
  if (images.length === 0) throw badImage(`${store.name} has no images`);
  const stored = await withManifest(store, images);
  const { name, digest } = parseWanted(wanted);
  const named = name === undefined ? stored : namedBy(name, stored);
  const chosen = digest === undefined ? named : await findAll(store, named, digest);
  const isByDigest = digest !== undefined;
  const [first] = chosen;
  if (!first) throw notFound(store, stored, wanted ?? '');
  if (new Set(chosen.map((each) => each.digest)).size === 1) return { image: first, isByDigest };
  if (!isOneImage(chosen)) throw severalImages(store, chosen, wanted);
  return { image: await chooseByPlatform(store, chosen, wanted, platform), isByDigest };
}

/** Leaves out what the archive lists but does not have: archives are often partial. The only one is damaged, not missing. */
async function withManifest(store: Store, images: readonly StoredImage[]): Promise<readonly StoredImage[]> {
  const isStored = await Promise.all(
    images.map(
      async ({ content, digest }) => content.kind === 'saved' || (await store.sizeOf(blobFile(digest))) !== undefined,
    ),
  );
  const stored = images.filter((_, index) => isStored[index]);
  return stored.length > 0 ? stored : images;
}

function parseWanted(wanted: string | undefined): { name?: string; digest?: string } {
  const [, name = '', digest] = /^(?:(.*)@)?(sha(?:256|512):[0-9a-f]+)$/.exec(wanted ?? '') ?? ['', wanted];
  return { ...(name && { name }), ...(digest && { digest }) };
}

/** Finds the images of a name, or else those with this tag, in whatever repository they are. */
function namedBy(name: string, images: readonly StoredImage[]): readonly StoredImage[] {
  const named = images.filter((image) => hasName(image, name));
  return named.length > 0
    ? named
    : images.filter(({ fullName, tag }) => [fullName, tag].some((each) => tagIn(each) === name));
}

/** Returns the tag in a reference: `v1` of `runner:v1`. */
function tagIn(reference: string | undefined): string | undefined {
  return /:([\w.-]+)$/.exec(reference ?? '')?.[1];
}

function hasName({ fullName, tag }: StoredImage, wanted: string): boolean {
  if (wanted === fullName || wanted === tag) return true;
  const full = canonical(wanted);
  // skopeo and Podman write full references as short names.
  return [fullName, tag].some((name) => name && /[:/]/.test(name) && canonical(name) === full);
}

/** Spells a reference out, as Docker does with what is given to it. Other names stay as they are. */
function canonical(name: string): string {
  try {
    return formatReference(parseReference(name));
  } catch {
    return name;
  }
}

async function findAll(store: Store, images: readonly StoredImage[], digest: string): Promise<readonly StoredImage[]> {
  const found = await Promise.all(images.map((image) => findByDigest(store, image, digest)));
  return found.filter((image) => image !== undefined);
}

/** Reports whether images have the same names, so that they can only differ in their platform. */
function isOneImage(images: readonly StoredImage[]): boolean {
  const digests = new Map<string, Set<string>>();
  for (const { fullName, tag, digest } of images) {
    const name = fullName === undefined ? (tag ?? '') : canonical(fullName);
    digests.set(name, (digests.get(name) ?? new Set()).add(digest));
  }
  const all = [...digests.values()].map((each) => [...each].sort().join());
  return !digests.has('') && new Set(all).size === 1;
}

async function chooseByPlatform(
  store: Store,
  images: readonly StoredImage[],
  wanted: string | undefined,
  platform: Platform,
): Promise<StoredImage> {
  const distinct = images.filter(({ digest }, index) => images.findIndex((each) => each.digest === digest) === index);
  const platforms = await Promise.all(distinct.map((image) => platformsOf(store, image)));
  const ranks = platforms.map((each) => Math.max(0, ...each.map((one) => rankPlatform(one, platform))));
  const best = Math.max(...ranks);
  if (best === 0) {
    throw platformNotFound(
      store.name,
      platforms.flat().map((each) => ({ platform: each })),
      platform,
    );
  }
  const [chosen, ...others] = distinct.filter((_, index) => ranks[index] === best);
  if (!chosen || others.length > 0) throw severalImages(store, distinct, wanted);
  return chosen;
}

function notFound({ name, path }: Store, images: readonly StoredImage[], wanted: string): UserError {
  const message = `${name} has no image "${wanted}": ${formatImages(images)}`;
  return new UserError('SPACECTL_NO_IMAGE', message, { suggestions: [passOne(path)] });
}

function severalImages({ name, path }: Store, images: readonly StoredImage[], wanted: string | undefined): UserError {
  const what = wanted === undefined ? '' : ` "${wanted}"`;
  const message = `${name} has several images${what}: ${formatImages(images)}`;
  return new UserError('SPACECTL_BAD_INPUT', message, { suggestions: [passOne(path)] });
}

function passOne(path: string): string {
  return `Pass one of them as ${path}:NAME`;
}

/** Lists images so that each can be chosen by its text. */
function formatImages(images: readonly StoredImage[]): string {
  const nameOf = ({ fullName, tag }: StoredImage) => fullName ?? tag;
  const texts = images.map((image) => {
    const name = nameOf(image);
    if (name === undefined) return image.digest;
    const isShared = images.some((other) => nameOf(other) === name && other.digest !== image.digest);
    return isShared ? `${name}@${image.digest}` : name;
  });
  return [...new Set(texts)].join(', ');
}
