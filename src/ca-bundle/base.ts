import os from 'node:os';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { readWhole } from '../files/read.ts';
import type { ImageFile, ImageLocation, OpenImage, OpenOptions, Platform } from '../oci/index.ts';
import { UserError } from '../step/errors.ts';
import type { Planner } from '../step/plan.ts';
import type { Lock } from './lock.ts';

/** Where images keep their trust store, in the order in which they are tried: Go's list (crypto/x509, root_linux.go). */
export const USUAL_PATHS = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
] as const;

/** A trust store to extend, and what the lock file says about where it came from. */
export interface Base {
  readonly bytes: Buffer;
  /** For people: "the image …". */
  readonly origin: string;
  readonly provenance: Pick<Lock, 'source' | 'image' | 'mozilla' | 'file' | 'mountPath' | 'mountPaths'>;
  readonly warnings: readonly string[];
}

/** Where a base is kept: an image, or a bundle file. */
export type BaseLocation =
  | (ImageLocation & {
      /** Whether an engine of this machine may stand in for a registry that cannot be reached. */
      readonly mayUseEngine?: boolean;
    })
  | { readonly kind: 'file'; readonly path: string };

/** The Mozilla roots that Node brings along: no network needed, but not what the runner image has. */
export function mozillaBase(imagePath: string | undefined): Base {
  return {
    bytes: Buffer.from(rootCertificates.map((certificate) => `${certificate.trim()}\n`).join('')),
    origin: `the Mozilla roots of Node ${process.version}`,
    provenance: {
      source: 'mozilla',
      mozilla: { node: process.version },
      mountPath: imagePath ?? USUAL_PATHS[0],
    },
    warnings: [],
  };
}

/** What the inputs of `sourceInputs` give. */
export interface SourceRequest {
  readonly source: string;
  readonly offline: boolean;
  readonly image: BaseLocation | undefined;
  readonly platform: Platform | undefined;
  readonly 'image-path': string | undefined;
  readonly 'all-paths': boolean;
  readonly verify: string;
  readonly 'allow-unverified': boolean;
  readonly 'no-cache': boolean;
  readonly 'registry-ca': string | undefined;
  readonly 'registry-username': string | undefined;
  readonly 'registry-password': string | undefined;
  readonly 'plain-http': boolean;
}

/** Gets the trust store that is to be extended. @throws UserError as `openImage` and reading a file out of an image do */
export async function baseOf(request: SourceRequest, planner: Pick<Planner, 'signal' | 'report'>): Promise<Base> {
  const { image: location, platform, 'image-path': imagePath, offline } = request;
  if (request.source === 'mozilla' || !location || !platform) return mozillaBase(imagePath);
  if (location.kind === 'file') return fileBase(location.path, imagePath);
  if (offline && location.kind === 'registry') {
    throw new UserError('SPACECTL_BAD_INPUT', '--offline and --source registry say opposite things; give one');
  }
  refuseUnverified(request);
  const options = await openOptions(request, platform, planner);
  const { image, warnings } = await open(location, options);
  try {
    return { ...(await imageBase(image, request, options, warnings)) };
  } finally {
    await image.close();
  }
}

/** How an image is reached. */
export async function openOptions(
  request: Pick<
    SourceRequest,
    'registry-ca' | 'registry-username' | 'registry-password' | 'plain-http' | 'verify' | 'no-cache'
  >,
  platform: Platform,
  { signal, report }: Pick<Planner, 'signal' | 'report'>,
): Promise<OpenOptions> {
  const { 'registry-ca': certificateAuthority, 'registry-username': username } = request;
  return {
    platform,
    signal,
    report,
    isFast: request.verify === 'fast',
    ...(!request['no-cache'] && { cache: await layerCache() }),
    // Left out, loopback is spoken to without TLS, and nothing else is.
    ...(request['plain-http'] && { plainHttp: true }),
    ...(certificateAuthority !== undefined && { certificateAuthority }),
    ...(username !== undefined && { credentials: { username, password: request['registry-password'] ?? '' } }),
  };
}

/** Opens an image; where nothing was said and its registry is out of reach, as an engine of this machine has it. */
async function open(
  location: ImageLocation & { readonly mayUseEngine?: boolean },
  options: OpenOptions,
): Promise<{ image: OpenImage; warnings: readonly string[] }> {
  const { openImage } = await import('../oci/index.ts');
  try {
    return { image: await openImage(location, options), warnings: [] };
  } catch (error) {
    const isOutOfReach = error instanceof UserError && error.code === 'SPACECTL_UNREACHABLE';
    if (!isOutOfReach || location.kind !== 'registry' || !location.mayUseEngine) throw error;
    for (const kind of ['docker', 'podman'] as const) {
      const { reference } = location;
      const image = await openImage({ kind, reference }, { ...options, mayPull: false }).catch(() => undefined);
      if (image)
        return { image, warnings: [`${error.message}; taken from ${kind} on this machine, which may be older`] };
    }
    throw error;
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

/** The cache of the user (XDG Base Directory Specification). */
async function layerCache() {
  const { layerCacheIn } = await import('../oci/index.ts');
  const { XDG_CACHE_HOME: folder } = process.env;
  const root = folder && path.isAbsolute(folder) ? folder : path.join(os.homedir(), '.cache');
  return layerCacheIn(path.join(root, 'spacectl', 'layers'));
}

/** The bundle out of an image. */
async function imageBase(
  image: OpenImage,
  { 'image-path': imagePath, 'all-paths': allPaths }: SourceRequest,
  options: OpenOptions,
  warnings: readonly string[],
): Promise<Base> {
  const { formatPlatform } = await import('../oci/index.ts');
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

/** A bundle that is there as a file. */
async function fileBase(file: string, imagePath: string | undefined): Promise<Base> {
  return {
    bytes: await readWhole(file),
    origin: file,
    provenance: { source: 'file', file: { path: file }, mountPath: imagePath ?? USUAL_PATHS[0] },
    warnings: [],
  };
}
