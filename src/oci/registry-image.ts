import { createHttpClient, discard, type HttpClient, isLoopback, readBody } from '../http/index.ts';
import { UserError } from '../step/errors.ts';
import { badImage } from './bad-image.ts';
import { bestFor, imagesOf, noSuchPlatform } from './choose.ts';
import { storedCredentials } from './credentials.ts';
import { checkDigest, digestOf } from './digest.ts';
import type { Image, Layer } from './image.ts';
import { LIMITS } from './limits.ts';
import { type Descriptor, MANIFEST_TYPES, type Manifest, parseManifest } from './manifest.ts';
import type { Platform } from './platform.ts';
import { formatReference, type ImageReference } from './reference.ts';
import { createRepository, type Repository } from './registry.ts';

export interface RegistryOptions {
  readonly platform: Platform;
  /** Talk plain HTTP. If left out: for this machine's own addresses, unless a certificate authority is given. */
  readonly plainHttp?: boolean;
  /** PEM of the authority of the registry's certificate, if it is a private one. */
  readonly certificateAuthority?: string;
  /** If left out: what `docker login` has stored, if anything. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Where `DOCKER_CONFIG`, `HOME` and `SSL_CERT_FILE` are looked up. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly report?: (progress: string) => void;
}

/** See `index.ts`. */
export async function openRegistryImage(reference: ImageReference, options: RegistryOptions): Promise<Image> {
  const { certificateAuthority, environment = process.env } = options;
  const client = createHttpClient({
    certificateAuthority,
    environment,
    authorityAdvice: 'Pass the certificate of its authority with --registry-ca FILE, or name it in SSL_CERT_FILE',
  });
  try {
    return await open(reference, client, options, environment);
  } catch (error) {
    client.close();
    throw error;
  }
}

async function open(
  reference: ImageReference,
  client: HttpClient,
  { platform, signal, report = () => {}, ...options }: RegistryOptions,
  environment: NodeJS.ProcessEnv,
): Promise<Image> {
  const stored = options.credentials ? undefined : await storedCredentials(reference.registry, environment);
  const login = { credentials: options.credentials ?? stored, isStored: stored !== undefined };
  const repository = createRepository(baseOf(reference, options), client, login, report);
  const name = formatReference(reference);
  report(`Asking for ${name}`);
  const found = await resolve(repository, reference, platform, signal);
  return {
    reference: name,
    ...(found.indexDigest && { indexDigest: found.indexDigest }),
    manifestDigest: found.manifestDigest,
    platform: found.platform,
    layers: found.layers.map((layer) => layerOf(layer, repository)),
    close: () => client.close(),
  };
}

function baseOf(
  { registry, repository }: ImageReference,
  { plainHttp, certificateAuthority }: Pick<RegistryOptions, 'plainHttp' | 'certificateAuthority'>,
): string {
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  const isPlain = plainHttp ?? (certificateAuthority === undefined && isLoopback(new URL(`http://${host}`).hostname));
  return `${isPlain ? 'http' : 'https'}://${host}/v2/${repository}`;
}

interface Resolved {
  readonly indexDigest?: string;
  readonly manifestDigest: string;
  readonly platform: Platform;
  readonly layers: readonly Descriptor[];
}

/** Follows indexes down to the manifest of the image for a platform. */
async function resolve(
  repository: Repository,
  reference: ImageReference,
  platform: Platform,
  signal: AbortSignal,
): Promise<Resolved> {
  const name = formatReference(reference);
  let { digest, manifest } = await fetchManifest(repository, reference, name, signal);
  let chosen = platform;
  let indexDigest: string | undefined;
  for (let depth = 0; manifest.kind === 'index'; depth++) {
    if (depth === LIMITS.indexDepth) throw badImage(`${name} is an index of indexes of indexes, too deep to follow`);
    indexDigest ??= digest;
    const images = imagesOf(manifest.manifests);
    const best = bestFor(images, platform);
    if (!best) throw noSuchPlatform(name, images, platform);
    chosen = best.platform ?? chosen;
    ({ digest, manifest } = await fetchManifest(repository, best, name, signal));
  }
  const { layers } = manifest;
  if (layers.length > LIMITS.layers) throw badImage(`${name} has ${layers.length} layers, more than anything can run`);
  return { ...(indexDigest && { indexDigest }), manifestDigest: digest, platform: chosen, layers };
}

/** Reads a manifest, and checks it against the digest it was asked for by, or else the one the registry says it has. */
async function fetchManifest(
  repository: Repository,
  { digest, size, tag }: { digest?: string; size?: number; tag?: string },
  name: string,
  signal: AbortSignal,
): Promise<{ digest: string; manifest: Manifest }> {
  const wanted = digest ?? tag ?? 'latest';
  const response = await repository.get(`manifests/${wanted}`, { accept: MANIFEST_TYPES.join(', ') }, signal);
  if (response.status === 404) {
    discard(response);
    throw new UserError('SPACECTL_BAD_INPUT', `There is no image ${name}${digest ? ` (no manifest ${digest})` : ''}`, {
      suggestions: ['Check the repository and the tag'],
    });
  }
  const bytes = await readBody(response, { limit: LIMITS.manifestBytes }).catch((error: unknown) => {
    const isTooLarge = error instanceof UserError && error.code === 'SPACECTL_BAD_DATA';
    throw isTooLarge ? badImage(`The manifest of ${name} is too large`, { cause: error }) : error;
  });
  const promised = digest ?? response.headers['docker-content-digest'];
  if (typeof promised === 'string') {
    const check = checkDigest(promised, `The manifest of ${name}`, size);
    check.update(bytes);
    check.finish();
  }
  return { digest: typeof promised === 'string' ? promised : digestOf(bytes), manifest: parseManifest(bytes, name) };
}

function layerOf({ digest, size, mediaType }: Descriptor, repository: Repository): Layer {
  return {
    digest,
    size,
    mediaType,
    async open(signal) {
      const response = await repository.get(`blobs/${digest}`, {}, signal);
      if (response.status === 200) return response.body;
      discard(response);
      throw badImage(`The registry does not have the layer ${digest} of its own image`);
    },
  };
}
