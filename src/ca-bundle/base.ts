import { rootCertificates } from 'node:tls';
import type { ImageReference, Platform } from '../oci/index.ts';
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
  readonly provenance: Pick<Lock, 'source' | 'image' | 'mozilla' | 'mountPath'>;
}

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
  };
}

export interface RegistryRequest {
  readonly image: ImageReference;
  readonly platform: Platform;
  readonly imagePath: string | undefined;
  readonly plainHttp: boolean;
  readonly registryCa: string | undefined;
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
}

/** The bundle out of an image in its registry; no container engine takes part. */
export async function registryBase(request: RegistryRequest, { signal, report }: Planner): Promise<Base> {
  const { formatReference, formatPlatform, openRegistryImage, readFirstFile } = await import('../oci/index.ts');
  const reference = formatReference(request.image);
  report(`Asking for ${reference}`);
  const image = await openRegistryImage(request.image, {
    platform: request.platform,
    signal,
    report,
    // Left out, loopback is spoken to without TLS, and nothing else is.
    ...(request.plainHttp && { plainHttp: true }),
    ...(request.registryCa !== undefined && { certificateAuthority: request.registryCa }),
    ...(request.credentials && { credentials: request.credentials }),
  });
  try {
    const paths = request.imagePath === undefined ? USUAL_PATHS : [request.imagePath];
    const { bytes, path, resolvedPath, layer, verifiedLayers } = await readFirstFile(image, paths, { signal, report });
    const { manifestDigest, indexDigest } = image;
    const provenance = {
      reference,
      ...(indexDigest && { indexDigest }),
      manifestDigest,
      platform: formatPlatform(image.platform),
      path,
      resolvedPath,
      layer,
      verifiedLayers,
    };
    return {
      bytes,
      origin: `${path} of ${reference}`,
      provenance: { source: 'registry', image: provenance, mountPath: path },
    };
  } finally {
    await image.close();
  }
}
