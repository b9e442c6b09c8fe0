import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { cacheFolder } from '../../files/cache.ts';
import {
  type ImageLocation,
  type ImageReference,
  layerCacheIn,
  type OpenImage,
  type OpenOptions,
  openImage,
  type Platform,
} from '../../oci/index.ts';
import type { Planner } from '../../step/plan.ts';
import { readImageBundle } from './image-bundle.ts';
import type { Access, SourceRequest } from './inputs.ts';
import type { Base } from './store.ts';
import { registryUnreachable } from './unreachable-registry.ts';

/** Builds the options to open an image. @throws UserError `SPACECTL_BAD_INPUT` for an incomplete login or client certificate */
export async function openOptions(
  request: Access,
  platform: Platform,
  { signal, report }: Pick<Planner, 'signal' | 'report'>,
): Promise<OpenOptions> {
  const { 'registry-ca': certificateAuthority } = request;
  const login = bothOf(
    '--registry-username',
    request['registry-username'],
    '--registry-password-file',
    request['registry-password'],
  );
  const client = bothOf(
    '--registry-certificate',
    request['registry-certificate'],
    '--registry-key-file',
    request['registry-key'],
  );
  return {
    platform,
    signal,
    mirrors: request.mirror,
    report,
    isFast: request.verify === 'fast',
    ...(request.cache !== false && { cache: await layerCacheIn(path.join(cacheFolder(), 'layers')) }),
    // By default, only loopback is reached without TLS.
    ...(request['plain-http'] !== undefined && { plainHttp: request['plain-http'] }),
    ...(certificateAuthority !== undefined && { certificateAuthority }),
    ...(client && { clientCertificate: { certificate: client[0], key: client[1] } }),
    ...(login && { credentials: { username: login[0], password: login[1] } }),
  };
}

/** Returns two values that require each other. @throws UserError `SPACECTL_BAD_INPUT` for one alone */
function bothOf(
  oneFlag: string,
  one: string | undefined,
  otherFlag: string,
  other: string | undefined,
): readonly [string, string] | undefined {
  if (one === undefined && other === undefined) return undefined;
  if (one !== undefined && other !== undefined) return [one, other];
  throw new UserError('SPACECTL_BAD_INPUT', `${oneFlag} and ${otherFlag} go together: pass both`);
}

/** Opens an image. Without an explicit source, an engine of this machine is tried if the registry cannot be reached. */
async function open(
  location: ImageLocation & { readonly mayUseEngine?: boolean },
  options: OpenOptions,
): Promise<{ image: OpenImage; warnings: readonly string[] }> {
  const { mayUseEngine = false } = location;
  if (mayUseEngine && 'id' in location) return { image: await openById(location.id ?? '', options), warnings: [] };
  try {
    return { image: await openImage(location, options), warnings: [] };
  } catch (error) {
    const isUnreachable = error instanceof UserError && error.code === 'SPACECTL_UNREACHABLE';
    if (!isUnreachable || location.kind !== 'registry') throw error;
    const { reference } = location;
    const image = mayUseEngine && (await openInAnyEngine({ reference }, options));
    if (!image) throw registryUnreachable(error, reference.registry, options);
    const warning = `${error.message}. Using the image of ${image.source} on this machine, which may be older`;
    return { image, warnings: [warning] };
  }
}

/** Opens an image by its ID. @throws UserError `SPACECTL_NO_IMAGE` */
async function openById(id: string, options: OpenOptions): Promise<OpenImage> {
  const image = await openInAnyEngine({ id }, options);
  if (image) return image;
  const message = `No container engine on this machine has an image with the ID ${id}`;
  throw new UserError('SPACECTL_NO_IMAGE', message, {
    suggestions: ['Pass --source docker or --source podman to see why', 'Pass HOST/REPOSITORY:TAG if it is a name'],
  });
}

/** Opens an image in the first engine that has it, without pulling it. */
async function openInAnyEngine(
  image: { readonly id: string } | { readonly reference: ImageReference },
  options: OpenOptions,
): Promise<OpenImage | undefined> {
  for (const kind of ['docker', 'podman'] as const) {
    const opened = await openImage({ kind, ...image }, { ...options, mayPull: false }).catch((error: unknown) => {
      if (options.signal?.aborted) throw error;
      return undefined;
    });
    if (opened) return opened;
  }
  return undefined;
}

/** Rejects fast reading of an image given by digest: its layers would not be verified. */
function rejectUnverified(request: SourceRequest): void {
  const { image, verify } = request;
  const isPinned = image?.kind === 'registry' && image.reference.digest !== undefined;
  if (verify !== 'fast' || !isPinned || request['allow-unverified']) return;
  const message = '--verify fast does not verify the layers of an image given by digest';
  throw new UserError('SPACECTL_BAD_INPUT', message, {
    suggestions: ['Omit --verify fast, or pass --allow-unverified'],
  });
}

/**
 * Opens an image that is to be examined, or whose bundle is to be read. The caller closes it.
 * @throws UserError as `openImage`; `SPACECTL_BAD_INPUT` for an incomplete login
 */
export async function openBaseImage(
  location: ImageLocation & { readonly mayUseEngine?: boolean },
  platform: Platform,
  access: Access,
  planner: Pick<Planner, 'signal' | 'report'>,
): Promise<{ image: OpenImage; warnings: readonly string[]; options: OpenOptions }> {
  const options = await openOptions(access, platform, planner);
  return { ...(await open(location, options)), options };
}

/**
 * Reads the bundle from an image.
 * @throws UserError as `openImage` and reading a file from an image
 */
export async function imageBase(
  location: ImageLocation & { readonly mayUseEngine?: boolean },
  platform: Platform,
  request: SourceRequest,
  planner: Pick<Planner, 'signal' | 'report'>,
): Promise<Base> {
  rejectUnverified(request);
  const { image, warnings, options } = await openBaseImage(location, platform, request, planner);
  try {
    return await readImageBundle(image, request, options, warnings);
  } finally {
    await image.close();
  }
}
