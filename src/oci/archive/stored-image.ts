import { UserError } from '../../core/errors.ts';
import { badImage } from '../bad-image.ts';
import { checkDigest } from '../digest.ts';
import type { Image } from '../image.ts';
import { LIMITS } from '../limits.ts';
import { formatStored } from '../location.ts';
import { type Descriptor, type Manifest, parseManifest } from '../manifest.ts';
import type { Platform } from '../platform.ts';
import { type FoundManifest, resolveImage } from '../resolve.ts';

/** A store of files by name, `blobs/sha256/…` among them: an OCI layout's folder, or an archive of one. */
export interface Store {
  /** For people. */
  readonly name: string;
  /** Bytes of a file; `undefined` if it is not there. */
  sizeOf(file: string): Promise<number | undefined>;
  /** A whole small file. @throws UserError `SPACECTL_BAD_IMAGE` where it is missing or too large */
  read(file: string, limit: number): Promise<Buffer>;
  open(file: string, signal: AbortSignal): Promise<AsyncIterable<Buffer>>;
  close(): Promise<void>;
}

/**
 * An image of an OCI layout (image-spec, image-layout.md).
 *
 * @param wanted which of several: a tag, a whole reference or a digest
 * @throws UserError `SPACECTL_NO_IMAGE`, `SPACECTL_BAD_INPUT`, `SPACECTL_BAD_IMAGE`, `SPACECTL_DIGEST_MISMATCH`
 */
export async function openStoredImage(store: Store, wanted: string | undefined, platform: Platform): Promise<Image> {
  const index = parseManifest(await store.read('index.json', LIMITS.manifestBytes), store.name);
  const manifests = chooseByName(store.name, index, wanted);
  const fetch = async ({ digest, size }: Descriptor): Promise<FoundManifest> => {
    const bytes = await store.read(blobFile(digest), LIMITS.manifestBytes);
    const check = checkDigest(digest, `The manifest of ${store.name}`, size);
    check.update(bytes);
    check.finish();
    return { digest, manifest: parseManifest(bytes, store.name) };
  };
  const isThere = async ({ digest }: Descriptor) => (await store.sizeOf(blobFile(digest))) !== undefined;
  const [only, ...others] = manifests;
  // The folder's own index has no digest, and is none of the image.
  const first: FoundManifest =
    only && others.length === 0 ? await fetch(only) : { digest: '', manifest: { kind: 'index', manifests } };
  const { layers, config: _, ...found } = await resolveImage(store.name, platform, first, fetch, isThere);
  return {
    reference: formatStored(store.name, wanted),
    ...found,
    layers: layers.map(({ digest, size, mediaType }) => ({
      digest,
      size,
      mediaType,
      open: (signal) => store.open(blobFile(digest), signal),
    })),
    close: () => store.close(),
  };
}

/** Where tools note what an image of a layout is called: the specification's tag, and containerd's whole reference. */
const NAMES = ['org.opencontainers.image.ref.name', 'io.containerd.image.name'] as const;

/** The entries that are meant. Without a name, all entries have to be of one image. */
function chooseByName(store: string, index: Manifest, wanted: string | undefined): readonly Descriptor[] {
  const manifests = index.kind === 'index' ? index.manifests : [];
  if (manifests.length === 0) throw badImage(`${store} has no image`);
  const namesOf = ({ annotations, digest }: Descriptor) => [...NAMES.map((name) => annotations?.[name]), digest];
  const chosen = wanted === undefined ? manifests : manifests.filter((each) => namesOf(each).includes(wanted));
  const distinct = new Set(chosen.map((each) => namesOf(each)[0] ?? namesOf(each)[1]));
  if (chosen.length > 0 && distinct.size === 1) return chosen;
  const names = manifests.map((each) => namesOf(each).find((name) => typeof name === 'string'));
  const problem = wanted === undefined ? 'has several images' : `has no image "${wanted}"`;
  const code = wanted === undefined || chosen.length > 0 ? 'SPACECTL_BAD_INPUT' : 'SPACECTL_NO_IMAGE';
  throw new UserError(code, `${store} ${problem}: ${[...new Set(names)].join(', ')}`, {
    suggestions: [`Name one of them: ${store}:NAME`],
  });
}

function blobFile(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}
