import { UserError } from '../../core/errors.ts';
import { badImage } from '../bad-image.ts';
import { parseConfiguration } from '../configuration.ts';
import { checkDigest } from '../digest.ts';
import type { Image } from '../image.ts';
import { LIMITS } from '../limits.ts';
import { formatStored } from '../location.ts';
import { type Descriptor, type Manifest, parseManifest } from '../manifest.ts';
import type { Platform } from '../platform.ts';
import { type FoundManifest, resolveImage } from '../resolve.ts';

/** Files by name, such as `blobs/sha256/…`: the directory of an OCI layout, or an archive of one. */
export interface Store {
  /** For messages. */
  readonly name: string;
  /** Returns the size of a file in bytes; `undefined` if it does not exist. */
  sizeOf(file: string): Promise<number | undefined>;
  /** Reads a small file. @throws UserError `SPACECTL_BAD_IMAGE` where it is missing or too large */
  read(file: string, limit: number): Promise<Buffer>;
  open(file: string, signal: AbortSignal): Promise<AsyncIterable<Buffer>>;
  close(): Promise<void>;
}

/**
 * Opens an image of an OCI layout (image-spec, image-layout.md).
 *
 * @param wanted selects one of several images: by tag, full reference or digest
 * @throws UserError `SPACECTL_NO_IMAGE`, `SPACECTL_BAD_INPUT`, `SPACECTL_BAD_IMAGE`, `SPACECTL_DIGEST_MISMATCH`
 */
export async function openStoredImage(store: Store, wanted: string | undefined, platform: Platform): Promise<Image> {
  const index = parseManifest(await store.read('index.json', LIMITS.manifestBytes), store.name);
  const manifests = chooseByName(store.name, index, wanted);
  const readChecked = async ({ digest, size }: Descriptor, what: string): Promise<Buffer> => {
    const bytes = await store.read(blobFile(digest), LIMITS.manifestBytes);
    const check = checkDigest(digest, `The ${what} of ${store.name}`, size);
    check.update(bytes);
    check.finish();
    return bytes;
  };
  const fetch = async (which: Descriptor): Promise<FoundManifest> => ({
    digest: which.digest,
    manifest: parseManifest(await readChecked(which, 'manifest'), store.name),
  });
  const platformIn = async (config: Descriptor) =>
    parseConfiguration(await readChecked(config, 'configuration'), store.name).platform;
  const [only, ...others] = manifests;
  // The only one is reported as missing, not as one for another platform.
  const isStored = async (which: Descriptor) =>
    (which === only && others.length === 0) || (await store.sizeOf(blobFile(which.digest))) !== undefined;
  const isByDigest = only?.digest === wanted;
  // The layout's own index is not part of the image, and has no digest.
  const first: FoundManifest =
    only && isByDigest ? await fetch(only) : { digest: '', manifest: { kind: 'index', manifests } };
  const found = await resolveImage(store.name, platform, first, fetch, { platformIn, isByDigest, isStored });
  const { layers, config: _, ...rest } = found;
  return {
    reference: formatStored(store.name, wanted),
    ...rest,
    layers: layers.map(({ digest, size, mediaType }) => ({
      digest,
      size,
      mediaType,
      open: (signal) => store.open(blobFile(digest), signal),
    })),
    close: () => store.close(),
  };
}

/** The annotations with an image's name: the specification's tag, and containerd's full reference. */
const NAMES = ['org.opencontainers.image.ref.name', 'io.containerd.image.name'] as const;

/** Chooses the entries with a name. Without a name, all entries must be of one image. */
function chooseByName(store: string, index: Manifest, wanted: string | undefined): readonly Descriptor[] {
  const manifests = index.kind === 'index' ? index.manifests : [];
  if (manifests.length === 0) throw badImage(`${store} has no images`);
  const namesOf = ({ annotations, digest }: Descriptor) => [...NAMES.map((name) => annotations?.[name]), digest];
  const chosen = wanted === undefined ? manifests : manifests.filter((each) => namesOf(each).includes(wanted));
  const distinct = new Set(chosen.map((each) => namesOf(each)[0] ?? namesOf(each)[1]));
  if (chosen.length > 0 && distinct.size === 1) return chosen;
  const names = manifests.map((each) => namesOf(each).find((name) => typeof name === 'string'));
  const problem = wanted === undefined ? 'has several images' : `has no image "${wanted}"`;
  const code = wanted === undefined || chosen.length > 0 ? 'SPACECTL_BAD_INPUT' : 'SPACECTL_NO_IMAGE';
  throw new UserError(code, `${store} ${problem}: ${[...new Set(names)].join(', ')}`, {
    suggestions: [`Pass one of them as ${store}:NAME`],
  });
}

function blobFile(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}
