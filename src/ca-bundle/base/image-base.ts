import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { cacheFolder } from '../../files/cache.ts';
import {
  formatPlatform,
  type ImageFile,
  type ImageLocation,
  layerCacheIn,
  type OpenImage,
  type OpenOptions,
  openImage,
  type Platform,
} from '../../oci/index.ts';
import type { Planner } from '../../step/plan.ts';
import { USUAL_PATHS } from './defaults.ts';
import type { Access, SourceRequest } from './inputs.ts';
import type { Base } from './store.ts';
import { outOfReach } from './unreachable-registry.ts';

/** How an image is reached. @throws UserError `SPACECTL_BAD_INPUT` for half a login, or half a client certificate */
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
    // Left out, loopback is spoken to without TLS, and nothing else is.
    ...(request['plain-http'] !== undefined && { plainHttp: request['plain-http'] }),
    ...(certificateAuthority !== undefined && { certificateAuthority }),
    ...(client && { clientCertificate: { certificate: client[0], key: client[1] } }),
    ...(login && { credentials: { username: login[0], password: login[1] } }),
  };
}

/** Pairs two values, of which one is of no use without the other. @throws UserError `SPACECTL_BAD_INPUT` for one alone */
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

/** Opens an image; where nothing was said and its registry is out of reach, as an engine of this machine has it. */
async function open(
  location: ImageLocation & { readonly mayUseEngine?: boolean },
  options: OpenOptions,
): Promise<{ image: OpenImage; warnings: readonly string[] }> {
  try {
    return { image: await openImage(location, options), warnings: [] };
  } catch (error) {
    const isOutOfReach = error instanceof UserError && error.code === 'SPACECTL_UNREACHABLE';
    if (!isOutOfReach || location.kind !== 'registry') throw error;
    const { reference, mayUseEngine } = location;
    for (const kind of mayUseEngine ? (['docker', 'podman'] as const) : []) {
      const image = await openImage({ kind, reference }, { ...options, mayPull: false }).catch((other: unknown) => {
        if (options.signal?.aborted) throw other;
        return undefined;
      });
      if (image)
        return { image, warnings: [`${error.message}; taken from ${kind} on this machine, which may be older`] };
    }
    throw outOfReach(error, reference.registry, options);
  }
}

/** An image given by digest is meant to be exactly that; what is not verified might be something else. */
function refuseUnverified(request: SourceRequest): void {
  const { image, verify } = request;
  const isPinned = image?.kind === 'registry' && image.reference.digest !== undefined;
  if (verify !== 'fast' || !isPinned || request['allow-unverified']) return;
  const message = '--verify fast does not verify the layers of an image given by digest';
  throw new UserError('SPACECTL_BAD_INPUT', message, {
    suggestions: ['Leave out --verify fast, or pass --allow-unverified'],
  });
}

/**
 * The bundle out of an image, and what the lock file says about it.
 * @throws UserError as `openImage` and reading a file out of an image do
 */
export async function imageBase(
  location: ImageLocation & { readonly mayUseEngine?: boolean },
  platform: Platform,
  request: SourceRequest,
  planner: Pick<Planner, 'signal' | 'report'>,
): Promise<Base> {
  refuseUnverified(request);
  const options = await openOptions(request, platform, planner);
  const { image, warnings } = await open(location, options);
  try {
    return await bundleOf(image, request, options, warnings);
  } finally {
    await image.close();
  }
}

async function bundleOf(
  image: OpenImage,
  { 'image-path': imagePath, 'all-paths': allPaths }: SourceRequest,
  options: OpenOptions,
  warnings: readonly string[],
): Promise<Base> {
  const usual = imagePath === undefined ? USUAL_PATHS : [imagePath];
  const files = allPaths
    ? await image.readFiles([...new Set([...usual, ...USUAL_PATHS])], options)
    : [await image.readFirstFile(usual, options)];
  const [{ bytes, path: found, resolvedPath, layer, verifiedLayers, unverifiedLayers }] = files as [ImageFile];
  const { reference, indexDigest, manifestDigest, imageId, platform, source } = image;
  const provenance = {
    reference,
    ...(indexDigest && { indexDigest }),
    ...(manifestDigest && { manifestDigest }),
    ...(imageId && { imageId }),
    platform: formatPlatform(platform),
    path: found,
    resolvedPath,
    ...(layer && { layer }),
    verifiedLayers,
    ...(unverifiedLayers.length > 0 && { unverifiedLayers }),
  };
  // A mount over a link covers what it leads to: of several paths that lead to one file, one is enough.
  const distinct = files.filter(
    (each, index) => files.findIndex((other) => other.resolvedPath === each.resolvedPath) === index,
  );
  const others = distinct.filter((each) => !each.bytes.equals(bytes));
  return {
    bytes,
    origin: `${found} of ${reference}`,
    provenance: {
      source,
      image: provenance,
      mountPath: found,
      ...(allPaths && { mountPaths: distinct.map((each) => each.path) }),
    },
    warnings: [
      ...warnings,
      ...others.map(
        (each) =>
          `${each.path} of the image is another bundle than ${found}: the one built from ${found} goes over both`,
      ),
    ],
  };
}
